import { expect, test } from 'vitest';
import { refuseOwnEvidence, reviewDueAt, type DerivedFacts } from './derived.rules.ts';

const now = new Date('2026-03-04T12:00:00Z');
const seconds = now.getTime() / 1000;
const commitment = (n: number): string => Buffer.alloc(32, n).toString('base64url');

const facts: DerivedFacts = {
  reason: 'fraud.phishing',
  now,
  toldAt: new Date('2026-02-01T00:00:00Z'),
  isCopied: false,
  path: 'confirmations.0',
};

const item = (over: object = {}) => ({
  class: 'captured-artefact' as const,
  commitment: commitment(2),
  collected_at: seconds - 60,
  basis: 'later' as const,
  ...over,
});

const judged = (...evidence: ReturnType<typeof item>[]): string | undefined =>
  refused(evidence)?.code;

const refused = (evidence: ReturnType<typeof item>[], of = facts) => {
  const confirmation = {
    iss: 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0',
    aud: 'https://registry.example',
    sub: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0',
    evidence,
    iat: seconds,
  } as const;
  return refuseOwnEvidence(confirmation, of)?.issues?.[0];
};

test('14 d to confirm; on a day nobody works until noon of the next working day', () => {
  // A Wednesday, whose fourteenth day is one.
  expect(reviewDueAt(now)).toEqual(new Date('2026-03-18T12:00:00Z'));
  expect(reviewDueAt(new Date('2026-03-07T18:00:00Z'))).toEqual(new Date('2026-03-23T12:00:00Z'));
});

test('evidence is own where it was collected before the platform was told, or after', () => {
  expect(judged(item())).toBeUndefined();
  expect(judged(item({ basis: 'independent' }))).toBe('not-as-based');
  const before = seconds - 40 * 86_400;
  expect(judged(item({ collected_at: before }))).toBe('not-as-based');
  expect(judged(item({ collected_at: before, basis: 'independent' }))).toBeUndefined();
  expect(judged(item({ collected_at: seconds + 1 }))).toBe('in-the-future');
  expect(judged(item({ collected_at: seconds }))).toBeUndefined();
  const told = facts.toldAt!.getTime() / 1000;
  expect(judged(item({ collected_at: told, basis: 'independent' }))).toBeUndefined();
  expect(judged(item({ collected_at: told }))).toBe('not-as-based');
});

test('it proves the act by itself, each item once, and none is what another platform committed to', () => {
  expect(judged(item(), item())).toBe('duplicate-commitment');
  expect(refused([item()], { ...facts, isCopied: true })?.code).toBe('of-another-record');
  expect(judged(item({ class: 'platform-logs' }))).toBe('below-floor');
});

test('a refusal says where it is wrong', () => {
  const all = 'confirmations.0.evidence';
  expect(refused([item(), item()])?.path).toBe(all);
  expect(refused([item()], { ...facts, isCopied: true })?.path).toBe(all);
  expect(refused([item({ class: 'platform-logs' })])?.path).toBe(all);
  expect(refused([item(), item({ commitment: commitment(3), basis: 'independent' })])?.path).toBe(
    `${all}.1.collected_at`,
  );
});
