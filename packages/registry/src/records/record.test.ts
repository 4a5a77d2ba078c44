import { describe, expect, test } from 'vitest';
import { appeal, at, row, text } from '../../tests/sanction-row.ts';
import {
  clocksOf,
  isBacklogged,
  lifeOf,
  ownLifeOf,
  recordedLifeOf,
  standingOf,
  visibleFromOf,
} from './record.ts';
import type { EvadedRow, SanctionRow } from './store.ts';

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
      derivedDueAt: null,
      appeal: null,
      leavesAt: null,
      inspection: { evidenceDueAt: null, examineBy: null, overAt: null },
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
    expect(lifeOf(row({ ...disputed, relief_spared: true })).appeal).toEqual({
      ...clocks,
      reliefDueAt: null,
      reliefSparedAt: at(13),
    });
    for (const gone of [{ appeal: null }, { decision_due_at: null }, { undecided_at: null }]) {
      expect(lifeOf(row({ ...disputed, ...gone })).appeal).toBeNull();
    }
  });

  test('from when it answers, and how it stands', () => {
    expect(visibleFromOf(row())).toEqual(at(4));
    expect(visibleFromOf(row({ ...appeal, keeps_until: at(64) }))).toEqual(at(64));
    expect(standingOf(row(), at(4)).state).toBe('visible');
  });

  test('an end has its kind, its cause and its instant, or is none', () => {
    const end = { end_kind: 'reversed', end_cause: 'error', end_at: at(9) } as const;
    for (const gone of [{ end_kind: null }, { end_cause: null }, { end_at: null }]) {
      expect(lifeOf(row({ ...end, ...gone })).end).toBeNull();
    }
  });

  test('an appeal whose ways a decision bound says so', () => {
    expect(lifeOf(row({ ...appeal, bound: true })).appeal?.bound).toBe(true);
  });

  test('it is held while its group has more appeals waiting than the panel decides', () => {
    const held = row({ backlogged: true, backlog_over_at: null });
    const over = row({ backlogged: true, backlog_over_at: at(5) });
    const never = row({ backlogged: false, backlog_over_at: null });
    expect([held, over, never].map(isBacklogged)).toEqual([true, false, false]);
    expect([held, over].map((one) => lifeOf(one).visibleFrom)).toEqual([null, at(4)]);
  });

  test('with what its history says', () => {
    const life = recordedLifeOf(row({ visible_recorded: true, kept_until: at(9) }));
    expect(life).toMatchObject({ recorded: { visible: true, ended: false }, keptUntil: at(9) });
    expect(life).toMatchObject(lifeOf(row()));
  });

  test('the scheduler looks for what its submitter, its epoch and the evaded bring about elsewhere', () => {
    const evaded = [{ expires_at: text(99) } as EvadedRow];
    const of = row({ evaded, left_at: at(10), tokens_until: at(20), visible_recorded: true });
    expect(lifeOf(of)).toMatchObject({ leavesAt: at(40), tokensUntil: at(20) });
    expect(ownLifeOf(of)).toEqual({
      ...recordedLifeOf(of),
      evaded: [],
      leavesAt: null,
      tokensUntil: null,
    });
  });
});
