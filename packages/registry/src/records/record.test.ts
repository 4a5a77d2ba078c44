import { describe, expect, test } from 'vitest';
import { clocksOf, derivedReviewOf, lifeOf, standingOf, visibleFromOf } from './record.ts';
import type { EvadedRow, SanctionRow } from './store.ts';
import { recordOf, resultOf } from '../submissions/views.ts';

const at = (days: number): Date => new Date(Date.UTC(2026, 2, 1) + days * 86_400_000);
const text = (days: number): string => at(days).toISOString().replace('.000Z', 'Z');

const none: Partial<SanctionRow> = {
  drafted_at: null,
  draft_lapses_at: null,
  amended_reason: null,
  amended_until: null,
  ref: null,
  end_kind: null,
  end_cause: null,
  end_at: null,
  open_suspensions: [],
  compromised_since: null,
  left_at: null,
  confirmed_at: null,
  appeal: null,
  evidence_due_at: null,
  evidence_lapses_at: null,
  decision_due_at: null,
  undecided_at: null,
  bound: null,
  relief_due_at: null,
  relief_decided_at: null,
  withdraws_at: null,
  keeps_until: null,
  derived_due_at: null,
  derived_ends_at: null,
  evaded: null,
  inspection_evidence_due_at: null,
  inspection_examine_by: null,
  visible_recorded: false,
  end_recorded: false,
};
const row = (of: Partial<SanctionRow> = {}): SanctionRow =>
  ({
    ...none,
    id: 'snc_a',
    version: 3,
    reason: 'fraud.scam',
    statement: 'the.signed.statement',
    submitted_at: at(0),
    notice_due_at: at(7),
    notified_at: at(1),
    visible_from: at(4),
    expires_at: at(300),
    ...of,
  }) as SanctionRow;
const appeal = { appeal: 'apl_a', decision_due_at: at(40), undecided_at: at(55) } as const;

describe('what decides the state of a sanction, from its rows', () => {
  test('is nothing where nothing happened', () => {
    expect(lifeOf(row())).toEqual({
      submittedAt: at(0),
      draftLapsesAt: null,
      noticeDueAt: at(7),
      notifiedAt: at(1),
      visibleFrom: at(4),
      expiresAt: at(300),
      end: null,
      suspensions: [],
      evaded: [],
      compromisedSince: null,
      derivedReview: null,
      appeal: null,
      leavesAt: null,
      inspection: { evidenceDueAt: null, examineBy: null },
    });
  });

  test.each<[string, Partial<SanctionRow>, object]>([
    ['an amended expiry', { amended_until: at(200) }, { expiresAt: at(200) }],
    [
      'an end',
      { end_kind: 'reversed', end_cause: 'error', end_at: at(9) },
      { end: { kind: 'reversed', cause: 'error', at: at(9) } },
    ],
    [
      'what the evaded one ends by',
      {
        evaded: [
          {
            expires_at: text(99),
            end_kind: 'withdrawn',
            end_cause: 'error',
            end_at: text(9),
          } as EvadedRow,
        ],
      },
      {
        evaded: [{ expiresAt: at(99), end: { kind: 'withdrawn', cause: 'error', at: at(9) } }],
      },
    ],
    [
      'suspensions',
      {
        open_suspensions: [
          { cause: 'relief', until: text(9) },
          { cause: 'key-compromised', until: null },
        ],
      },
      {
        suspensions: [
          { cause: 'relief', until: at(9) },
          { cause: 'key-compromised', until: null },
        ],
      },
    ],
    ['a submitter that left', { left_at: at(10) }, { leavesAt: at(40) }],
    [
      'a submitter that left, and a panel that confirmed the record',
      { left_at: at(10), confirmed_at: at(11) },
      { leavesAt: null },
    ],
  ])('has %s', (_, of, life) => {
    expect(lifeOf(row(of))).toMatchObject(life);
  });

  test('an appeal has its clocks, and relief until it is decided', () => {
    const clocks = {
      evidenceDueAt: null,
      evidenceLapsesAt: null,
      decisionDueAt: at(40),
      undecidedAt: at(55),
      reliefDueAt: at(13),
      withdrawsAt: null,
      bound: false,
      keepsUntil: null,
    };
    const disputed = { ...appeal, relief_due_at: at(13) };
    expect(lifeOf(row(disputed)).appeal).toEqual(clocks);
    expect(lifeOf(row({ ...disputed, keeps_until: at(64) })).appeal?.keepsUntil).toEqual(at(64));
    expect(
      clocksOf({
        ...row(disputed),
        decision_due_at: at(40),
        undecided_at: at(55),
        bound: false,
        keeps_until: null,
        relief_decided_at: at(12),
      }),
    ).toEqual({ ...clocks, reliefDueAt: null });
    for (const gone of [{ appeal: null }, { decision_due_at: null }, { undecided_at: null }]) {
      expect(lifeOf(row({ ...disputed, ...gone })).appeal).toBeNull();
    }
  });

  test('a review of a derived record has both its clocks, or is none', () => {
    const review = { derived_due_at: at(14), derived_ends_at: at(30) };
    expect(derivedReviewOf(row(review))).toEqual({ dueAt: at(14), endsAt: at(30) });
    expect(derivedReviewOf(row({ ...review, derived_ends_at: null }))).toBeNull();
    expect(derivedReviewOf(row({ ...review, derived_due_at: null }))).toBeNull();
  });

  test('from when it answers, and how it stands', () => {
    expect(visibleFromOf(row())).toEqual(at(4));
    expect(visibleFromOf(row({ ...appeal, keeps_until: at(64) }))).toEqual(at(64));
    expect(standingOf(row(), at(4)).state).toBe('visible');
  });
});

describe('a sanction as its submitter sees it', () => {
  const shown = (of: Partial<SanctionRow> = {}, days = 5) =>
    recordOf(row(of), { now: at(days), told: 2 });

  test('says where it stands, and of what is not so nothing', () => {
    expect(shown()).toEqual({
      sanction: 'snc_a',
      state: 'visible',
      version: 3,
      disputed: false,
      reason: 'fraud.scam',
      statement: 'the.signed.statement',
      submittedAt: text(0),
      visibleFrom: text(4),
      expiresAt: text(300),
      suspendedFor: [],
      toldPlatforms: 'under-five',
    });
    expect(resultOf(row(), at(5))).toEqual({ sanction: 'snc_a', state: 'visible', version: 3 });
  });

  test('tells until when notice is due, while there is none', () => {
    const waiting = shown({ notified_at: null, visible_from: null });
    expect(waiting).toMatchObject({ state: 'held', noticeDueAt: text(7) });
    expect(waiting).not.toHaveProperty('visibleFrom');
  });

  test('of a draft when it was laid down', () => {
    const draft = { submitted_at: null, drafted_at: at(2), notice_due_at: null, notified_at: null };
    expect(shown(draft)).toMatchObject({ state: 'draft', submittedAt: text(2) });
    expect(shown({ ...draft, drafted_at: null }).submittedAt).toBe(text(5));
  });

  test('as it was amended', () => {
    const amended = shown({
      amended_reason: 'network.bulk-spam',
      amended_until: at(200),
      ref: 'r',
    });
    expect(amended).toMatchObject({ reason: 'network.bulk-spam', expiresAt: text(200), ref: 'r' });
  });

  test('suspended, disputed and under review while it has not ended', () => {
    const open = {
      ...appeal,
      open_suspensions: [{ cause: 'relief' as const, until: null }],
      derived_due_at: at(14),
      derived_ends_at: at(30),
    };
    expect(shown(open)).toMatchObject({
      state: 'suspended',
      disputed: true,
      suspendedFor: ['relief'],
      echoReview: { dueAt: text(14), endsAt: text(30) },
    });
    const end = { end_kind: 'reversed', end_cause: 'error', end_at: at(5) } as const;
    const over = shown({ ...open, ...end });
    expect(over).toMatchObject({ endedAt: text(5), cause: 'error', suspendedFor: [] });
    expect(over).not.toHaveProperty('echoReview');
  });

  test('expired without a cause', () => {
    const expired = shown({}, 301);
    expect(expired).toMatchObject({ state: 'expired', endedAt: text(300) });
    expect(expired).not.toHaveProperty('cause');
  });
});
