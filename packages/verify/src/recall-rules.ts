import { recallsOwed, type Entry } from '@recourse/protocol';
import type { VerifyErrorCode } from './errors.ts';

const hourMs = 3_600_000;
/** No operator may set a shorter time to answer a recall (`/policies`, bounds). */
const shortestMs = 24 * hourMs;
/** The longest, 72 h, over a weekend to Monday noon, and an hour to write it down. */
const longestMs = (72 + 60 + 1) * hourMs;

/** State of one pair: told, and perhaps owing an answer */
interface PairState {
  /** Place and time (ms) of the open recall */
  readonly open?: { readonly index: number; readonly at: number; readonly overdue: boolean };
}

/** Counts of recalls in the log. */
export interface RecallCounts {
  issued: number;
  acknowledged: number;
  superseded: number;
  overdue: number;
}

export interface RecallState {
  readonly pairs: readonly (readonly [string, PairState])[];
  readonly acks: readonly string[];
  readonly run: readonly string[];
  readonly counts: RecallCounts;
}

/** Changes that say in clear whom they owe a recall; a finding does where it changes what was said */
const owing: ReadonlySet<string> = new Set([
  'sanction-ended',
  'sanction-suspended',
  'sanction-reinstated',
  'sanction-amended',
]);

type SanctionEntry = Extract<Entry, { ref: string }>;
type PairEntry = Extract<Entry, { pair: string }>;

/** Whether a change owes exactly these recalls, each to another pair. */
function lists({ type, cause, recalls }: SanctionEntry, run: readonly string[]): boolean {
  const { count, root } = recallsOwed(run);
  const mayOwe = owing.has(type) || type === 'finding';
  const fitsCause = cause === 'early' || (cause === 'expired' && count === 0);
  const isSame = recalls?.count === count && recalls.root === root;
  return mayOwe && fitsCause && isSame && new Set(run).size === count;
}

/**
 * The recall rules, as far as anybody can check them: a change stands right after the recalls that it owes, each of a
 * pair that was told before; each recall is acknowledged at most once, while it is open.
 */
export class RecallRules {
  readonly #pairs: Map<string, PairState>;
  readonly #acks: Set<string>;
  /** Pairs of the recalls that stand directly before the next entry */
  #run: string[];
  readonly counts: RecallCounts;

  constructor(state?: RecallState) {
    this.#pairs = new Map(state?.pairs);
    this.#acks = new Set(state?.acks);
    this.#run = [...(state?.run ?? [])];
    this.counts = { issued: 0, acknowledged: 0, superseded: 0, overdue: 0, ...state?.counts };
  }

  get state(): RecallState {
    return {
      pairs: [...this.#pairs],
      acks: [...this.#acks],
      run: [...this.#run],
      counts: { ...this.counts },
    };
  }

  get open(): number {
    return [...this.#pairs.values()].filter(({ open }) => open).length;
  }

  apply(entry: Entry, index: number): VerifyErrorCode[] {
    if (entry.type === 'recall-issued') return this.#issue(entry, index);
    const causes = this.#endRun(entry);
    if (!('pair' in entry)) return causes;
    return [...causes, ...this.#ofPair(entry)];
  }

  /**
   * Faults that only the end of the log shows.
   * @param now time of its newest entry, ms
   */
  atEnd(now: number): { code: VerifyErrorCode; index?: number }[] {
    const neglected = [...this.#pairs.values()].flatMap(({ open }) =>
      open && !open.overdue && now - open.at > longestMs
        ? [{ code: 'recall-neglected' as const, index: open.index }]
        : [],
    );
    return this.#run.length > 0 ? [{ code: 'recalls-mismatch' }, ...neglected] : neglected;
  }

  #issue({ pair, at, ack }: PairEntry, index: number): VerifyErrorCode[] {
    const known = this.#pairs.get(pair);
    this.#run.push(pair);
    this.counts.issued++;
    if (known?.open) this.counts.superseded++;
    this.#pairs.set(pair, { open: { index, at: Date.parse(at), overdue: false } });
    return [
      ...(known ? [] : ['recall-undisclosed' as const]),
      ...(ack === undefined ? [] : ['entry-invalid' as const]),
    ];
  }

  #endRun(entry: Entry): VerifyErrorCode[] {
    const run = this.#run;
    this.#run = [];
    if ('ref' in entry && entry.recalls) return lists(entry, run) ? [] : ['recalls-mismatch'];
    const isSilent = owing.has(entry.type) || ('ref' in entry && entry.cause !== undefined);
    return run.length > 0 || isSilent ? ['recalls-mismatch'] : [];
  }

  #ofPair(entry: PairEntry): VerifyErrorCode[] {
    if (entry.type === 'recall-acknowledged') return this.#acknowledge(entry);
    const misplaced = entry.ack === undefined ? [] : ['entry-invalid' as const];
    if (entry.type === 'recall-overdue') return [...misplaced, ...this.#overdue(entry)];
    // A question is no disclosure: nobody owes a recall for it.
    if (entry.type !== 'sanction-disclosed') return misplaced;
    if (!this.#pairs.has(entry.pair)) this.#pairs.set(entry.pair, {});
    return misplaced;
  }

  #acknowledge({ pair, ack }: PairEntry): VerifyErrorCode[] {
    if (ack === undefined) return ['entry-invalid'];
    const isOpen = this.#pairs.get(pair)?.open !== undefined;
    if (!isOpen || this.#acks.has(ack)) return ['acknowledgement-forged'];
    this.#acks.add(ack);
    this.#pairs.set(pair, {});
    this.counts.acknowledged++;
    return [];
  }

  #overdue({ pair, at }: PairEntry): VerifyErrorCode[] {
    const open = this.#pairs.get(pair)?.open;
    if (!open || open.overdue || Date.parse(at) - open.at < shortestMs) return ['overdue-forged'];
    this.#pairs.set(pair, { open: { ...open, overdue: true } });
    this.counts.overdue++;
    return [];
  }
}
