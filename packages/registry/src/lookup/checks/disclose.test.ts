import {
  subjectCommitments,
  subjectsRoot,
  toNumericDate,
  verifySubject,
  type Subject,
} from '@recourse/protocol';
import { describe, expect, test } from 'vitest';
import type { CaseKey } from '../../vault/vault.ts';
import type { Life } from '../../records/life.rules.ts';
import { newMatches, restsOn, toMatch, type Disclosure } from './disclose.ts';
import type { FoundRecord } from './store.ts';

const now = new Date('2026-03-04T12:00:00Z');
const at = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const bytes = (n: number): string => Buffer.alloc(32, n).toString('base64url');

const subjects = [1, 2].map((n): Subject => ({
  index: n,
  epoch: 1,
  kind: 'domain',
  control: 'dns',
  provenAt: toNumericDate(at(-12)),
  salt: bytes(n),
  token: bytes(10 + n),
}));
const commitments = subjectCommitments(subjects, [3, 4, 5, 6, 7, 8].map(bytes));

const living: Life = {
  submittedAt: at(-10),
  draftLapsesAt: null,
  noticeDueAt: null,
  notifiedAt: at(-9),
  visibleFrom: at(-5),
  expiresAt: at(100),
  end: null,
  suspensions: [],
  appeal: null,
};

const record = (over: Partial<FoundRecord> = {}): FoundRecord => ({
  sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0',
  token: 3,
  party: 'plt_a',
  groups: ['a'],
  probationUntil: null,
  reason: 'fraud.scam',
  priorMatch: false,
  reviewFrom: at(-5),
  matchesUntil: at(90),
  ground: null,
  evidenceConfirmedAt: null,
  life: living,
  evaded: [],
  statement: 'the.signed.statement',
  version: 2,
  amendment: null,
  subjectsUpdate: null,
  commitments,
  position: 2,
  epoch: 1,
  kind: 'domain',
  control: 'dns',
  provenAt: at(-12),
  sealed: new Uint8Array(),
  wrapped: new Uint8Array(),
  match: null,
  toldAdvice: null,
  disclosed: false,
  ...over,
});

const caseKey: CaseKey = {
  openJson: () => ({ salt: bytes(2), token: bytes(12) }),
} as unknown as CaseKey;

const disclosing = (over: Partial<FoundRecord> = {}): Disclosure => ({
  record: record(over),
  caseKey,
  corroboration: 'one-other',
  match: 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0',
  advice: 'review',
});

const appeal = {
  evidenceDueAt: at(3),
  evidenceLapsesAt: at(10),
  decisionDueAt: at(20),
  undecidedAt: at(170),
  reliefDueAt: null,
  withdrawsAt: null,
  bound: false,
  keepsUntil: null,
} as const;

describe('a match', () => {
  test('shows the statement, and of its subjects the one that was asked about', () => {
    const match = toMatch(disclosing(), now);
    expect(match).toEqual({
      match: 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0',
      advice: 'review',
      token: 3,
      sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0',
      statement: 'the.signed.statement',
      leaf: { ...subjects[1], token: undefined, path: expect.any(Array) as unknown },
      disputed: false,
      since: '2026-02-27T12:00:00Z',
      version: 2,
      expiresAt: '2026-06-02T12:00:00Z',
      corroboration: 'one-other',
      priorMatch: false,
    });
    expect(match.leaf).toBeDefined();
    verifySubject(match.leaf!, { token: bytes(12), root: subjectsRoot(commitments) });
  });

  test('carries the decision that amended it', () => {
    expect(toMatch(disclosing({ amendment: 'a.decision.jws' }), now).amendment).toBe(
      'a.decision.jws',
    );
    expect(toMatch(disclosing(), now)).not.toHaveProperty('amendment');
  });

  test('ends when the record does, or its subject stops matching', () => {
    expect(toMatch(disclosing({ matchesUntil: at(200) }), now).expiresAt).toBe(
      '2026-06-12T12:00:00Z',
    );
  });

  test('has neither statement, leaf nor amendment while the reason is withheld under an appeal', () => {
    const life = { ...living, appeal };
    const of = { life, ground: 'not-me', amendment: 'a.decision.jws' } as const;
    const match = toMatch(disclosing(of), now);
    expect(match).toMatchObject({ disputed: true, corroboration: 'one-other' });
    for (const told of ['statement', 'leaf', 'amendment']) expect(match).not.toHaveProperty(told);
  });

  test('of what does not answer yet says no date before its end', () => {
    const life = { ...living, visibleFrom: null };
    expect(toMatch(disclosing({ life }), now).since).toBe('2026-06-12T12:00:00Z');
  });
});

describe('what an answer rests on', () => {
  test('is each sanction once, and those that they evade', () => {
    const one = record({ evaded: [{ sanction: 'snc_evaded', version: 7 }] });
    const other = record({ sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t1', version: 5 });
    expect(restsOn([one, { ...one, token: 4 }, other])).toEqual([
      { sanction: one.sanction, version: 2 },
      { sanction: 'snc_evaded', version: 7 },
      { sanction: other.sanction, version: 5 },
    ]);
  });
});

describe('new matches', () => {
  const of = {
    check: { id: 'chk_a', at: at(-1), purpose: 'signup', asked: [], evaluated: 1, checked: [] },
    party: 'plt_asking',
    toldAt: at(1),
    dueAt: at(30),
  } as const;

  test('are one a sanction, whichever tokens met it, and none that this check was told of', () => {
    const told = record({
      sanction: 'snc_told',
      match: 'mat_01hzy3v7q8e9k4m5n6p7r8s9t9',
    } as object);
    const list = [
      disclosing(),
      disclosing({ token: 4 }),
      { ...disclosing(), record: told },
      disclosing({ sanction: 'snc_other' } as object),
    ];
    const first = {
      id: 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0',
      check: 'chk_a',
      party: 'plt_asking',
      sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0',
      version: 2,
      purpose: 'signup',
      advice: 'review',
      toldAt: at(1),
      dueAt: at(30),
      firstDisclosure: true,
    };
    expect(newMatches(list, of)).toEqual([first, { ...first, sanction: 'snc_other' }]);
  });

  test('are no first disclosure to a platform that was told by another check', () => {
    expect(newMatches([disclosing({ disclosed: true })], of)).toMatchObject([
      { firstDisclosure: false },
    ]);
  });
});
