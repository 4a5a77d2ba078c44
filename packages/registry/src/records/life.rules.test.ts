import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  nextStep,
  stateAt,
  type RecordedLife,
  type Step as Due,
  type Suspension,
} from './life.rules.ts';

const hour = 3_600_000;
const at = (hours: number): Date => new Date(hours * hour);

const submitted: RecordedLife = {
  submittedAt: at(0),
  draftLapsesAt: null,
  noticeDueAt: at(168),
  notifiedAt: null,
  visibleFrom: null,
  expiresAt: at(8760),
  end: null,
  suspensions: [],
  appeal: null,
  recorded: { visible: false, ended: false },
};
const notified: RecordedLife = { ...submitted, notifiedAt: at(10), visibleFrom: at(82) };
/** With these lines in its history. */
const wrote = (life: RecordedLife, ...events: ('visible' | 'ended')[]): RecordedLife => ({
  ...life,
  recorded: { visible: events.includes('visible'), ended: events.includes('ended') },
});
const relief: Suspension = { cause: 'relief', until: null };
const appeal = {
  evidenceDueAt: at(268),
  evidenceLapsesAt: at(436),
  decisionDueAt: at(820),
  undecidedAt: at(1180),
  reliefDueAt: null,
  withdrawsAt: null,
  bound: false,
  keepsUntil: null,
};

describe('the life of a sanction', () => {
  test('no notice in 7 d: withdrawn, no-notice', () => {
    expect(stateAt(submitted, at(167.9)).state).toBe('held');
    expect(stateAt(submitted, at(168))).toEqual({
      state: 'withdrawn',
      ended: { state: 'withdrawn', cause: 'no-notice', at: at(168) },
    });
  });

  test('held until the hold has passed, visible from then on', () => {
    expect(stateAt(notified, at(81.9)).state).toBe('held');
    expect(stateAt(notified, at(82)).state).toBe('visible');
  });

  test('a derived record that nobody confirmed in time is suspended until it is', () => {
    const derived = { ...notified, derivedDueAt: at(400) };
    expect(stateAt(derived, at(399.9)).state).toBe('visible');
    expect(stateAt(derived, at(400)).state).toBe('suspended');
    expect(stateAt(derived, at(800)).state).toBe('suspended');
    expect(nextStep(wrote(derived, 'visible'), at(400))).toEqual({
      event: 'suspended',
      at: at(400),
      cause: 'echo-overdue',
    });
    const confirmed = { ...derived, derivedDueAt: null };
    expect(nextStep(wrote(confirmed, 'visible'), at(900))).toBeUndefined();
  });

  test('what evades another ends when time ends that one', () => {
    const undelivered = { ...notified, appeal: { ...appeal, evidenceLapsesAt: at(500) } };
    const left = { ...notified, leavesAt: at(600) };
    const evading = { ...notified, evaded: [undelivered, left] };
    const end = { cause: 'evaded-ended' };
    expect(stateAt(evading, at(500)).ended).toMatchObject({ ...end, state: 'reversed' });
    const later = { ...notified, evaded: [notified, left] };
    expect(stateAt(later, at(600)).ended).toMatchObject({ ...end, state: 'withdrawn' });
  });

  test('held without a term where an appeal keeps it held', () => {
    expect(stateAt({ ...notified, visibleFrom: null }, at(5000)).state).toBe('held');
  });

  test('suspended while any cause stands, held or visible', () => {
    const suspended: RecordedLife = {
      ...notified,
      suspensions: [relief, { ...relief, cause: 'key-compromised' }],
    };
    expect(stateAt(suspended, at(20)).state).toBe('suspended');
    expect(stateAt(suspended, at(100)).state).toBe('suspended');
  });

  test('what a compromised key submitted since reads as suspended at once', () => {
    const since = (hours: number) =>
      stateAt({ ...notified, compromisedSince: at(hours) }, at(100)).state;
    expect(since(0)).toBe('suspended');
    expect(since(0.1)).toBe('visible');
  });

  test('expired is computed from exp, suspended or not', () => {
    expect(stateAt(notified, at(8760)).state).toBe('expired');
    expect(stateAt({ ...notified, suspensions: [relief] }, at(8760)).state).toBe('expired');
  });

  test('an end that was written stands, whatever would have come after it', () => {
    const end = { kind: 'reversed', cause: 'error', at: at(100) } as const;
    expect(stateAt({ ...notified, end }, at(9000)).ended).toEqual({
      state: 'reversed',
      cause: 'error',
      at: at(100),
    });
  });

  test('a draft lapses, and is never held or visible', () => {
    const draft: RecordedLife = {
      ...submitted,
      submittedAt: null,
      noticeDueAt: null,
      draftLapsesAt: at(168),
    };
    expect(stateAt(draft, at(167)).state).toBe('draft');
    expect(stateAt(draft, at(168)).ended?.cause).toBe('draft-lapsed');
  });

  test('ban evasion ends when the evaded sanction ends', () => {
    const end = { kind: 'reversed', cause: 'error', at: at(200) } as const;
    const evading = { ...notified, evaded: [{ ...notified, end }] };
    expect(stateAt(evading, at(199)).state).toBe('visible');
    expect(stateAt(evading, at(200)).ended).toEqual({
      state: 'reversed',
      cause: 'evaded-ended',
      at: at(200),
    });
  });
});

describe('what time has done and no history shows', () => {
  test('visible, then ended, in order and once', () => {
    const first = nextStep(notified, at(9000));
    expect(first?.event).toBe('visible');
    const second = nextStep(wrote(notified, 'visible'), at(9000));
    expect(second?.event).toBe('ended');
    expect(nextStep(wrote(notified, 'visible', 'ended'), at(9000))).toBeUndefined();
    // One that ended first was never seen.
    expect(nextStep(wrote(notified, 'ended'), at(9000))).toBeUndefined();
  });

  test('relief ends by itself', () => {
    const relieved: RecordedLife = {
      ...notified,
      suspensions: [{ cause: 'relief', until: at(200) }],
    };
    expect(stateAt(relieved, at(199)).state).toBe('suspended');
    expect(stateAt(relieved, at(200)).state).toBe('visible');
    const step = nextStep(wrote(relieved, 'visible'), at(300));
    expect(step).toEqual({ event: 'relief-over', at: at(200) });
  });

  test('a record that ended in its hold was never visible', () => {
    const end = { kind: 'withdrawn', cause: 'error', at: at(50) } as const;
    expect(nextStep({ ...notified, end }, at(9000))).toBeUndefined();
  });

  test('nothing before its time', () => {
    expect(nextStep(notified, at(81))).toBeUndefined();
  });
});

describe('an open appeal', () => {
  const disputed = { ...notified, appeal };
  const stepsUntil = (life: RecordedLife, now: Date): Due[] => {
    const first = nextStep(wrote(life, 'visible'), now);
    if (first?.event !== 'suspended') return first ? [first] : [];
    expect(life.suspensions.map(({ cause }) => cause)).not.toContain(first.cause);
    const suspensions = [...life.suspensions, { cause: first.cause, until: null }];
    return [first, ...stepsUntil({ ...life, suspensions }, now)];
  };

  test('evidence overdue: suspended, then reversed', () => {
    expect(stateAt(disputed, at(267)).state).toBe('visible');
    expect(stateAt(disputed, at(268)).state).toBe('suspended');
    expect(stateAt(disputed, at(436)).ended).toEqual({
      state: 'reversed',
      cause: 'evidence-not-delivered',
      at: at(436),
    });
    expect(stepsUntil(disputed, at(5000)).map(({ event }) => event)).toEqual([
      'suspended',
      'ended',
    ]);
  });

  test('nobody to seal evidence to: nothing is overdue but the decision, and the record ends undecided', () => {
    const unassigned = {
      ...notified,
      appeal: { ...appeal, evidenceDueAt: null, evidenceLapsesAt: null },
    };
    expect(stateAt(unassigned, at(819)).state).toBe('visible');
    expect(stateAt(unassigned, at(820)).state).toBe('suspended');
    expect(stateAt(unassigned, at(1180)).ended).toEqual({
      state: 'undecided',
      cause: 'undecided',
      at: at(1180),
    });
  });

  test('withdrawn before a deadline passes, nothing comes of it', () => {
    const withdrawn = { ...notified, appeal: { ...appeal, withdrawsAt: at(200) } };
    expect(stateAt(withdrawn, at(5000)).state).toBe('visible');
    expect(stepsUntil(withdrawn, at(5000))).toEqual([{ event: 'appeal-withdrawn', at: at(200) }]);
  });

  test('evidence undelivered after the record has ended is a finding', () => {
    const expired = { ...disputed, expiresAt: at(300) };
    expect(stateAt(expired, at(5000)).ended).toEqual({ state: 'expired', at: at(300) });
    expect(nextStep(wrote(expired, 'visible', 'ended'), at(5000))).toEqual({
      event: 'appeal-late',
      as: 'undelivered',
      cause: 'evidence-not-delivered',
      at: at(436),
    });
  });
});

/** A registry whose jobs run every hour and write down each change: what computing must agree with. */
class Model {
  time = 0;
  phase = 'draft';
  readonly causes = new Set<string>();
  lapses = 168;
  noticeDue = Infinity;
  visible = Infinity;
  readonly expires: number;

  constructor(expires: number) {
    this.expires = expires;
  }

  get over(): boolean {
    return ['expired', 'withdrawn', 'reversed'].includes(this.phase);
  }

  get state(): string {
    return this.causes.size > 0 && !this.over && this.phase !== 'draft' ? 'suspended' : this.phase;
  }

  advance(hours: number): void {
    for (let i = 0; i < hours; i++) {
      this.time++;
      if (this.over) continue;
      if (this.time >= this.expires) this.phase = 'expired';
      else if (this.phase === 'draft' && this.time >= this.lapses) this.phase = 'withdrawn';
      else if (this.phase === 'held' && this.time >= this.noticeDue) this.phase = 'withdrawn';
      else if (this.phase === 'held' && this.time >= this.visible) this.phase = 'visible';
    }
  }
}

type Step =
  | ['advance', number]
  | ['confirm' | 'notify' | 'withdraw' | 'evaded' | 'suspend' | 'lift'];

const acts: Record<Exclude<Step[0], 'advance'>, (model: Model) => void> = {
  confirm: (model) => {
    if (model.phase !== 'draft') return;
    model.phase = 'held';
    model.noticeDue = model.time + 168;
  },
  notify: (model) => {
    if (model.phase !== 'held' || model.visible !== Infinity) return;
    model.noticeDue = Infinity;
    model.visible = model.time + 72;
  },
  withdraw: (model) => (model.phase = 'withdrawn'),
  evaded: (model) => (model.phase = 'reversed'),
  suspend: (model) => void (model.phase === 'draft' || model.causes.add('relief')),
  lift: (model) => model.causes.clear(),
};

/** What the store writes, each act refused by the computed state alone, with no job running. */
const writes: Record<
  Exclude<Step[0], 'advance'>,
  (life: RecordedLife, now: Date) => RecordedLife
> = {
  confirm: (life, now) =>
    life.submittedAt ? life : { ...life, submittedAt: now, noticeDueAt: later(now, 168) },
  notify: (life, now) =>
    life.submittedAt && !life.notifiedAt
      ? { ...life, notifiedAt: now, visibleFrom: later(now, 72) }
      : life,
  withdraw: (life, now) => ({ ...life, end: { kind: 'withdrawn', cause: 'error', at: now } }),
  evaded: (life, now) => ({
    ...life,
    evaded: [{ ...life, end: { kind: 'reversed', cause: 'error', at: now } }],
  }),
  suspend: (life) => (life.submittedAt ? { ...life, suspensions: [relief] } : life),
  lift: (life) => ({ ...life, suspensions: [] }),
};

const later = (now: Date, hours: number): Date => new Date(now.getTime() + hours * hour);

test('computed at read time, a state is what jobs on every hour would have written', () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.integer({ min: 1, max: 200 }).map((hours): Step => ['advance', hours]),
    fc.constantFrom<Step>(['confirm'], ['notify'], ['suspend'], ['lift']),
    { arbitrary: fc.constantFrom<Step>(['withdraw'], ['evaded']), weight: 1 },
  );
  const steps = fc.array(step, { maxLength: 20 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 1500 }), (script, expires) => {
      const model = new Model(expires);
      let life: RecordedLife = {
        ...submitted,
        submittedAt: null,
        noticeDueAt: null,
        draftLapsesAt: at(168),
        expiresAt: at(expires),
      };
      for (const each of script) {
        const [name, hours = 0] = each;
        const now = at(model.time);
        if (name === 'advance') model.advance(hours);
        else {
          if (!stateAt(life, now).ended) life = writes[name](life, now);
          if (!model.over) acts[name](model);
        }
        expect(stateAt(life, at(model.time)).state).toBe(model.state);
      }
    }),
    { numRuns: 2000 },
  );
});
