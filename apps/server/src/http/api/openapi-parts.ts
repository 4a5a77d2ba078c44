import { algs, problemCodes, type ProblemRule } from '@recourse/protocol';
import type { JsonSchema } from './op-schemas.ts';

const rules: readonly [code: string, rule: ProblemRule][] = Object.entries(problemCodes);
const statuses = [...new Set(rules.map(([, { status }]) => status))];

const thumbprint = '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$';

/** The body of a call: its header and payload as JSON Schema 2020-12 describes what a string encodes (section 8.5). */
export const callBody = (payload: JsonSchema): JsonSchema => ({
  'application/jose': {
    schema: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{86}$',
      contentMediaType: 'application/jwt',
      contentSchema: { type: 'array', minItems: 2, prefixItems: [callHeader, payload] },
    },
  },
});

const callHeader: JsonSchema = {
  type: 'object',
  required: ['alg', 'kid', 'typ'],
  properties: {
    alg: { enum: algs },
    kid: { type: 'string', pattern: thumbprint, description: 'RFC 7638 thumbprint of the key' },
    typ: { const: 'recourse-call+jwt' },
  },
  additionalProperties: false,
};

export const headers: JsonSchema = {
  'Recourse-Receipt': {
    description:
      '`<index>.<path>.<group JWS>`: the registry signs what was asked and answered. With every authenticated answer but `replayed-call` and those of 503.',
    schema: { type: 'string', pattern: '^(0|[1-9]\\d{0,8})\\.[A-Za-z0-9_-]*\\..+$' },
  },
  'Retry-After': {
    description: 'Seconds.',
    schema: { type: 'integer', minimum: 1 },
  },
};

/** RFC 9457, with `next`, `issues` and `server_time`. */
export const problemSchema = (origin: string): JsonSchema => ({
  type: 'object',
  required: ['type', 'title', 'status', 'next'],
  properties: {
    type: { enum: rules.map(([code]) => `${origin}/problems/${code}`) },
    title: { type: 'string' },
    status: { enum: statuses },
    next: { type: 'string', description: 'What to do, in one sentence' },
    issues: {
      type: 'array',
      maxItems: 32,
      items: {
        type: 'object',
        required: ['path', 'code'],
        properties: {
          path: { type: 'string' },
          code: { type: 'string' },
          allowed: {
            type: 'array',
            items: { type: 'string' },
            description: 'Every value that the member may have, where that is a closed list',
          },
        },
      },
    },
    server_time: { type: 'string', description: 'With `clock-skew`: RFC 3339 in UTC' },
  },
});

/** One response a status, under the name `problem-<status>`. */
export const problemResponses = (problem: JsonSchema): JsonSchema =>
  Object.fromEntries(
    statuses.map((status) => [
      `problem-${status}`,
      {
        description: rules
          .filter(([, rule]) => rule.status === status)
          .map(([code, { title }]) => `\`${code}\`: ${title}`)
          .join(' '),
        headers: headersOf(status),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );

function headersOf(status: number): JsonSchema {
  const retries = rules.some(([, rule]) => rule.status === status && rule.retryAfter);
  const named = [status === 503 ? '' : 'Recourse-Receipt', retries ? 'Retry-After' : ''];
  return Object.fromEntries(
    named.filter(Boolean).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
}

/** The refusals of an operation; nobody's key is refused where none is asked for. */
export const refusals = ({ isSigned }: { isSigned: boolean }): JsonSchema =>
  Object.fromEntries(
    statuses
      .filter((status) => isSigned || status !== 401)
      .map((status) => [status, { $ref: `#/components/responses/problem-${status}` }]),
  );
