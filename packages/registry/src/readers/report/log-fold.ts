import { leafHash } from '@recourse/ledger';
import { entryLeafHash, utf8 } from '@recourse/protocol';
import type { CaseKey, Vault } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import type { FoldPlace } from '../../schema/report-fold.ts';
import type { ReadEntry } from '../entries/comparison.ts';
import { placesOf } from '../entries/places-store.ts';
import { parseEntry } from '../doctor/log-leaves.ts';
import { readEntry, readOpening } from '../doctor/read-opening.ts';
import { foldCase } from './fold-case.ts';
import { PartyFold } from './fold-parties.ts';
import {
  entriesFrom,
  openingsOf,
  readCases,
  touchedCases,
  type CaseOpening,
  type FoldedCase,
} from './report-fold-store.ts';
import { Tally } from './tally.ts';

/** Raise it when the same entries come to other figures: what was counted before is then counted anew. */
export const foldVersion = 1;

const casesAtOnce = 100;

const nowhere: FoldPlace = {
  size: 0,
  leaf: '',
  entries: 0,
  sealed: 0,
  erased: 0,
  opened: 0,
  keyless: 0,
  txid: '0',
  seq: 0,
  owners: {},
  reviewers: {},
};

const noCases: ReadonlyMap<string, FoldedCase> = new Map();

export interface Counting {
  readonly vault: Vault;
  readonly recallHours: number;
}

export interface StepOptions extends Counting {
  /** Entries, or openings, of one step */
  readonly atOnce: number;
  /** Without openings that one of a commit which is still open may come before */
  readonly settledOnly: boolean;
}

export interface Step {
  /** What each record whose openings were read adds up to now */
  readonly cases: readonly FoldedCase[];
  /** Openings of transactions before this one are counted in these */
  readonly upto: string;
  readonly isLast: boolean;
}

/**
 * The figures of the log, counted step by step from a place that was kept. An entry of a record is opened by its
 * openings: when one is new, its record is counted as a whole, and what it counted before is taken back.
 */
export class LogFold {
  /** What the figures have changed since the place from which it began */
  readonly changes = new Tally();
  readonly #parties: PartyFold;
  readonly #done = new Set<string>();
  readonly #isKept: boolean;
  #place: FoldPlace;

  /** @param kept the place from which to go on; none counts all of it, whatever rows were kept */
  constructor(kept?: FoldPlace) {
    this.#isKept = kept !== undefined;
    this.#place = kept ?? nowhere;
    this.#parties = new PartyFold(this.changes, this.#place);
  }

  get place(): FoldPlace {
    return { ...this.#place, ...this.#parties.kept };
  }

  /** Entries that nothing opens, though their case was not erased */
  get unopened(): number {
    const { sealed, opened, keyless } = this.#place;
    return Math.max(0, sealed - opened - keyless);
  }

  /** Reads the next entries, or, behind the last, the next openings. */
  async step(db: Db, options: StepOptions): Promise<Step> {
    const rows = await entriesFrom(db, { index: this.#place.size, limit: options.atOnce });
    for (const { index, entry } of rows) {
      this.take(entry);
      const leaf = Buffer.from(leafHash(utf8(entry))).toString('hex');
      this.#place = { ...this.#place, size: index + 1, leaf };
    }
    return rows.length > 0 ? { cases: [], upto: '0', isLast: false } : this.#open(db, options);
  }

  /** Takes the next entry of the log. */
  take(text: string): void {
    const entry = parseEntry(text);
    const isSealed = entry !== undefined && 'digest' in entry;
    if (entry && 'detail' in entry) this.#parties.take(entry);
    this.#add({
      entries: 1,
      sealed: Number(isSealed),
      erased: Number(isSealed && entry.type === 'erased'),
    });
  }

  finish(now: string): void {
    this.#parties.finish(now);
  }

  async #open(db: Db, options: StepOptions): Promise<Step> {
    const { txid, seq } = this.#place;
    const { atOnce, settledOnly } = options;
    const touched = await touchedCases(db, { txid, seq, limit: atOnce, settledOnly });
    const { last, settled: upto } = touched;
    const sanctions = touched.cases
      .filter(
        ({ sanction, isCounted }) => !(this.#isKept && isCounted) && !this.#done.has(sanction),
      )
      .map(({ sanction }) => sanction);
    const cases: FoldedCase[] = [];
    for (let i = 0; i < sanctions.length; i += casesAtOnce)
      cases.push(...(await this.#count(db, options, sanctions.slice(i, i + casesAtOnce))));
    const isLast = touched.openings < atOnce;
    if (isLast) this.#place = { ...this.#place, txid: upto, seq: 0 };
    else if (last) this.#place = { ...this.#place, ...last };
    return { cases, upto, isLast };
  }

  async #count(db: Db, counting: Counting, sanctions: readonly string[]): Promise<FoldedCase[]> {
    const before = this.#isKept ? await readCases(db, sanctions) : noCases;
    const now = await countCases(db, { ...counting, size: this.#place.size }, sanctions);
    for (const folded of now) {
      this.#done.add(folded.sanction);
      this.#apply(folded, 1);
      const former = before.get(folded.sanction);
      if (former) this.#apply(former, -1);
    }
    return now;
  }

  #apply({ opened, keyless, counts }: FoldedCase, times: 1 | -1): void {
    for (const values of counts) this.changes.addValues(values, times);
    this.#add({ opened: opened * times, keyless: keyless * times });
  }

  #add(
    more: Partial<Record<'entries' | 'sealed' | 'erased' | 'opened' | 'keyless', number>>,
  ): void {
    const { entries, sealed, erased, opened, keyless } = this.#place;
    this.#place = {
      ...this.#place,
      entries: entries + (more.entries ?? 0),
      sealed: sealed + (more.sealed ?? 0),
      erased: erased + (more.erased ?? 0),
      opened: opened + (more.opened ?? 0),
      keyless: keyless + (more.keyless ?? 0),
    };
  }
}

async function countCases(
  db: Db,
  { size, ...counting }: Counting & { size: number },
  sanctions: readonly string[],
): Promise<FoldedCase[]> {
  const rows = Map.groupBy(await openingsOf(db, sanctions), ({ sanction }) => sanction);
  const opened = sanctions.map((sanction) =>
    openCase(sanction, rows.get(sanction) ?? [], counting),
  );
  const leaves = opened.flatMap(({ openings }) => [...openings.keys()]);
  const places = await placesOf(db, { leaves, size });
  return opened.map(({ sanction, keyless, openings }) => {
    // Only what the log has: an opening that somebody added opens nothing.
    const entries = [...openings].flatMap(([leaf, open]) => {
      const index = places.get(leaf);
      return index === undefined ? [] : [open(index)];
    });
    const tally = new Tally();
    for (const happening of foldCase(
      entries.toSorted((a, b) => a.index - b.index),
      counting,
    ))
      tally.add(happening);
    return { sanction, keyless, opened: entries.length, counts: tally.values() };
  });
}

/** The openings of a case by the leaf hashes of their entries: each entry once. */
function openCase(sanction: string, rows: readonly CaseOpening[], { vault }: Counting) {
  const key = rows[0] && keyOf(vault, rows[0]);
  const openings = new Map<string, (index: number) => ReadEntry>();
  for (const row of key ? rows : []) {
    const opening = readOpening(row, key);
    if (!opening) continue;
    const { entry } = opening;
    if (!('digest' in entry)) continue;
    const leaf = Buffer.from(entryLeafHash(entry)).toString('hex');
    openings.set(leaf, (index) => readEntry({ index, entry }, opening));
  }
  return { sanction, keyless: key ? 0 : rows.length, openings };
}

function keyOf(vault: Vault, { sanction, wrapped }: CaseOpening): CaseKey | undefined {
  if (!wrapped) return undefined;
  try {
    return vault.openCase({ sanction, wrapped });
  } catch {
    // Of another vault: what it opened is counted as unopened.
    return undefined;
  }
}
