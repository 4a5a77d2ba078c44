import { subjectsRoot, toNumericDate, type Subject } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { commitmentsOf } from '../../submissions/submission.rules.ts';
import {
  refuseRetokenisation,
  type HeldSubject,
  type NewTokens,
  type RetokenisationFacts,
} from './retokenisation.rules.ts';

const provenAt = new Date('2026-02-01T12:00:00Z');
const text = (n: number): string => Buffer.alloc(32, n).toString('base64url');
const held = (of: Partial<HeldSubject> = {}): HeldSubject => ({
  position: 0,
  kind: 'email',
  control: 'otp',
  proven_at: provenAt,
  detached_at: null,
  ...of,
});
const token = (of: Partial<Subject> = {}): Subject => ({
  index: 0,
  epoch: 2,
  kind: 'email',
  control: 'otp',
  provenAt: toNumericDate(provenAt),
  salt: text(100),
  token: text(200),
  ...of,
});
/** Tokens as a platform sends them, each commitment opened. */
function given(tokens: readonly Subject[]): NewTokens {
  const padding = Array.from({ length: 8 - tokens.length }, (_, i) => text(i));
  const commitments = commitmentsOf({ tokens: [...tokens], padding })!;
  return { update: { epoch: 2, subjects: subjectsRoot(commitments) }, tokens, commitments };
}
const second = { position: 1, kind: 'domain', control: 'dns' } as const;
const secondToken = token({ index: 1, kind: 'domain', control: 'dns', token: text(201) });
const two = given([token(), secondToken]);
const facts: RetokenisationFacts = {
  epoch: 1,
  subjects: [held(), held(second)],
  live: { records: 1, newest: 2 },
  before: 'fit',
};
const refused = (of: Partial<RetokenisationFacts> = {}, tokens: NewTokens = two) => {
  const problem = refuseRetokenisation(tokens, { ...facts, ...of });
  return problem && [problem.code, problem.issues?.[0]?.path, problem.issues?.[0]?.code];
};
const other = ['invalid-input', 'tokens', 'other-subjects'];

test('the same identifiers under the newest epoch', () => {
  expect(refused()).toBeUndefined();
  expect(refused({}, given([secondToken, token()]))).toBeUndefined();
});

test('tokens are made once, and under the newest epoch', () => {
  expect(refused({ live: { records: 2, newest: 3 } })).toEqual([
    'unknown-epoch',
    'update.epoch',
    'not-newest',
  ]);
  for (const epoch of [2, 3]) {
    expect(refused({ epoch })).toEqual(['state-conflict', 'update.sub', 'retokenised']);
  }
  const mixed = given([token(), { ...secondToken, epoch: 1 }]);
  expect(refused({}, mixed)).toEqual(['invalid-input', 'tokens.1.epoch', 'not-of-the-update']);
  const all = given([token({ epoch: 1 }), secondToken]);
  expect(refused({}, all)?.[1]).toBe('tokens.0.epoch');
});

test('nobody whom a decision took off a record comes back to it', () => {
  const detached = held({ ...second, detached_at: provenAt });
  expect(refused({ subjects: [held(), detached] })).toEqual(other);
  expect(refused({ subjects: [held(), detached] }, given([token()]))).toBeUndefined();
  expect(refused({ subjects: [detached] })).toEqual([
    'state-conflict',
    'update.sub',
    'without-subjects',
  ]);
});

test('the registry opens every commitment: nobody is named to it and another to those who match', () => {
  const { commitments: _, ...unopened } = two;
  expect(refused({}, { ...unopened, commitments: undefined })).toEqual([
    'invalid-input',
    'padding',
    'not-eight-leaves',
  ]);
  const signed = { ...two, update: { ...two.update, subjects: text(9) } };
  expect(refused({}, signed)).toEqual(['invalid-input', 'update.subjects', 'commitment-mismatch']);
});

test.each<[string, readonly Partial<Subject>[]]>([
  ['one fewer', [{}]],
  ['one more', [{}, secondToken, { index: 2, token: text(202) }]],
  ['at another place', [{}, { ...secondToken, index: 2 }]],
  ['of another kind', [{}, { ...secondToken, kind: 'phone' }]],
  ['proven in another way', [{}, { ...secondToken, control: 'otp' }]],
  ['proven at another time', [{}, { ...secondToken, provenAt: 1 }]],
])('nobody is put in the place of another: %s', (_, tokens) => {
  expect(refused({}, given(tokens.map(token)))).toEqual(other);
});

test('one identifier is not two subjects', () => {
  const subjects = [held(), held({ position: 1 })];
  const twice = given([token(), token({ index: 1 })]);
  expect(refused({ subjects }, twice)).toEqual(['invalid-input', 'tokens', 'duplicate-subject']);
  // One text is two identifiers as two kinds.
  expect(refused({}, given([token(), { ...secondToken, token: text(200) }]))).toBeUndefined();
});

test('while the older tokens can be made they are compared, and the one that differs is named', () => {
  expect(refused({ before: 'none' })).toEqual(['invalid-input', 'before', 'required']);
  expect(refused({ before: { other: 1 } })).toEqual(['invalid-input', 'before.1', 'other-subject']);
  const over = { live: { records: 2, newest: 2 } };
  expect(refused({ ...over, before: 'none' })).toBeUndefined();
  expect(refused({ ...over, before: { other: 0 } })?.[1]).toBe('before.0');
});
