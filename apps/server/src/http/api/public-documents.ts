import { entrySchema, publicJwkSchema, transparencyReportSchema } from '@recourse/protocol';
import { schemasAt, type JsonSchema } from './op-schemas.ts';

const place = '#/components/schemas';
const to = (name: string): JsonSchema => ({ $ref: `${place}/${name}` });
const text: JsonSchema = { type: 'string' };
const time: JsonSchema = { type: 'string', description: 'RFC 3339 in UTC' };
const number: JsonSchema = { type: 'integer' };
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
/** Members that a later version adds are no error of an older client. */
const object = (properties: Record<string, JsonSchema>, optional: string[] = []): JsonSchema => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});
const mapOf = (values: JsonSchema): JsonSchema => ({
  type: 'object',
  additionalProperties: values,
});
const anything: JsonSchema = { type: 'object' };
const json = (schema: JsonSchema): JsonSchema => ({ 'application/json': { schema } });
const bytes = (type: string): JsonSchema => ({ [type]: {} });

const shapes: Readonly<Record<string, JsonSchema>> = {
  announcement: object({ statement: text, entry: to('entry') }),
  epoch: object(
    { epoch: number, publicKey: text, opensAt: time, closesAt: time, entry: to('entry') },
    ['closesAt'],
  ),
  registry: object({
    origin: text,
    mode: { enum: ['sandbox', 'production'] },
    sandbox: { type: 'boolean' },
    logKey: to('jwk'),
    ledger: object({ origin: text, key: text, policies: listOf(to('entry')) }),
    keys: listOf(to('announcement')),
    epochs: listOf(to('epoch')),
    taxonomy: text,
    flaggers: listOf(anything),
  }),
  'jwk-set': object({
    keys: listOf(object({ kty: text, crv: text, x: text, use: text, kid: text })),
  }),
  party: object({ id: text, name: text, membership: anything }, ['membership']),
  'key-chain': object(
    {
      party: text,
      enrolmentKid: text,
      enrolmentHolder: text,
      keys: listOf(object({ kid: text, statement: text, addedAt: time })),
      reenrolments: listOf(object({ kid: text, holder: text, announced: to('entry') })),
    },
    ['reenrolments'],
  ),
  policies: object({
    taxonomy: text,
    reasons: mapOf(anything),
    evidenceClasses: mapOf(anything),
    actions: listOf(text),
    purposes: listOf(text),
    bounds: mapOf(object({ floor: number, default: number, ceiling: number })),
  }),
  governance: object({
    operator: { type: ['string', 'null'] },
    panelPaidBy: { type: ['string', 'null'] },
    noticeProcessors: { type: ['string', 'null'] },
    witnesses: object({ parties: listOf(text), threshold: number }),
    people: listOf(anything),
    reviewers: listOf(anything),
    parties: listOf(anything),
    acts: listOf(anything),
    votes: listOf(anything),
    orders: listOf(anything),
    demands: listOf(anything),
    attestations: listOf(anything),
  }),
  'problem-rule': object({ type: text, title: text, next: text, status: number }, ['status']),
  status: object({ status: text }),
  readiness: object({ status: text, reasons: listOf(object({ code: text, text })) }),
};

/** Schemas of the public documents, for `/openapi.json`. */
export const publicSchemas = (): Record<string, JsonSchema> => ({
  ...schemasAt(place, 'entry', entrySchema),
  ...schemasAt(place, 'jwk', publicJwkSchema),
  ...schemasAt(place, 'transparency-report', transparencyReportSchema),
  ...shapes,
});

interface PublicDocument {
  readonly id: string;
  readonly summary: string;
  readonly content: JsonSchema;
  /** Body of a 503, if that is no problem document */
  readonly unavailable?: JsonSchema;
  /** Its description */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly refusals?: readonly number[];
}

/** The documents of protocol, section 12, that programs read: unsigned, by GET. */
const documents: Readonly<Record<string, PublicDocument>> = {
  '/.well-known/recourse': {
    id: 'registry',
    summary: 'This registry: origin, mode, log, announced keys, epochs.',
    content: json(to('registry')),
  },
  '/.well-known/jwks.json': {
    id: 'jwks',
    summary: 'Log key, receipt key, event key and set key.',
    content: json(to('jwk-set')),
  },
  '/parties': {
    id: 'parties',
    summary: 'The directory of parties.',
    content: json(object({ parties: listOf(to('party')) })),
  },
  '/parties/{id}/keys': {
    id: 'partyKeys',
    summary: 'The key chain of a party.',
    content: json(to('key-chain')),
    parameters: { id: 'Of the party' },
    refusals: [404],
  },
  '/policies': {
    id: 'policies',
    summary: 'Reasons, evidence classes, actions, purposes and bounds.',
    content: json(to('policies')),
  },
  '/governance.json': {
    id: 'governance',
    summary: 'Who runs the registry, who takes part, and what was done with power over either.',
    content: json(to('governance')),
  },
  '/transparency/report.json': {
    id: 'report',
    summary: 'The report of the day in figures.',
    content: json(to('transparency-report')),
  },
  '/transparency/report.schema.json': {
    id: 'reportSchema',
    summary: 'Its JSON Schema.',
    content: { 'application/schema+json': { schema: anything } },
  },
  '/schemas/{op}.json': {
    id: 'schema',
    summary: 'Input and result of one operation as JSON Schema 2020-12.',
    content: { 'application/schema+json': { schema: anything } },
    parameters: { op: 'Name of the operation' },
    refusals: [404],
  },
  '/problems/{code}': {
    id: 'problem',
    summary: 'What a refusal means and what to do next.',
    content: json(to('problem-rule')),
    parameters: { code: 'Of the problem' },
    refusals: [404],
  },
  '/prefixes/{sha256}': {
    id: 'prefixes',
    summary: 'A snapshot of a prefix set.',
    content: bytes('application/octet-stream'),
    parameters: { sha256: 'Of its bytes, base64url' },
    refusals: [404],
  },
  '/ledger/checkpoint': {
    id: 'checkpoint',
    summary: 'The newest checkpoint of the log, with its cosignatures: C2SP tlog-checkpoint.',
    content: { 'text/plain': { schema: text } },
    refusals: [404],
  },
  '/ledger/tile/{level}/{index}': {
    id: 'tile',
    summary: 'A tile of the log, or a bundle of entries: C2SP tlog-tiles.',
    content: bytes('application/octet-stream'),
    parameters: {
      level: 'Of the tile, or `entries`',
      index: 'As tlog-tiles spells it: its slashes stay',
    },
    refusals: [404],
  },
  '/ledger/proof/{leaf}': {
    id: 'proof',
    summary: 'The inclusion proof of a leaf: C2SP tlog-proof.',
    content: { 'text/plain': { schema: text } },
    parameters: { leaf: 'Hash of the leaf, base64url' },
    refusals: [404],
  },
  '/healthz': { id: 'health', summary: 'The process answers.', content: json(to('status')) },
  '/readyz': {
    id: 'readiness',
    summary: 'Whether this server should get calls, or why not (503).',
    content: json(to('readiness')),
    unavailable: json(to('readiness')),
  },
};

/** Their paths in `/openapi.json`. */
export const publicPaths = (): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(documents).map(([path, one]) => [path, { get: getOf(one) }]));

const getOf = ({
  id,
  summary,
  content,
  unavailable,
  parameters = {},
  refusals = [],
}: PublicDocument) => ({
  operationId: `documents.${id}`,
  tags: ['documents'],
  summary,
  parameters: Object.entries(parameters).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: text,
  })),
  responses: {
    200: { description: 'The document.', content },
    ...Object.fromEntries(
      [...refusals, 429, 503].map((status) => [
        status,
        { $ref: `#/components/responses/problem-${status}` },
      ]),
    ),
    ...(unavailable ? { 503: { description: 'Not now.', content: unavailable } } : {}),
  },
});
