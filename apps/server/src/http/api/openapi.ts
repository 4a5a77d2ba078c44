import { callPayloadSchema, changes, type CaseOperation, type Operation } from '@recourse/protocol';
import { callBody, headers, problemResponses, problemSchema, refusals } from './openapi-parts.ts';
import { publicPaths, publicSchemas } from './public-documents.ts';
import { schemasAt, signedOperations, unsignedOperations, type JsonSchema } from './op-schemas.ts';

const place = '#/components/schemas';
const to = (name: string): JsonSchema => ({ $ref: `${place}/${name}` });

/**
 * `/openapi.json`: every operation as OpenAPI 3.1, from the tables that the router and the SDK are made from, and every
 * public document. Rules that JSON Schema cannot say are in docs/protocol.md, and so is how a call is signed and its
 * receipt verified.
 */
export function openApiDocument(origin: string): JsonSchema {
  const signed = Object.entries(signedOperations);
  const unsigned = Object.entries(unsignedOperations);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Recourse',
      version: '1',
      summary: 'A registry that platforms share: sanctions for abusive conduct, and recourse.',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: origin }],
    security: [],
    paths: Object.fromEntries([
      ...signed.map(([name, op]) => [`/call/${name}`, { post: signedPost(name, op) }]),
      ...unsigned.map(([name, op]) => [`/trpc/${name}`, { post: unsignedPost(name, op) }]),
      ...Object.entries(publicPaths()),
    ]),
    components: {
      schemas: {
        ...schemasAt(place, 'call', callPayloadSchema),
        ...schemasAt(place, 'changes', changes),
        problem: problemSchema(origin),
        ...publicSchemas(),
        ...Object.assign({}, ...[...signed, ...unsigned].map(([name, op]) => bothOf(name, op))),
        ...Object.fromEntries(signed.map(([name]) => [`${name}.call`, payloadOf(name)])),
      },
      headers,
      responses: problemResponses(to('problem')),
    },
  };
}

const description =
  'A signed operation takes one compact JWS (RFC 7515) whose payload holds its input: no generator of clients signs it. ' +
  'The operations of a creator take JSON with a secret in it.';

const bothOf = (name: string, { input, output }: Operation | CaseOperation) => ({
  ...schemasAt(place, `${name}.in`, input),
  ...schemasAt(place, `${name}.result`, output),
});

/** The payload of a call of one operation. */
const payloadOf = (name: string): JsonSchema => ({
  allOf: [
    to('call'),
    { type: 'object', properties: { op: { const: name }, in: to(`${name}.in`) } },
  ],
});

function signedPost(name: string, op: Operation): JsonSchema {
  const { kind, roles, admin, twoHolders } = op;
  return {
    ...about(name, op),
    'x-recourse': { kind, roles, ...(admin && { admin }), ...(twoHolders && { twoHolders }) },
    requestBody: { required: true, content: callBody(to(`${name}.call`)) },
    responses: { 200: answered(to(`${name}.result`)), ...refusals({ isSigned: true }) },
  };
}

function unsignedPost(name: string, op: CaseOperation): JsonSchema {
  const data = { type: 'object', required: ['data'], properties: { data: to(`${name}.result`) } };
  return {
    ...about(name, op),
    'x-recourse': { kind: op.kind },
    requestBody: {
      required: true,
      content: { 'application/json': { schema: to(`${name}.in`) } },
    },
    responses: { 200: answered(data), ...refusals({ isSigned: false }) },
  };
}

const about = (name: string, { summary }: Pick<Operation, 'summary'>): JsonSchema => ({
  operationId: name,
  tags: [name.slice(0, name.indexOf('.'))],
  summary,
});

const answered = (result: JsonSchema): JsonSchema => ({
  description: 'What was asked for, or done.',
  headers: { 'Recourse-Receipt': { $ref: '#/components/headers/Recourse-Receipt' } },
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['result'],
        properties: { result, changes: to('changes') },
      },
    },
  },
});
