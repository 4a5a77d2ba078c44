import { describe, expect, test } from 'vitest';
import { isAccountAt, provesControl } from './ticket.rules.ts';

describe('a platform vouches for accounts of its own domain', () => {
  test.each([
    ['acct:1@tubely.example', 'tubely.example', true],
    ['acct:1@market.example', 'tubely.example', false],
    // A host below, or one that ends alike, is another.
    ['acct:1@www.tubely.example', 'tubely.example', false],
    ['acct:1@nottubely.example', 'tubely.example', false],
    ['acct:tubely.example@market.example', 'tubely.example', false],
    ['acct:1@tubely.example', undefined, false],
  ])('%s by %s: %s', (account, domain, may) => {
    expect(isAccountAt(account, domain)).toBe(may);
  });
});

describe('a platform vouches for an IBAN that it proved control of in the last 24 hours', () => {
  const now = new Date('2026-03-02T12:00:00Z');
  const ago = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
  const marks = [7, 8];
  test.each([
    ['stated and asked', { proven_at: ago(1), asked: [1, 8] }, true],
    ['a day ago', { proven_at: ago(24), asked: [7] }, true],
    ['longer ago', { proven_at: new Date(ago(24).getTime() - 1), asked: [7] }, false],
    ['asked without a proof', { proven_at: null, asked: [7] }, false],
    ['another one was asked', { proven_at: ago(1), asked: [1, 2] }, false],
    ['forgotten what was asked', { proven_at: ago(1), asked: [] }, false],
    ['nothing was asked', { proven_at: ago(1), asked: null }, false],
  ])('%s', (_, check, proves) => {
    expect(provesControl(check, { marks, now })).toBe(proves);
  });
});
