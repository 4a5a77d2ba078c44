import { Problem } from '@recourse/protocol';
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

test('a fault, a conflict and a missing record are no refusals', () => {
  for (const code of ['internal', 'state-conflict', 'not-found', 'audit-unavailable'] as const) {
    expect(refusalOf(new Problem(code))).toBeUndefined();
  }
});
