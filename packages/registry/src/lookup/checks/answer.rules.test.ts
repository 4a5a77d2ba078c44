import { reasonCodes, reasons } from '@recourse/protocol';
import { describe, expect, test } from 'vitest';
import type { Endings, Life } from '../../records/life.rules.ts';
import {
  answersAt,
  corroborationOf,
  isInForceAt,
  isReasonWithheld,
  reviewsAt,
  selectAnswer,
  type RecordFacts,
} from './answer.rules.ts';

const now = new Date('2026-03-01T12:00:00Z');
const day = 86_400_000;
const at = (days: number): Date => new Date(now.getTime() + days * day);

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
const record = (over: Partial<RecordFacts> = {}): RecordFacts => ({
  sanction: 'snc_a',
  token: 0,
  epoch: 1,
  position: 0,
  party: 'plt_a',
  groups: ['a'],
  probationUntil: at(-300),
  reason: 'fraud.scam',
  priorMatch: false,
  reviewFrom: at(-5),
  matchesUntil: at(90),
  ground: null,
  evidenceConfirmedAt: null,
  life: living,
  ...over,
});
/** With another life. */
const lives = (of: Partial<Life>): RecordFacts => record({ life: { ...living, ...of } });

/** What it evades, which lives. */
const endings: Endings = {
  submittedAt: at(-20),
  draftLapsesAt: null,
  noticeDueAt: null,
  notifiedAt: at(-19),
  expiresAt: at(99),
  end: null,
  appeal: null,
};
const evading = (of: Partial<Endings>): Endings[] => [{ ...endings, ...of }];
const end = { kind: 'withdrawn', cause: 'error', at: at(-30) } as const;

describe('a record answers while it is visible', () => {
  test.each<[string, Partial<Life>, boolean]>([
    ['visible', {}, true],
    ['visible from now', { visibleFrom: now }, true],
    ['held', { visibleFrom: at(0.001) }, false],
    ['without notice', { visibleFrom: null }, false],
    ['a draft', { submittedAt: null }, false],
    ['ended', { end }, false],
    ['suspended', { suspensions: [{ cause: 'order', until: null }] }, false],
    ['expired now', { expiresAt: now }, false],
    ['of a key that counted then', { compromisedSince: at(-9) }, true],
    ['of a key compromised before it was submitted', { compromisedSince: at(-10) }, false],
    ['of one whose records end with its membership', { leavesAt: at(0.001) }, true],
    ['of one whose records ended with it', { leavesAt: now }, false],
    ['whose evaded record ended by leaving', { evaded: evading({ leavesAt: now }) }, false],
    ['with the one it evades', { evaded: evading({}) }, true],
    ['ends with the one it evades', { evaded: evading({ end }) }, false],
    ['lapses with the one it evades', { evaded: evading({ tokensUntil: now }) }, false],
    ['a derived record under review', { derivedDueAt: at(0.001) }, true],
    ['a derived record nobody confirmed', { derivedDueAt: now }, false],
    ['expires with the one it evades', { evaded: evading({ expiresAt: now }) }, false],
  ])('%s', (_, over, answers) => {
    expect(answersAt(lives(over), now)).toBe(answers);
  });

  test('and not once the identifier may be another person’s', () => {
    expect(answersAt(record({ matchesUntil: at(0.001) }), now)).toBe(true);
    expect(answersAt(record({ matchesUntil: now }), now)).toBe(false);
  });

  test('an identifier answers review from its own delivery, and not before its hold is over', () => {
    const reviews = (over: Partial<RecordFacts>) => reviewsAt(record(over), now);
    expect(reviews({ reviewFrom: now })).toBe(true);
    expect(reviews({ reviewFrom: at(0.001) })).toBe(false);
    expect(reviews({ reviewFrom: null })).toBe(false);
    // Beside one that it was delivered to: it answers by the record's first notice, and only `verify-identity`.
    expect(answersAt(record({ reviewFrom: null }), now)).toBe(true);
  });
});

describe('a record is in force', () => {
  test.each<[string, RecordFacts, boolean]>([
    ['while it answers', record(), true],
    ['while its hold lasts', lives({ visibleFrom: at(1) }), true],
    ['not as a draft', lives({ submittedAt: null }), false],
    ['not while it is suspended', lives({ suspensions: [{ cause: 'order', until: null }] }), false],
    ['not once it ended', lives({ end }), false],
    ['not of an identifier that may be another’s', record({ matchesUntil: now }), false],
  ])('%s', (_, one, inForce) => {
    expect(isInForceAt(one, now)).toBe(inForce);
  });
});

describe('elsewhere the record answers as if absent', () => {
  const purposes = [
    'signup',
    'monetisation',
    'payout-change',
    'account-recovery',
    'safety-review',
  ] as const;

  test.each(reasonCodes)('%s', (reason) => {
    for (const purpose of purposes) {
      const shown = selectAnswer([record({ reason })], {
        party: 'plt_x',
        purpose,
        now,
      });
      expect(shown.length).toBe(reasons[reason].askedAt.includes(purpose) ? 1 : 0);
    }
  });

  test('it does not corroborate either', () => {
    const list = [
      record(),
      record({ sanction: 'snc_b', party: 'plt_b', groups: ['b'], reason: 'abuse.stalking' }),
    ];
    const [shown] = selectAnswer(list, {
      party: 'plt_x',
      purpose: 'monetisation',
      now,
    });
    expect(shown?.corroboration).toBe('none');
  });
});

describe('what an answer shows', () => {
  const asking = { party: 'plt_x', purpose: 'signup', now } as const;

  test('no own records, but they are counted', () => {
    const list = [record(), record({ sanction: 'snc_b', party: 'plt_x', groups: ['x'] })];
    const shown = selectAnswer(list, asking);
    expect(shown.map((one) => one.record.sanction)).toEqual(['snc_a']);
    expect(shown[0]?.corroboration).toBe('one-other');
  });

  test('a subject that was asked about under two epochs, under the newer one', () => {
    const [old, renewed] = [record({ token: 0, epoch: 1 }), record({ token: 1, epoch: 2 })];
    const beside = record({ sanction: 'snc_b', position: 1 });
    const shown = selectAnswer([old, renewed, beside], asking).map((one) => one.record);
    expect(shown).toEqual([beside, renewed]);
  });

  test('at most eight of a token, the oldest', () => {
    const list = Array.from({ length: 20 }, (_, n) =>
      record({
        sanction: `snc_${n}`,
        life: { ...living, visibleFrom: at(-1 - n) },
        token: n % 2,
      }),
    );
    const shown = selectAnswer(list, asking).map((one) => one.record);
    expect(shown.map((one) => one.token)).toEqual([...Array(8).fill(0), ...Array(8).fill(1)]);
    expect(shown.slice(0, 2).map((one) => one.sanction)).toEqual(['snc_18', 'snc_16']);
  });
});

describe('the order of an answer', () => {
  const sanctions = (...list: RecordFacts[]): string[] =>
    selectAnswer(list, { party: 'plt_x', purpose: 'signup', now }).map(
      (one) => one.record.sanction,
    );

  test('is by token, the oldest first, and of one instant by id', () => {
    const [a, b] = [record(), record({ sanction: 'snc_b' })];
    expect([sanctions(a, b), sanctions(b, a)]).toEqual([
      ['snc_a', 'snc_b'],
      ['snc_a', 'snc_b'],
    ]);
    const older = record({ ...lives({ visibleFrom: at(-9) }), sanction: 'snc_z' });
    expect([sanctions(a, older, b), sanctions(older, b, a)]).toEqual([
      ['snc_z', 'snc_a', 'snc_b'],
      ['snc_z', 'snc_a', 'snc_b'],
    ]);
    const onThird = record({ ...lives({ visibleFrom: at(-20) }), sanction: 'snc_3', token: 3 });
    const onTenth = record({ ...lives({ visibleFrom: at(-30) }), sanction: 'snc_10', token: 10 });
    expect(sanctions(onTenth, onThird, a)).toEqual(['snc_a', 'snc_3', 'snc_10']);
  });
});

describe('the reason is withheld', () => {
  const appeal = {
    evidenceDueAt: at(3),
    evidenceLapsesAt: at(10),
    decisionDueAt: at(20),
    undecidedAt: at(170),
    reliefDueAt: null,
    withdrawsAt: null,
    bound: false,
    keepsUntil: null,
  };
  const withheld = (of: Partial<RecordFacts>, clocks = {}): boolean =>
    isReasonWithheld(
      { ...lives({ appeal: { ...appeal, ...clocks } }), ground: 'not-me', ...of },
      now,
    );

  test('while an appeal says that it is about another, until evidence is confirmed', () => {
    expect(withheld({})).toBe(true);
    expect(withheld({ evidenceConfirmedAt: at(-1) })).toBe(false);
    expect(withheld({ ground: 'procedure' })).toBe(false);
    expect(withheld({}, { withdrawsAt: now })).toBe(false);
    expect(isReasonWithheld(record(), now)).toBe(false);
  });

  test('unless the code has a person to protect', () => {
    expect(withheld({ reason: 'abuse.stalking' })).toBe(false);
  });
});

describe('corroboration counts other groups with a live own record', () => {
  const since = (submittedAt: Date | null) => ({ life: { ...living, submittedAt } });
  const other = (n: number, over: Partial<RecordFacts> = {}): RecordFacts =>
    record({ sanction: `snc_${n}`, party: `plt_${n}`, groups: [`g${n}`], ...over });

  test.each([
    ['none', []],
    ['one-other', [other(1)]],
    ['several', [other(1), other(2)]],
    ['several', [other(1), other(2), other(3)]],
    ['one-other', [other(1), other(2, { groups: ['g1'] })]],
    ['none', [record({ sanction: 'snc_1', groups: [] })]],
    ['none', [other(1, { groups: ['a'] })]],
    ['none', [other(1, { groups: ['g1', 'a'] })]],
    ['one-other', [other(1), other(2, { groups: ['g2', 'g1'] })]],
    ['one-other', [other(1), other(3), other(2, { groups: ['g1', 'g3'] })]],
    ['several', [other(1), other(3), other(2, { groups: ['g1', 'a'] })]],
    ['none', [other(1, { priorMatch: true }), other(2, { priorMatch: true })]],
    ['none', [other(1, { ...since(at(-2)), probationUntil: at(-1) })]],
    ['one-other', [other(1, { ...since(at(-1)), probationUntil: at(-1) })]],
    ['none', [other(1, since(null))]],
    ['none', [other(1, { probationUntil: null })]],
  ] as const)('%s', (expected, others) => {
    expect(corroborationOf(record(), [record(), ...others])).toBe(expected);
  });

  test('not for a derived record: the others may be what it was copied from', () => {
    const derived = record({ priorMatch: true });
    const live = [derived, other(1), other(2)];
    expect(corroborationOf(derived, live)).toBe('none');
  });
});
