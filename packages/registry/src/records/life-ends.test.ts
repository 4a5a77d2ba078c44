import { describe, expect, test } from 'vitest';
import {
  isDisputedAt,
  nextInstant,
  nextStep,
  stateAt,
  suspensionsAt,
  isUnexaminedAt,
  type End,
  type RecordedLife,
} from './life.rules.ts';

const at = (hours: number): Date => new Date(hours * 3_600_000);

const visible: RecordedLife = {
  submittedAt: at(0),
  draftLapsesAt: null,
  noticeDueAt: at(168),
  notifiedAt: at(10),
  visibleFrom: at(82),
  expiresAt: at(8760),
  end: null,
  suspensions: [],
  appeal: null,
  recorded: { visible: false, ended: false },
};
const appeal = {
  evidenceDueAt: null,
  evidenceLapsesAt: null,
  decisionDueAt: at(820),
  undecidedAt: at(1180),
  reliefDueAt: null,
  withdrawsAt: null,
  bound: false,
  keepsUntil: null,
} as const;
const life = (of: Partial<RecordedLife>): RecordedLife => ({ ...visible, ...of });
const error: End = { kind: 'reversed', cause: 'error', at: at(100) };
/** With these lines in its history. */
const wrote = (of: Partial<RecordedLife>, ...events: string[]): RecordedLife => {
  const recorded = { visible: events.includes('visible'), ended: events.includes('ended') };
  return life({ ...of, recorded });
};
const step = (of: Partial<RecordedLife>, hours: number, recorded: string[] = ['visible']) =>
  nextStep(wrote(of, ...recorded), at(hours));

describe('what time alone ends', () => {
  test.each<[string, Partial<RecordedLife>, number, string, string | undefined]>([
    ['expiry', {}, 8760, 'expired', undefined],
    ['its submitter left', { leavesAt: at(720) }, 720, 'withdrawn', 'submitter-left'],
    [
      'it got no tokens of the next epoch',
      { tokensUntil: at(500) },
      500,
      'withdrawn',
      'not-retokenised',
    ],
    [
      'the evidence of an inspection was not delivered',
      { inspection: { evidenceDueAt: at(500), examineBy: null, overAt: null } },
      500,
      'reversed',
      'evidence-not-delivered',
    ],
    ['nobody decided about the appeal', { appeal }, 1180, 'undecided', 'undecided'],
    [
      'the evaded one was undelivered',
      { evaded: [{ ...visible, appeal: { ...appeal, evidenceLapsesAt: at(400) } }] },
      400,
      'reversed',
      'evaded-ended',
    ],
    [
      'the evaded one is undecided',
      { evaded: [{ ...visible, appeal: { ...appeal, undecidedAt: at(400) } }] },
      400,
      'undecided',
      'evaded-ended',
    ],
    [
      'the submitter of the evaded one left',
      { evaded: [{ ...visible, leavesAt: at(400) }] },
      400,
      'withdrawn',
      'evaded-ended',
    ],
    [
      'the evaded one got no tokens',
      { evaded: [visible, { ...visible, tokensUntil: at(400) }] },
      400,
      'withdrawn',
      'evaded-ended',
    ],
    [
      'the evaded one expired',
      { evaded: [{ ...visible, expiresAt: at(400) }] },
      400,
      'expired',
      undefined,
    ],
    [
      'the evaded one was withdrawn',
      { evaded: [{ ...visible, end: { kind: 'withdrawn', cause: 'error', at: at(400) } }] },
      400,
      'withdrawn',
      'evaded-ended',
    ],
  ])('%s: from its instant on, and not before', (_, of, ...[hours, state, cause]) => {
    const ended = { state, at: at(hours), ...(cause === undefined ? {} : { cause }) };
    expect(stateAt(life(of), at(hours))).toEqual({ state, ended });
    expect(stateAt(life(of), new Date(at(hours).getTime() - 1)).ended).toBeUndefined();
    const suspensions = [
      { cause: 'echo-overdue', until: null },
      { cause: 'decision-overdue', until: null },
    ] as const;
    expect(step({ ...of, suspensions }, hours)).toEqual({
      event: 'ended',
      at: at(hours),
      ended,
    });
  });

  test('an end that was written counts for a server whose clock is behind', () => {
    const end = { kind: 'withdrawn', cause: 'error', at: at(400) } as const;
    expect(stateAt(life({ end }), at(399)).state).toBe('withdrawn');
  });

  test('the earliest is the end, whatever would have come after it', () => {
    const evaded = [{ ...visible, leavesAt: at(600) }];
    const of = { leavesAt: at(720), appeal, evaded, expiresAt: at(900) };
    expect(stateAt(life(of), at(9000)).ended).toMatchObject({ cause: 'evaded-ended', at: at(600) });
    expect(stateAt(life({ ...of, evaded: [visible] }), at(9000)).ended?.at).toEqual(at(720));
  });

  test('what was notified is not withdrawn for want of notice, nor what is confirmed as a draft', () => {
    expect(stateAt(visible, at(200)).state).toBe('visible');
    expect(stateAt(life({ draftLapsesAt: at(168) }), at(200)).state).toBe('visible');
    const draft = { submittedAt: null, notifiedAt: null, draftLapsesAt: at(300) };
    expect(stateAt(life(draft), at(200)).state).toBe('draft');
    // Nor as one without tokens of the next epoch: it lapses as what it is.
    expect(stateAt(life({ ...draft, tokensUntil: at(100) }), at(200)).state).toBe('draft');
  });
});

describe('suspended for', () => {
  const causes = (of: Partial<RecordedLife>, hours: number) => suspensionsAt(life(of), at(hours));

  test('what its rows say, until it ends', () => {
    const suspensions = [
      { cause: 'relief', until: at(200) },
      { cause: 'key-compromised', until: null },
    ] as const;
    expect(causes({ suspensions }, 199)).toEqual(['relief', 'key-compromised']);
    expect(causes({ suspensions }, 200)).toEqual(['key-compromised']);
  });

  test('a stolen key, from the instant it was stolen, and never as a draft', () => {
    expect(causes({ compromisedSince: at(0) }, 100)).toEqual(['key-compromised']);
    expect(causes({ compromisedSince: at(1) }, 100)).toEqual([]);
    expect(causes({ compromisedSince: null }, 100)).toEqual([]);
    expect(causes({ compromisedSince: at(0), submittedAt: null }, 100)).toEqual([]);
  });

  test('a derived record that nobody confirmed', () => {
    const derivedDueAt = at(300);
    expect([causes({ derivedDueAt }, 299), causes({ derivedDueAt }, 300)]).toEqual([
      [],
      ['echo-overdue'],
    ]);
  });

  test('an inspection that was over ends nothing by the evidence that it waited for', () => {
    const lifted = (hours: number) =>
      step({ inspection: { evidenceDueAt: at(500), examineBy: null, overAt: at(hours) } }, 500);
    expect([lifted(500), lifted(501)?.event]).toEqual([undefined, 'ended']);
  });

  test('none of what nobody examined in time: it answers, with less', () => {
    const inspection = { evidenceDueAt: null, examineBy: at(400), overAt: null };
    const late = (of: Partial<RecordedLife>, hours: number) => isUnexaminedAt(life(of), at(hours));
    expect([late({ inspection }, 399), late({ inspection }, 400)]).toEqual([false, true]);
    expect(late({ inspection: null }, 400)).toBe(false);
    expect(late({ inspection: { ...inspection, examineBy: null, overAt: null } }, 400)).toBe(false);
    expect([causes({ inspection }, 400), step({ inspection }, 400)]).toEqual([[], undefined]);
    const over = { inspection: { ...inspection, overAt: at(500) } };
    expect([late(over, 499), late(over, 500)]).toEqual([true, false]);
    expect(stateAt(life({ inspection }), at(400)).state).toBe('visible');
  });

  test('what an open appeal is overdue with; one that was withdrawn takes its causes with it', () => {
    expect([causes({ appeal }, 819), causes({ appeal }, 820)]).toEqual([[], ['decision-overdue']]);
    const withdrawn = { ...appeal, withdrawsAt: at(900) };
    const suspensions = [
      { cause: 'decision-overdue', until: null },
      { cause: 'evidence-overdue', until: null },
      { cause: 'relief', until: null },
      { cause: 'echo-overdue', until: null },
    ] as const;
    expect(causes({ appeal: withdrawn, suspensions }, 899)).toHaveLength(4);
    expect(causes({ appeal: withdrawn, suspensions }, 900)).toEqual(['echo-overdue']);
    expect(causes({ suspensions }, 900)).toHaveLength(4);
  });
});

describe('disputed', () => {
  const disputed = (of: Partial<RecordedLife>, hours: number) => isDisputedAt(life(of), at(hours));

  test('while an appeal is open, and not once it was withdrawn or late', () => {
    expect(disputed({}, 100)).toBe(false);
    expect(disputed({ appeal }, 100)).toBe(true);
    const withdrawn = { ...appeal, withdrawsAt: at(200) };
    expect([disputed({ appeal: withdrawn }, 199), disputed({ appeal: withdrawn }, 200)]).toEqual([
      true,
      false,
    ]);
    const wrote = { appeal, end: error };
    expect([disputed(wrote, 1179), disputed(wrote, 1180)]).toEqual([true, false]);
  });

  test('beyond an expiry and an end that was written, and not beyond another that time brought', () => {
    expect(disputed({ appeal, expiresAt: at(300) }, 400)).toBe(true);
    expect(disputed({ appeal, end: error }, 400)).toBe(true);
    expect(disputed({ appeal, leavesAt: at(300) }, 400)).toBe(false);
  });
});

describe('what is written down next', () => {
  test('visible at its instant, unless it ended before', () => {
    expect(step({}, 82, [])).toEqual({ event: 'visible', at: at(82) });
    expect(step({ end: { ...error, at: at(81) } }, 100, [])).toBeUndefined();
    expect(step({ end: { ...error, at: at(82) } }, 100, [])).toEqual({
      event: 'visible',
      at: at(82),
    });
    expect(step({ leavesAt: at(50) }, 100, [])).toMatchObject({ event: 'ended', at: at(50) });
  });

  test('never visible while an appeal keeps it held, for 60 d', () => {
    const kept = { ...appeal, keepsUntil: at(1440), undecidedAt: at(4000) };
    expect(step({ appeal: kept }, 1440, [])).toMatchObject({ event: 'suspended' });
    const decided = { ...kept, decisionDueAt: at(3000) };
    expect(step({ appeal: decided }, 1440, [])).toEqual({ event: 'visible', at: at(1440) });
    expect(stateAt(life({ appeal: decided }), at(1440)).state).toBe('visible');
    expect(step({ appeal: kept }, 200, [])).toBeUndefined();
    expect(stateAt(life({ appeal: kept }), at(200)).state).toBe('held');
    expect(stateAt(life({ appeal: { ...kept, withdrawsAt: at(100) } }), at(100)).state).toBe(
      'visible',
    );
  });

  test('nothing while nobody was told of it, also where an appeal kept it held', () => {
    expect(step({ visibleFrom: null }, 5000, [])).toBeUndefined();
    const kept = { ...appeal, keepsUntil: at(50) };
    expect(step({ visibleFrom: null, appeal: kept }, 500, [])).toBeUndefined();
  });

  test('visible when its hold ends, where an appeal keeps it held no longer than that', () => {
    const kept = { ...appeal, keepsUntil: at(50) };
    expect(step({ appeal: kept }, 81, [])).toBeUndefined();
    expect(step({ appeal: kept }, 82, [])).toEqual({ event: 'visible', at: at(82) });
  });

  test('that it was shown, of no record that appeals kept held to its end', () => {
    const shown = { event: 'visible', at: at(82) };
    expect(step({ end: error, keptUntil: at(99) }, 200, [])).toEqual(shown);
    expect(step({ end: error, keptUntil: at(100) }, 200, [])).toBeUndefined();
    expect(step({ end: error, keptUntil: at(101) }, 200, [])).toBeUndefined();
    expect(step({ keptUntil: at(101) }, 200, [])).toEqual(shown);
    const left = { leavesAt: at(100), keptUntil: at(100) };
    expect(step(left, 200, [])).toMatchObject({ event: 'ended', at: at(100) });
  });

  test('from the instant on that wakes the scheduler, and nothing once all is written', () => {
    expect(nextInstant(wrote({}))).toEqual(at(82));
    expect(nextInstant(wrote({}, 'visible'))).toEqual(at(8760));
    expect(nextInstant(wrote({ end: error }, 'visible', 'ended'))).toBeUndefined();
  });

  test('of an ended record no suspension', () => {
    const of = {
      derivedDueAt: at(300),
      suspensions: [{ cause: 'relief', until: at(200) }] as const,
    };
    expect(step({ ...of, end: error }, 400)).toBeUndefined();
    expect(step(of, 400, ['visible', 'ended'])).toBeUndefined();
    expect(step(of, 400)).toEqual({ event: 'relief-over', at: at(200) });
    expect(step({ ...of, suspensions: [] }, 400)).toEqual({
      event: 'suspended',
      at: at(300),
      cause: 'echo-overdue',
    });
  });

  test('the end that was written is not written again, and what comes at one instant in order', () => {
    expect(step({ end: error }, 9000)).toBeUndefined();
    expect(step({ leavesAt: at(300) }, 400, ['visible', 'ended'])).toBeUndefined();
    expect(step({ expiresAt: at(82) }, 82, [])).toMatchObject({ event: 'visible' });
  });

  test('of an appeal on an ended record that nobody decided it', () => {
    expect(step({ appeal, end: error }, 1179)).toBeUndefined();
    expect(step({ appeal, end: error }, 1180)).toEqual({
      event: 'appeal-late',
      as: 'undecided',
      at: at(1180),
      cause: 'undecided',
    });
  });
});
