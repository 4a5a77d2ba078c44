import type { RecallKind } from '@recourse/protocol';
import {
  due,
  later,
  latest,
  renew,
  type ModelOutcome,
  type ModelAppeal,
  type ModelClosing,
  type ModelRecall,
  type ModelSubmitter,
  type Phase,
  type Platform,
  type Timer,
} from './state.ts';

interface ModelStart {
  readonly now: Date;
  readonly expires: Date;
  readonly noticeDue: Date;
  readonly answersNow: boolean;
  readonly submitter: ModelSubmitter;
}

/**
 * One sanction as domain rules tell its life, written down step by step as time passes: what the registry,
 * which computes when it reads, must agree with. Times are whole seconds.
 */
export class Model {
  now: Date;
  phase: Phase = 'held';
  cause: string | undefined;
  notifiedAt: Date | null = null;
  /** By a notice */
  holdEnds: Date | null = null;
  noticeDue: Date;
  expires: Date;
  endedAt: Date | null = null;
  readonly answersNow: boolean;
  readonly submitter: ModelSubmitter;
  appeal: ModelAppeal | null = null;
  readonly suspensions = new Map<string, Date | null>();
  readonly told = new Set<Platform>();
  readonly recalls: Record<Platform, ModelRecall[]> = { tubely: [], market: [] };
  readonly closed: ModelClosing[] = [];
  /** The end of the 60 d for which appeals keep it held */
  readonly keptUntil: { opener: Date | null; joined: Date | null } = { opener: null, joined: null };
  /** Until then the ledger may draw a reversal to be decided again */
  drawableUntil: Date | null = null;
  /** Reviewers who decided about it */
  readonly judged = new Set<number>();
  /** Matches that a question was put about, and the last question */
  readonly asked = new Set<string>();
  question: { answered: boolean } | null = null;
  /** By a creator who has the code alone, so that it waits for who may prove an identifier */
  erasureAskedAt: Date | null = null;
  /** Ended early, or found wrong: what followed it is reviewed */
  fell = false;
  isRighted = false;
  /** Answered once, or would have */
  wasShown = false;
  /** Of a derived record whose first record fell */
  review: { due: Date } | null = null;
  /** What a platform recorded that had been told of this one */
  derived: Model | null = null;
  /** Acts that were done, and how the record ended */
  readonly done = new Set<string>();

  constructor(start: ModelStart) {
    this.now = start.now;
    this.expires = start.expires;
    this.noticeDue = start.noticeDue;
    this.answersNow = start.answersNow;
    this.submitter = start.submitter;
  }

  get over(): boolean {
    return this.phase !== 'held' && this.phase !== 'visible';
  }

  get state(): string {
    return this.suspensions.size > 0 && !this.over ? 'suspended' : this.phase;
  }

  /** Ended, and nobody has anything left to do about it. */
  private get isClosed(): boolean {
    const all = Object.values(this.recalls).flat();
    return this.over && !this.appeal && all.every(({ state }) => state !== 'open');
  }

  get isCaseErased(): boolean {
    const after = [
      ...(this.endedAt ? [due(this.endedAt, 180)] : []),
      ...(this.erasureAskedAt ? [later(this.erasureAskedAt, 24 * 30)] : []),
    ];
    return this.isClosed && after.some((at) => at <= this.now);
  }

  get areTextsErased(): boolean {
    const isDrawable = this.drawableUntil !== null && this.now < this.drawableUntil;
    return this.isCaseErased || (this.isClosed && this.isRighted && !isDrawable);
  }

  /** Everything due until then, each at its own instant. */
  advance(to: Date): void {
    for (;;) {
      const next = this.timers()
        .filter(({ at }) => at <= to)
        .sort((a, b) => a.at.getTime() - b.at.getTime())[0];
      if (!next) break;
      this.now = next.at > this.now ? next.at : this.now;
      next.run();
    }
    this.now = to;
    this.derived?.advance(to);
  }

  private timers(): Timer[] {
    const timers: Timer[] = [];
    if (!this.over) timers.push(...this.lifeTimers());
    if (this.appeal) timers.push(...this.appealTimers(this.appeal));
    return timers;
  }

  private lifeTimers(): Timer[] {
    const withdrawn = (cause: string) => () => this.end('withdrawn', cause);
    const timers: Timer[] = [{ at: this.expires, run: () => this.expire() }];
    if (!this.notifiedAt) timers.push({ at: this.noticeDue, run: withdrawn('no-notice') });
    const { leftAt } = this.submitter;
    if (leftAt) timers.push({ at: later(leftAt, 30 * 24), run: withdrawn('submitter-left') });
    if (this.phase === 'held' && this.holdEnds) {
      const at = latest(this.appeal?.keepsUntil ?? null, this.holdEnds);
      timers.push({ at, run: () => this.show() });
    }
    const relief = this.suspensions.get('relief');
    if (relief) timers.push({ at: relief, run: () => this.lift(['relief']) });
    if (!this.review) return timers;
    return [...timers, ...this.suspending({ 'echo-overdue': this.review.due })];
  }

  private suspending(causes: Readonly<Record<string, Date | null>>): Timer[] {
    return Object.entries(causes).flatMap(([cause, at]) =>
      at && !this.over && !this.suspensions.has(cause)
        ? [{ at, run: () => this.suspend(cause, null) }]
        : [],
    );
  }

  private appealTimers(appeal: ModelAppeal): Timer[] {
    const timers: Timer[] = [];
    const { withdraws, evidenceLapses, evidenceDue, decisionDue, reliefDue } = appeal;
    if (withdraws)
      timers.push({ at: withdraws, run: () => this.close({ answered: false, succeeded: false }) });
    // What ends at an instant is not suspended at it.
    if (evidenceLapses) {
      timers.push({
        at: evidenceLapses,
        run: () => this.succeed('evidence-not-delivered', true),
      });
    }
    timers.push({ at: appeal.undecided, run: () => this.endUndecided(appeal) });
    const causes = {
      'evidence-overdue': evidenceDue,
      'decision-overdue': appeal.bound ? null : decisionDue,
      relief: reliefDue,
    };
    return [...timers, ...this.suspending(causes)];
  }

  private show(): void {
    this.phase = 'visible';
    this.wasShown = true;
  }

  private expire(): void {
    this.phase = 'expired';
    this.done.add('expired');
    this.endedAt = this.now;
    this.suspensions.clear();
  }

  end(kind: 'withdrawn' | 'reversed' | 'undecided', cause: string): void {
    this.phase = kind;
    this.done.add(cause);
    this.cause = cause;
    this.endedAt = this.now;
    this.suspensions.clear();
    if (kind === 'reversed') this.isRighted = true;
    if (kind !== 'undecided') this.concedeSpeech();
    // No one was answered: a record that ends without notice leaves nothing to appeal.
    this.closeAs({ answered: false, succeeded: cause === 'conceded' });
    this.recall('undo');
  }

  /** The appeal succeeds: the record ends, or was found to have been wrong. */
  succeed(cause: string, answered: boolean): void {
    if (cause === 'conceded') this.concedeSpeech();
    this.closeAs({ answered, succeeded: true });
    this.isRighted = true;
    if (this.over) this.recall('undo');
    else this.end('reversed', cause);
  }

  /** Two in 365 d hold what the submitter records from then on: it is accepted all the same. */
  reverseSpeech(): void {
    const { submitter, now } = this;
    submitter.speech.push(now);
    if (submitter.speech.filter((at) => at > later(now, -365 * 24)).length < 2) return;
    this.done.add('submitter-held');
  }

  /** The ground expression on a code next to speech, with nobody deciding: it counts like a reversal. */
  concedeSpeech(): void {
    if (this.appeal?.ground === 'expression' && !this.answersNow) this.reverseSpeech();
  }

  /** Nobody decided in 180 d: the record ends, neither right nor wrong. */
  private endUndecided({ bound }: ModelAppeal): void {
    this.done.add('undecided');
    if (bound || this.over) this.close({ answered: false, succeeded: false });
    else this.end('undecided', 'undecided');
  }

  /** Destroyed: three days, and the end 14 d after the first that was. What is due already stays due. */
  oweAgain(appeal: ModelAppeal): void {
    appeal.firstRejection ??= this.now;
    const evidenceDue = latest(appeal.evidenceDue, due(this.now, 3));
    const lapses = appeal.evidenceLapses ?? due(appeal.firstRejection, 14);
    Object.assign(appeal, { evidenceDue, evidenceLapses: latest(lapses, evidenceDue) });
    renew(appeal, this.now);
  }

  suspend(cause: string, until: Date | null): void {
    const first = this.suspensions.size === 0;
    this.suspensions.set(cause, until);
    this.done.add(cause);
    if (first) this.recall('pause');
  }

  lift(causes: readonly string[]): void {
    const had = causes.filter((cause) => this.suspensions.delete(cause)).length > 0;
    if (had && this.suspensions.size === 0) this.recall('correct');
  }

  /** The appeal ends and the record goes on. */
  close(as: ModelOutcome): void {
    this.closeAs(as);
    if (this.over) return;
    if (this.phase === 'held' && this.holdEnds && this.holdEnds <= this.now) this.show();
    this.lift(['evidence-overdue', 'decision-overdue', 'relief']);
  }

  private closeAs(as: ModelOutcome): void {
    if (!this.appeal) return;
    const { reopens } = this.appeal;
    this.closed.push({ at: this.now, ...as, reopens, wasReopened: false });
    this.appeal = null;
  }

  recall(kind: RecallKind): void {
    if (kind === 'undo') this.fell = true;
    for (const platform of this.told) {
      const list = this.recalls[platform];
      for (const recall of list) if (recall.state === 'open') recall.state = 'superseded';
      list.push({ kind, state: 'open' });
    }
  }

  /** When the first falls, its derived records are reviewed, from when their platform is told. */
  reviewDerived(): void {
    const { derived, fell, now } = this;
    if (!derived || !fell || derived.over || derived.done.has('echo-review')) return;
    derived.done.add('echo-review');
    derived.review = { due: due(now, 14) };
  }
}
