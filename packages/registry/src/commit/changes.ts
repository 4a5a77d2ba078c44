import {
  changesRoot,
  detailDigest,
  disclosurePair,
  sanctionRef,
  toTimestamp,
  type Entry,
  type EntryDetail,
  type Json,
  type Opening,
  type PairEntryType,
  type PublicEntryType,
  type SanctionEntryType,
} from '@recourse/protocol';
import type { CaseKey } from '../vault/vault.ts';

/** One ledger entry that a call causes, with what opens it. */
export interface Change {
  readonly entry: Entry;
  readonly opening: Opening;
  /** The party that may read the opening; the caller where it names nobody else */
  readonly party: string;
  /** Set on entries of a case: their openings are sealed under its key */
  readonly caseKey?: CaseKey;
  readonly sanction?: string;
}

export interface CaseOfChange {
  readonly sanction: string;
  readonly caseKey: CaseKey;
}

/** A public entry that can name a call */
export type ActType = {
  [T in PublicEntryType]: 'call' extends keyof EntryDetail<T> ? T : never;
}[PublicEntryType];

/** Openings that fit into an answer; more are read at `calls.changes`. */
const inlineOpenings = 16;

/** Collects the entries of one call in order; the commit writes them in the transaction of the change. */
export class Changes {
  readonly #caller: string;
  readonly #at: string;
  readonly #unique: () => string;
  readonly list: Change[] = [];
  #taken = 0;
  /** Records that the transaction has in hand: when they are due next is written before it commits */
  readonly records = new Set<string>();

  constructor(options: { caller: string; now: Date; unique: () => string }) {
    this.#caller = options.caller;
    this.#at = toTimestamp(options.now);
    this.#unique = options.unique;
  }

  /** An entry of a sanction: `ref` and `digest` tell nothing without the case. */
  sanction<T extends SanctionEntryType>(
    type: T,
    change: CaseOfChange & {
      detail: Omit<EntryDetail<T>, 'effective'>;
      /** When it came about; the entry says when it was written, which is later where time alone brought it */
      effective?: Date;
      cause?: 'expired' | 'early';
      recalls?: { count: number; root: string };
      /**
       * The party that may read the opening, where it is not the caller: what happens to a derived record is its own
       * platform's
       */
      party?: string;
      /** A name for what is one of a kind about it: see `namedSalt` */
      name?: string;
    },
  ): void {
    const { caseKey, name } = change;
    const refSalt = caseKey.salt('ref');
    const entrySalt =
      name === undefined
        ? caseKey.salt(`entry:${this.#unique()}`)
        : namedSalt(caseKey, { type, name });
    const detail = { ...asJson(change.detail), ...this.#effective(change.effective) };
    const entry: Entry = {
      v: 1,
      type,
      at: this.#at,
      ref: sanctionRef(refSalt, change.sanction),
      digest: detailDigest(entrySalt, detail),
      ...(change.cause ? { cause: change.cause } : {}),
      ...(change.recalls ? { recalls: change.recalls } : {}),
    };
    this.list.push({
      entry,
      opening: { entry, sanction: change.sanction, refSalt, entrySalt, detail },
      party: change.party ?? this.#caller,
      caseKey: change.caseKey,
      sanction: change.sanction,
    });
  }

  #effective(at: Date | undefined): { effective?: string } {
    if (!at || toTimestamp(at) === this.#at) return {};
    return { effective: toTimestamp(at) };
  }

  /** An entry of one disclosure. It carries no `ref`: nobody can follow a creator through the log. */
  pair<T extends PairEntryType>(
    type: T,
    change: CaseOfChange & { party: string; detail: EntryDetail<T>; ack?: string },
  ): void {
    const detail = asJson(change.detail);
    const pairSalt = change.caseKey.salt(`pair:${change.party}`);
    const entrySalt = change.caseKey.salt(`entry:${this.#unique()}`);
    const entry: Entry = {
      v: 1,
      type,
      at: this.#at,
      pair: disclosurePair(pairSalt, change),
      digest: detailDigest(entrySalt, detail),
      ...(change.ack === undefined ? {} : { ack: change.ack }),
    };
    const { sanction, party } = change;
    this.list.push({
      entry,
      opening: { entry, sanction, party, pairSalt, entrySalt, detail },
      party,
      caseKey: change.caseKey,
      sanction,
    });
  }

  /** An entry that anyone reads whole. @returns it, with its time */
  public<T extends PublicEntryType>(type: T, detail: EntryDetail<T>): Entry {
    return this.#public(type, asJson(detail));
  }

  /** A public entry that no statement of its own stands behind, and so names the signed call that caused it. */
  act<T extends ActType>(type: T, detail: Omit<EntryDetail<T>, 'call'>, call: string): Entry {
    return this.#public(type, { ...asJson(detail), call });
  }

  #public(type: PublicEntryType, detail: Record<string, Json>): Entry {
    const entry: Entry = { v: 1, type, at: this.#at, detail };
    this.list.push({ entry, opening: { entry }, party: this.#caller });
    return entry;
  }

  /** Those that nobody took yet: whoever takes them writes them. */
  take(): readonly Change[] {
    const list = this.list.slice(this.#taken);
    this.#taken = this.list.length;
    return list;
  }

  /** The member of a receipt's leaf; none when the call caused no entry. */
  commitment(): { count: number; root: string } | undefined {
    if (this.list.length === 0) return undefined;
    return { count: this.list.length, root: changesRoot(this.list.map((change) => change.entry)) };
  }

  /** Returns what the answer carries: openings for the caller, bare entries where they name another party. */
  inAnswer(): { count: number; root: string; openings?: Opening[] } | undefined {
    const commitment = this.commitment();
    // An answer is kept sealed under the key of its case: openings of several cases are not kept together.
    const cases = new Set(this.list.flatMap(({ sanction }) => sanction ?? []));
    if (!commitment || this.list.length > inlineOpenings || cases.size > 1) return commitment;
    return {
      ...commitment,
      openings: this.list.map((change) =>
        change.party === this.#caller ? change.opening : { entry: change.entry },
      ),
    };
  }
}

/** A detail that the table of entries lets through is JSON. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a generic detail has no index signature
const asJson = (detail: object): Record<string, Json> => detail as Record<string, Json>;

/**
 * The salt of an entry that is found again by a name: with the key of the case, and nothing else, a recovery tries which
 * of few details the digest has. A name is used once.
 */
export const namedSalt = (
  caseKey: CaseKey,
  { type, name }: { type: SanctionEntryType; name: string },
): string => caseKey.salt(`named:${type}:${name}`);

/** The pair hash of a disclosure, for the recalls an end owes. */
export const pairOf = (telling: CaseOfChange & { party: string }): string =>
  disclosurePair(telling.caseKey.salt(`pair:${telling.party}`), telling);
