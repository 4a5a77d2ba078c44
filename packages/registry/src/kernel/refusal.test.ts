import { Problem, problemCodes, type ProblemCode } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { refusal, refusalOf } from './refusal.ts';

test('a refusal is counted by its problem and its first issue', () => {
  expect(refusalOf(refusal('proof-too-weak', 'statement.evidence', 'below-floor'))).toEqual({
    code: 'proof-too-weak',
    detail: 'below-floor',
  });
  expect(refusalOf(new Problem('party-suspended'))).toEqual({
    code: 'party-suspended',
    detail: '',
  });
});

test('every refusal of a submission is counted', () => {
  const codes = Object.keys(problemCodes) as ProblemCode[];
  const counted = codes.filter((code) => refusalOf(new Problem(code)) !== undefined);
  expect(new Set(counted)).toEqual(
    new Set([
      'already-decided',
      'too-few-reviewers',
      'authority-origin-not-accepted',
      'control-not-proven',
      'invalid-input',
      'key-inactive',
      'not-independent',
      'notice-required',
      'overloaded',
      'party-suspended',
      'proof-too-weak',
      'quota-exceeded',
      'reason-not-accepted',
      'retention-too-long',
      'role-not-allowed',
      'unknown-epoch',
    ]),
  );
});

test('a problem without an issue is counted without a detail', () => {
  const problem = new Problem('overloaded', { issues: [] });
  expect(refusalOf(problem)).toEqual({ code: 'overloaded', detail: '' });
});

test('a fault, a conflict and a missing record are no refusals', () => {
  for (const code of ['internal', 'state-conflict', 'not-found', 'audit-unavailable'] as const) {
    expect(refusalOf(new Problem(code))).toBeUndefined();
  }
});
