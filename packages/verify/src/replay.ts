import type { Entry, PublicJwk } from '@recourse/protocol';
import { KeyRules, type KeyState } from './key-rules.ts';
import type { Finding, VerifyErrorCode } from './errors.ts';
import { readEntry } from './read-entries.ts';
import { RecallRules, type RecallCounts, type RecallState } from './recall-rules.ts';

/** Enough to act on; a ledger that breaks this many rules is no ledger */
const mostFindings = 100;

export interface ReplayState {
  readonly keys: KeyState;
  readonly recalls: RecallState;
  readonly types: Readonly<Record<string, number>>;
  readonly newest: number;
  readonly findings: readonly Finding[];
}

/** Counts of the log. */
export interface ReplaySummary {
  readonly parties: number;
  readonly keys: number;
  readonly recalls: RecallCounts & { readonly open: number };
  /** Entries of each type */
  readonly types: Readonly<Record<string, number>>;
}

export interface ReplayOptions {
  readonly origin: string;
  readonly logJwk: PublicJwk;
  /** Gets each entry of the schema, before it is known whether the whole is signed */
  readonly onEntry?: ((entry: Entry, index: number) => void) | undefined;
}

/** Reads the log from its first entry to its last, as anybody can, and keeps the state that the rules need. */
export class Replay {
  readonly #keys: KeyRules;
  readonly #recalls: RecallRules;
  readonly #onEntry: ReplayOptions['onEntry'];
  readonly #types: Record<string, number>;
  readonly #findings: Finding[];
  #newest: number;

  constructor(options: ReplayOptions, state?: ReplayState) {
    this.#onEntry = options.onEntry;
    this.#keys = new KeyRules(options, state?.keys);
    this.#recalls = new RecallRules(state?.recalls);
    this.#types = { ...state?.types };
    this.#findings = [...(state?.findings ?? [])];
    this.#newest = state?.newest ?? 0;
  }

  /** A copy: later reading does not change it. */
  get state(): ReplayState {
    return {
      keys: this.#keys.state,
      recalls: this.#recalls.state,
      types: { ...this.#types },
      newest: this.#newest,
      findings: [...this.#findings],
    };
  }

  get summary(): ReplaySummary {
    return {
      ...this.#keys.counts,
      recalls: { ...this.#recalls.counts, open: this.#recalls.open },
      types: this.#types,
    };
  }

  async apply(bytes: Uint8Array, index: number): Promise<void> {
    const entry = readEntry(bytes);
    const causes = entry ? await this.#causes(entry, index) : (['entry-invalid'] as const);
    for (const code of causes) {
      if (this.#findings.length < mostFindings) this.#findings.push({ code, index });
    }
  }

  /** All findings, with those that only the end shows */
  findings(): Finding[] {
    return [...this.#findings, ...this.#recalls.atEnd(this.#newest)];
  }

  async #causes(entry: Entry, index: number): Promise<VerifyErrorCode[]> {
    this.#onEntry?.(entry, index);
    this.#types[entry.type] = (this.#types[entry.type] ?? 0) + 1;
    this.#newest = Math.max(this.#newest, Date.parse(entry.at));
    return [...this.#recalls.apply(entry, index), ...(await this.#keys.apply(entry))];
  }
}
