import type { RecallKind } from '@recourse/protocol';

const hour = 3_600_000;
export const later = (from: Date, hours: number): Date => new Date(from.getTime() + hours * hour);

const latest = (a: Date, b: Date): Date => (a > b ? a : b);

/** A deadline on a weekend ends at noon of Monday (UTC). */
export function due(from: Date, days: number): Date {
  const at = later(from, 24 * days);
  const shift = { 6: 2, 0: 1 }[at.getUTCDay()];
  if (shift === undefined) return at;
  return new Date(
    Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + shift, 12, 0, 0),
  );
}

export interface ModelAppeal {
  readonly openedAt: Date;
  evidenceDue: Date | null;
  evidenceLapses: Date | null;
  decisionDue: Date;
  lapses: Date;
  withdraws: Date | null;
  added: number;
  /** Index of the reviewer with a key */
  reviewer: number | null;
  /** Reviewers who had it */
  readonly used: number[];
  /** What counts of the one item: when it came, and whether anybody said of it that it does not fit */
  item: { at: Date; wasDisputed: boolean } | null;
  /** The reviewer can open it */
  delivered: boolean;
  confirmed: boolean;
  dispute: ModelDispute | null;
  firstRejection: Date | null;
  /** When it was found twice not to fit, and destroyed */
  readonly mismatches: Date[];
  /** Looks again at one that was dismissed */
  readonly reopens: boolean;
  readonly gists: { due: Date; answered: boolean }[];
}

export interface ModelDispute {
  readonly deliveredAt: Date;
  /** It is still what counts */
  isLast: boolean;
  second: number | null;
  assignedAt: Date | null;
}

/** An appeal that is over. */
export interface ModelClosed {
  readonly at: Date;
  readonly answered: boolean;
  readonly succeeded: boolean;
  readonly outcome?: string;
  readonly reopens: boolean;
  wasReopened: boolean;
}

type Closing = Pick<ModelClosed, 'answered' | 'succeeded' | 'outcome'>;

export interface ModelRecall {
  readonly kind: RecallKind;
  state: 'open' | 'acknowledged' | 'superseded';
}

export type Phase = 'held' | 'visible' | 'expired' | 'withdrawn' | 'reversed';
export type Platform = 'tubely' | 'market';

/**
 * One sanction as domain rules tell its life, written down step by step as time passes: what the registry,
 * which computes when it reads, must agree with. Times are whole seconds.
 */
export class Model {
  now: Date;
  phase: Phase = 'held';
  cause: string | undefined;
  notifiedAt: Date | null = null;
  visibleFrom: Date | null = null;
  readonly noticeDue: Date;
  expires: Date;
  endedAt: Date | null = null;
  readonly answersNow: boolean;
  appeal: ModelAppeal | null = null;
  readonly suspensions = new Map<string, Date | null>();
  readonly told = new Set<Platform>();
  readonly recalls: Record<Platform, ModelRecall[]> = { tubely: [], market: [] };
  readonly closed: ModelClosed[] = [];
  readonly decided = new Set<number>();
  /** Acts that were done, and how the record ended */
  readonly done = new Set<string>();

  constructor(of: { now: Date; expires: Date; noticeDue: Date; answersNow: boolean }) {
    this.now = of.now;
    this.expires = of.expires;
    this.noticeDue = of.noticeDue;
    this.answersNow = of.answersNow;
  }

  get over(): boolean {
    return this.phase !== 'held' && this.phase !== 'visible';
  }

  get state(): string {
    return this.suspensions.size > 0 && !this.over ? 'suspended' : this.phase;
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
  }

  private timers(): { at: Date; run: () => void }[] {
    const timers: { at: Date; run: () => void }[] = [];
    if (!this.over) {
      timers.push({ at: this.expires, run: () => this.expire() });
      if (!this.notifiedAt)
        timers.push({ at: this.noticeDue, run: () => this.end('withdrawn', 'no-notice') });
      if (this.phase === 'held' && this.visibleFrom) {
        timers.push({ at: this.visibleFrom, run: () => void (this.phase = 'visible') });
      }
      const relief = this.suspensions.get('relief');
      if (relief) timers.push({ at: relief, run: () => this.lift(['relief']) });
    }
    if (this.appeal) timers.push(...this.appealTimers(this.appeal));
    return timers;
  }

  private appealTimers(appeal: ModelAppeal): { at: Date; run: () => void }[] {
    const timers: { at: Date; run: () => void }[] = [];
    const { withdraws } = appeal;
    if (withdraws)
      timers.push({ at: withdraws, run: () => this.close({ answered: false, succeeded: false }) });
    const overdue = (cause: string, at: Date | null): void => {
      if (at && !this.over && !this.suspensions.has(cause)) {
        timers.push({ at, run: () => this.suspend(cause, null) });
      }
    };
    // What ends at an instant is not suspended at it.
    if (appeal.evidenceLapses) {
      timers.push({
        at: appeal.evidenceLapses,
        run: () => this.succeed('evidence-not-delivered', true),
      });
    }
    timers.push({ at: appeal.lapses, run: () => this.succeed('lapsed', true) });
    overdue('evidence-overdue', appeal.evidenceDue);
    overdue('decision-overdue', appeal.decisionDue);
    return timers;
  }

  private expire(): void {
    this.phase = 'expired';
    this.done.add('expired');
    this.endedAt = this.now;
    this.suspensions.clear();
  }

  end(kind: 'withdrawn' | 'reversed', cause: string): void {
    this.phase = kind;
    this.done.add(cause);
    this.cause = cause;
    this.endedAt = this.now;
    this.suspensions.clear();
    // No one was answered: a record that ends without notice leaves nothing to appeal.
    this.closeAs({ answered: false, succeeded: cause === 'conceded' });
    this.recall('undo');
  }

  /** The appeal succeeds: the record ends, or was found to have been wrong. */
  succeed(cause: string, answered: boolean): void {
    this.closeAs({ answered, succeeded: true });
    if (this.over) this.recall('undo');
    else this.end('reversed', cause);
  }

  /** Destroyed: three days, and the end 14 d after the first that was. What is due already stays due. */
  oweAgain(appeal: ModelAppeal): void {
    appeal.firstRejection ??= this.now;
    const three = due(this.now, 3);
    const evidenceDue = latest(appeal.evidenceDue ?? three, three);
    const lapses = appeal.evidenceLapses ?? due(appeal.firstRejection, 14);
    Object.assign(appeal, { evidenceDue, evidenceLapses: latest(lapses, evidenceDue) });
  }

  suspend(cause: string, until: Date | null): void {
    const first = this.suspensions.size === 0;
    this.suspensions.set(cause, until);
    if (first) this.recall('pause');
  }

  lift(causes: readonly string[]): void {
    const had = causes.filter((cause) => this.suspensions.delete(cause)).length > 0;
    if (had && this.suspensions.size === 0) this.recall('correct');
  }

  /** The appeal ends and the record goes on. */
  close(as: Closing): void {
    this.closeAs(as);
    if (this.over) return;
    if (this.phase === 'held' && this.notifiedAt && !this.visibleFrom) {
      const hold = later(this.notifiedAt, this.answersNow ? 0 : 72);
      this.visibleFrom = hold > this.now ? hold : this.now;
      if (this.visibleFrom <= this.now) this.phase = 'visible';
    }
    this.lift(['evidence-overdue', 'decision-overdue', 'relief']);
  }

  private closeAs(as: Closing): void {
    if (!this.appeal) return;
    const { reopens } = this.appeal;
    this.closed.push({ at: this.now, ...as, reopens, wasReopened: false });
    this.appeal = null;
  }

  recall(kind: RecallKind): void {
    for (const platform of this.told) {
      const list = this.recalls[platform];
      for (const one of list) if (one.state === 'open') one.state = 'superseded';
      list.push({ kind, state: 'open' });
    }
  }
}
