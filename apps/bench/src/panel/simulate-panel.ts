import {
  addDays,
  backlogDays,
  decisionDeadlines,
  defaultDeadlines,
  drawOne,
  evidenceDueAt,
  isBehind,
  lateOf,
  mayBeAssigned,
  mostTogether,
  overdueCauses,
  reviewerDays,
  turnsOf,
  untilLapse,
  withQuestion,
} from '@recourse/protocol/review';
import {
  assignmentsOf,
  dayMs,
  daysOf,
  newAppeal,
  owes,
  waitsForReviewer,
  type SimulatedAppeal,
} from './simulated-appeal.ts';

/** Appeals on the records of one group of platforms. */
export interface Arrivals {
  readonly group: string;
  readonly appeals: number;
  /** They come evenly over so many days; 0: all at once */
  readonly overDays: number;
  /** Assignments that its people answer with evidence in a day of work: one delivery serves a batch */
  readonly deliveriesPerDay: number;
  /** How many of 100 appeals rest on one evidence; 0 when absent */
  readonly together?: number | undefined;
}

/** A decision in a batch takes so much of one by itself: the evidence was read already. */
const furtherDecision = 0.25;

/** The panel and the appeals of a simulation. */
export interface PanelSetting {
  readonly reviewers: number;
  /** Decisions of one reviewer in a working day */
  readonly decisionsPerDay: number;
  readonly days: number;
  readonly arrivals: readonly Arrivals[];
  /** Days until a creator answers a question of the reviewer */
  readonly answerDays: number;
  readonly seed: number;
}

/** The results of the appeals on the records of one group. */
export interface GroupResult {
  readonly group: string;
  readonly appeals: number;
  readonly decided: number;
  /** Reversed by the submitter's lateness */
  readonly undelivered: number;
  /** Ended by the panel's */
  readonly undecided: number;
  readonly open: number;
  /** Records that were suspended by a late decision, whatever came of them */
  readonly suspended: number;
  /** Days from opening to decision, of those decided, in order */
  readonly days: readonly number[];
  /** Days on which its new records were held */
  readonly heldDays: number;
}

/** A Monday */
const start = new Date('2026-01-05T12:00:00Z');

/**
 * A panel by its own rules under a virtual clock: turns of groups, the draw among ten, limits of assignments, evidence due
 * from the assignment, lateness, backlog, batches. People work on working days; a decision is a decision, whatever it says.
 */
export function simulatePanel(setting: PanelSetting): GroupResult[] {
  const panel = new Panel(setting);
  for (let day = 0; day < setting.days; day++) panel.live(addDays(start, day));
  return panel.results();
}

class Panel {
  readonly #setting: PanelSetting;
  readonly #place: (below: number) => number;
  readonly #appeals: SimulatedAppeal[] = [];
  readonly #open = new Set<SimulatedAppeal>();
  readonly #assigned = new Set<SimulatedAppeal>();
  /** Appeals by group: not assigned, due first */
  readonly #queues: ReadonlyMap<string, SimulatedAppeal[]>;
  readonly #lastAt = new Map<string, Date>();
  readonly #heldDays = new Map<string, number>();
  /** When the panel decided what it decided, by group */
  readonly #decided = new Map<string, Date[]>();
  #turns = 0;

  constructor(setting: PanelSetting) {
    this.#setting = setting;
    this.#place = placesOf(setting.seed);
    this.#queues = new Map(setting.arrivals.map(({ group }) => [group, []]));
  }

  live(now: Date): void {
    const { arrivals, reviewers } = this.#setting;
    for (const arrival of arrivals) this.#arrive(arrival, now);
    for (const appeal of this.#open) this.#passTime(appeal, now);
    if (isWorkingDay(now)) {
      for (const arrival of arrivals) this.#deliver(arrival, now);
      for (let reviewer = 0; reviewer < reviewers; reviewer++) {
        this.#decide(reviewer, now);
        this.#take(reviewer, now);
      }
    }
    for (const { group } of arrivals) this.#hold(group, now);
  }

  results(): GroupResult[] {
    return this.#setting.arrivals.map(({ group }) => {
      const all = this.#appeals.filter((appeal) => appeal.group === group);
      const ended = (as: string) => all.filter(({ end }) => end?.as === as);
      return {
        group,
        appeals: all.length,
        decided: ended('decided').length,
        undelivered: ended('undelivered').length,
        undecided: ended('undecided').length,
        open: all.filter(({ end }) => end === undefined).length,
        suspended: all.filter(({ suspended }) => suspended).length,
        days: ended('decided')
          .map(daysOf)
          .toSorted((a, b) => a - b),
        heldDays: this.#heldDays.get(group) ?? 0,
      };
    });
  }

  #arrive({ group, appeals, overDays, together = 0 }: Arrivals, now: Date): void {
    const day = Math.round((now.getTime() - start.getTime()) / dayMs);
    const by = (days: number): number =>
      overDays === 0 ? appeals : Math.min(appeals, Math.floor((appeals * days) / overDays));
    const shared = (n: number): number => Math.floor((n * together) / 100);
    for (let n = day === 0 ? 0 : by(day); n < by(day + 1); n++) {
      const appeal = newAppeal({ group, openedAt: now, isShared: shared(n + 1) > shared(n) });
      this.#appeals.push(appeal);
      this.#open.add(appeal);
      this.#queueOf(group).push(appeal);
    }
  }

  /** Deadlines end and suspend; an assignment whose reviewer did nothing goes to another. */
  #passTime(appeal: SimulatedAppeal, now: Date): void {
    const late = lateOf(appeal.clock);
    if (late && late.at <= now) return this.#close(appeal, { as: late.as, at: late.at });
    const causes = overdueCauses(appeal.clock, now).map(({ cause }) => cause);
    appeal.suspended ||= causes.includes('decision-overdue');
    if (!waitsForReviewer(appeal, now) || addDays(appeal.idleSince, reviewerDays) > now) return;
    appeal.reviewer = undefined;
    this.#assigned.delete(appeal);
    this.#queueOf(appeal.group).unshift(appeal);
  }

  /** The people of a submitter answer what is due first; the creator is asked about the gist from then on. */
  #deliver({ group, deliveriesPerDay }: Arrivals, now: Date): void {
    const owed = [...this.#assigned]
      .filter((one) => one.group === group && one.clock.evidenceDueAt !== null)
      .toSorted((a, b) => Number(a.clock.evidenceDueAt) - Number(b.clock.evidenceDueAt));
    const served = new Set(assignmentsOf(owed).slice(0, deliveriesPerDay));
    for (const appeal of owed) {
      if (!served.has(appeal.assignment)) continue;
      const asked = { openedAt: appeal.openedAt, addedDays: withQuestion(0) };
      appeal.clock = {
        ...appeal.clock,
        ...decisionDeadlines(asked, defaultDeadlines),
        evidenceDueAt: null,
        evidenceLapsesAt: null,
      };
      appeal.answeredAt = addDays(now, this.#setting.answerDays);
      appeal.idleSince = appeal.answeredAt;
    }
  }

  /** What came by itself before a batch, which would keep it waiting for days; then what has waited the longest. */
  #decide(reviewer: number, now: Date): void {
    const ready = this.#ofReviewer(reviewer)
      .filter(({ answeredAt }) => answeredAt !== undefined && answeredAt <= now)
      .toSorted(
        (a, b) =>
          Number(a.isShared) - Number(b.isShared) || Number(a.idleSince) - Number(b.idleSince),
      );
    const read = new Set<number>();
    let left = this.#setting.decisionsPerDay;
    for (const appeal of ready) {
      left -= read.has(appeal.assignment) ? furtherDecision : 1;
      if (left < 0) return;
      read.add(appeal.assignment);
      this.#close(appeal, { as: 'decided', at: now });
    }
  }

  #take(reviewer: number, now: Date): void {
    for (;;) {
      const own = this.#ofReviewer(reviewer);
      const waiting = assignmentsOf(own.filter((one) => waitsForReviewer(one, now))).length;
      const mayTake = mayBeAssigned({ waiting, all: assignmentsOf(own).length });
      const appeal = mayTake ? this.#next() : undefined;
      if (!appeal) return;
      // Turns of one instant come one after the other.
      this.#lastAt.set(appeal.group, new Date(now.getTime() + ++this.#turns));
      for (const together of [appeal, ...this.#beside(appeal)])
        this.#assign(together, { reviewer, now });
    }
  }

  #assign(appeal: SimulatedAppeal, { reviewer, now }: { reviewer: number; now: Date }): void {
    appeal.reviewer = reviewer;
    appeal.assignment = this.#turns;
    appeal.idleSince = now;
    this.#assigned.add(appeal);
    const due = evidenceDueAt({ now, dueAt: null }, defaultDeadlines);
    const { dueAt, lapsesAt } = untilLapse(due, defaultDeadlines);
    // What was delivered to another reviewer is sealed anew at once.
    if (!appeal.answeredAt)
      appeal.clock = { ...appeal.clock, evidenceDueAt: dueAt, evidenceLapsesAt: lapsesAt };
  }

  /** Others on the same evidence come along. */
  #beside({ group, isShared }: SimulatedAppeal): SimulatedAppeal[] {
    if (!isShared) return [];
    const queue = this.#queueOf(group);
    const along = queue.filter((one) => one.isShared).slice(0, mostTogether - 1);
    for (const taken of along) queue.splice(queue.indexOf(taken), 1);
    return along;
  }

  #next(): SimulatedAppeal | undefined {
    const groups = [...this.#queues]
      .filter(([, queue]) => queue.length > 0)
      .map(([group]) => ({
        group,
        lastAt: this.#lastAt.get(group) ?? null,
        owing: assignmentsOf([...this.#assigned].filter((one) => one.group === group && owes(one)))
          .length,
      }));
    const [turn] = turnsOf(groups);
    const queue = turn ? this.#queueOf(turn.group) : [];
    const chosen = drawOne({ next: queue, place: this.#place });
    if (chosen) queue.splice(queue.indexOf(chosen), 1);
    return chosen;
  }

  #hold(group: string, now: Date): void {
    const before = addDays(now, -backlogDays);
    const queued = this.#queueOf(group).filter(({ openedAt }) => openedAt <= before);
    const shared = queued.filter(({ isShared }) => isShared).length;
    const waiting = queued.length - shared + Math.ceil(shared / mostTogether);
    const since = addDays(now, -30);
    const decidedIn30Days = this.#decidedOf(group).filter((at) => at > since).length;
    if (!isBehind({ waiting, decidedIn30Days, isAsked: false })) return;
    this.#heldDays.set(group, (this.#heldDays.get(group) ?? 0) + 1);
  }

  #close(appeal: SimulatedAppeal, end: NonNullable<SimulatedAppeal['end']>): void {
    appeal.end = end;
    if (end.as === 'decided') this.#decidedOf(appeal.group).push(end.at);
    appeal.reviewer = undefined;
    this.#open.delete(appeal);
    this.#assigned.delete(appeal);
    const queue = this.#queueOf(appeal.group);
    const place = queue.indexOf(appeal);
    if (place >= 0) queue.splice(place, 1);
  }

  #ofReviewer(reviewer: number): SimulatedAppeal[] {
    return [...this.#assigned].filter((one) => one.reviewer === reviewer);
  }

  #decidedOf(group: string): Date[] {
    const known = this.#decided.get(group) ?? [];
    this.#decided.set(group, known);
    return known;
  }

  #queueOf(group: string): SimulatedAppeal[] {
    return this.#queues.get(group) ?? [];
  }
}

const isWorkingDay = (now: Date): boolean => now.getUTCDay() !== 0 && now.getUTCDay() !== 6;

/** Places below a number, the same for every run of a seed. */
function placesOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}
