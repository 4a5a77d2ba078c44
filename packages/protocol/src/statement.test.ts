import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  appealA,
  bytes32,
  now,
  origin,
  platformA,
  privateKey,
  sanctionA,
} from '../tests/fixtures.ts';
import { openObjects, patternsOf, walkSchema, type SchemaNode } from '../tests/walk-schema.ts';
import { publicPart } from './jwk.ts';
import { matchSchema, checkOps } from './ops/checks.ts';
import { sanctionOps } from './ops/sanctions.ts';
import { b64u32, timestamp } from './schemas.ts';
import {
  appealDecisionSchema,
  claimSchema,
  decisionSchema,
  inspectionDecisionSchema,
} from './appeal.ts';
import {
  flaggerId,
  sanctionStatementSchema,
  subjectsUpdateSchema,
  withdrawalSchema,
  type SanctionStatement,
} from './statement.ts';
import { reasonCodes } from './taxonomy/index.ts';
import { idPrefixes, idSchema } from './typeid.ts';

const statement: SanctionStatement = {
  iss: platformA,
  aud: origin,
  jti: sanctionA,
  iat: now,
  exp: now + 86_400,
  taxonomy: '1',
  reason: 'fraud.scam',
  action: 'account-terminated',
  decided_at: now - 3600,
  incident_from: now - 86_400,
  incident_to: now - 7200,
  subjects: bytes32(1),
  evidence: [{ class: 'payment-records', count: 3, commitment: bytes32(2) }],
  policy: 0,
  decided_by: 'human',
  origin: 'own-detection',
  attest: ['no-authority', 'no-takeover'],
  age: 'adult',
  account: bytes32(3),
};
const accepts = (change: Record<string, unknown>) =>
  sanctionStatementSchema.safeParse({ ...statement, ...change }).success;

/** Strings that are a hash, a time, an id, or the number of a trusted flagger: by the pattern they must match. */
const closedPatterns = new Set(
  [b64u32, timestamp, flaggerId, ...idPrefixes.map((prefix) => idSchema(prefix))].flatMap(
    (schema) => patternsOf({ path: '', schema: schema as unknown as z.core.$ZodTypes }),
  ),
);
const closedTypes = [
  'object',
  'array',
  'union',
  'optional',
  'enum',
  'literal',
  'number',
  'boolean',
];
const isOpen = (node: SchemaNode): boolean => {
  const { type } = node.schema._zod.def;
  if (type !== 'string') return !closedTypes.includes(type);
  return !patternsOf(node).some((pattern) => closedPatterns.has(pattern));
};
const openMembers = (schema: z.core.$ZodType) =>
  [...walkSchema(schema)].filter(isOpen).map(({ path }) => path);

describe("no text of a submitter's choosing reaches another platform", () => {
  test.each<[string, z.ZodType, string[]]>([
    // The audience is no choice: a statement for another audience is not for this registry.
    ['a statement', sanctionStatementSchema, ['.aud']],
    ['an update of its subjects', subjectsUpdateSchema, []],
    ['a withdrawal', withdrawalSchema, ['.aud']],
    ['a decision', appealDecisionSchema, ['.aud']],
    ['a decision of an inspection', inspectionDecisionSchema, ['.aud']],
    // Each of these is one of the artefacts above, which the matcher verifies and parses.
    ['a match', matchSchema, ['.statement', '.subjectsUpdate', '.amendment']],
    ['the state of a sanction that one was told of', sanctionOps['sanctions.status'].output, []],
  ])(
    'every member of %s is an enum, a number, a time, an id or a hash',
    (_, schema, exceptions) => {
      expect(openMembers(schema)).toEqual(exceptions);
    },
  );

  test('an answer to a match adds only padding, which the registry fills', () => {
    const open = openMembers(checkOps['checks.match'].output);
    expect(open.filter((path) => !path.startsWith('.matches[]'))).toEqual(['.pad']);
  });

  test.each<[string, z.ZodType]>([
    ['text', z.string()],
    ['bounded text', z.string().max(20)],
    ['text of a pattern', z.string().regex(/^[a-z ]+$/)],
    ['optional text', z.string().optional()],
    ['text in a list', z.array(z.strictObject({ note: z.string() }))],
    ['text beside an enum', z.union([z.enum(['a']), z.string()])],
    ['names of a record', z.record(z.string(), z.int())],
    ['a web address', z.url()],
    ['anything', z.unknown()],
    ['any JSON', z.json()],
  ])('the walk finds %s', (_, member) => {
    expect(openMembers(sanctionStatementSchema.extend({ member })).length).toBeGreaterThan(1);
  });

  test('objects inside a statement are closed, and so is the statement', () => {
    expect(openObjects(sanctionStatementSchema)).toEqual([]);
    expect(accepts({ note: 'x' })).toBe(false);
    expect(accepts({ evidence: [{ ...statement.evidence[0], note: 'x' }] })).toBe(false);
    expect(accepts({ origin: { 'trusted-flagger': 'tf-0001', note: 'x' } })).toBe(false);
  });
});

describe('a statement', () => {
  test('parses with every member, and in each of its variants', () => {
    expect(sanctionStatementSchema.parse(statement)).toEqual(statement);
    for (const change of [
      { origin: { 'trusted-flagger': 'tf-0001' } },
      { age: 'minor' },
      { attest: [] },
      ...reasonCodes.map((reason) => ({ reason })),
    ]) {
      expect(accepts(change)).toBe(true);
    }
  });

  test.each([
    'speech.disinformation',
    'speech.hate',
    'expression.insult',
    'political.extremism',
    'content.copyright',
    'religion.blasphemy',
    'reputation.low-quality',
    'other',
    'abuse.harassment',
    'abuse',
    'fraud',
    'fraud.',
    'fraud.scam ',
    'Fraud.Scam',
    'fraud.scam/speech',
    '',
    '__proto__',
    'constructor',
  ])('a reason outside the list does not parse: %j', (reason) => {
    expect(accepts({ reason })).toBe(false);
  });

  test('no family of the taxonomy is about speech, and no code names an opinion', () => {
    const families = new Set(reasonCodes.map((code) => code.split('.')[0]));
    expect([...families].toSorted()).toEqual(['abuse', 'fraud', 'identity', 'network', 'security']);
  });

  test('what is refused by name parses, so that it can be: machine, authority-request', () => {
    expect(accepts({ decided_by: 'machine' })).toBe(true);
    expect(accepts({ origin: 'authority-request' })).toBe(true);
  });

  test.each<[string, Record<string, unknown>]>([
    ['reasons in a list', { reason: ['fraud.scam'] }],
    ['no reason', { reason: undefined }],
    ['an action about content', { action: 'post-removed' }],
    ['the taxonomy of another version', { taxonomy: '2' }],
    ['evidence that is none', { evidence: [] }],
    ['17 items of evidence', { evidence: Array.from({ length: 17 }, () => statement.evidence[0]) }],
    ['evidence of a free class', { evidence: [{ class: 'he is bad', commitment: bytes32(1) }] }],
    ['evidence without commitment', { evidence: [{ class: 'payment-records' }] }],
    [
      'a count of none',
      { evidence: [{ class: 'payment-records', count: 0, commitment: bytes32(1) }] },
    ],
    ['a policy of words', { policy: 'Community rules' }],
    ['a policy by address', { policy: 'https://evil.example' }],
    ['an account in clear', { account: 'He sold goods that never came.' }],
    ['subjects in clear', { subjects: [bytes32(1)] }],
    ['a decider of its own', { decided_by: 'algorithm' }],
    ['a flagger by name', { origin: { 'trusted-flagger': 'Ministry' } }],
    ['an attestation of its own', { attest: ['no-authority', 'trust me'] }],
    ['three attestations', { attest: ['no-authority', 'no-authority', 'no-takeover'] }],
    ['a notice that is withheld', { notice: { withheld: 'risk-to-victim' } }],
    ['an issuer that is no platform', { iss: 'operator' }],
    ['an id of another kind', { jti: platformA }],
    ['a time as text', { decided_at: '2026-03-01T12:00:00Z' }],
    ['a time with a fraction', { exp: now + 0.5 }],
  ])('does not parse with %s', (_, change) => {
    expect(accepts(change)).toBe(false);
  });
});

describe('the other artefacts about a sanction', () => {
  const decision = {
    iss: 'panel',
    aud: origin,
    sub: sanctionA,
    appeal: appealA,
    outcome: 'reversed',
    cause: 'error',
    reasons: bytes32(1),
    iat: now,
  };

  test('a decision is the panel alone', () => {
    expect(decisionSchema.safeParse(decision).success).toBe(true);
    for (const change of [
      { iss: platformA },
      { iss: 'operator' },
      { outcome: 'mostly' },
      { cause: 'politics' },
      { reasons: 'because' },
      { reason: 'speech.hate' },
      { x: 1 },
    ]) {
      expect(decisionSchema.safeParse({ ...decision, ...change }).success).toBe(false);
    }
  });

  test('a claim carries a public P-256 key and no other', () => {
    const key = publicPart(privateKey(1, 'ES256'));
    const claim = { iss: 'panel', aud: origin, appeal: appealA, key, iat: now };
    expect(claimSchema.safeParse(claim).success).toBe(true);
    for (const bad of [
      privateKey(1, 'ES256'),
      publicPart(privateKey(1)),
      { ...key, crv: 'P-384' },
    ]) {
      expect(claimSchema.safeParse({ ...claim, key: bad }).success).toBe(false);
    }
  });

  test('a withdrawal is by a platform, for a known cause', () => {
    const withdrawal = { iss: platformA, aud: origin, sub: sanctionA, cause: 'error', iat: now };
    expect(withdrawalSchema.safeParse(withdrawal).success).toBe(true);
    for (const change of [
      { iss: 'panel' },
      { cause: 'changed our mind' },
      { sub: platformA },
      { x: 1 },
      { lifted: { at: now, by: 'our lawyer', complaint: 'A'.repeat(43) } },
    ]) {
      expect(withdrawalSchema.safeParse({ ...withdrawal, ...change }).success).toBe(false);
    }
    const lifted = { at: now, by: 'court', complaint: 'A'.repeat(43) };
    expect(withdrawalSchema.safeParse({ ...withdrawal, lifted }).success).toBe(true);
  });
});
