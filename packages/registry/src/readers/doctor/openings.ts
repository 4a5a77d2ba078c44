import {
  disclosurePair,
  entryLeafHash,
  sanctionRef,
  toBase64url,
  type Opening,
} from '@recourse/protocol';
import { sql, type RawBuilder } from 'kysely';
import type { CaseKey, Vault } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import type { ReadEntry } from '../entries/comparison.ts';
import type { Difference } from '../entries/difference.ts';
import type { LogLeaves } from './log-leaves.ts';
import type { Part } from './part.ts';
import { erasedInLog, placesOf } from '../entries/places-store.ts';
import { Ahead, numbered, type Line, type Spool, type Spools } from '../entries/spool.ts';
import { readRows } from '../entries/read-rows.ts';
import { readEntry, readOpening, type SealedRow } from './read-opening.ts';

const table = 'openings';

const atOnce = 1_000;

/** What was opened, as far as others compare it. */
export interface OpeningsResult {
  /** Call (`kid jti`), position, and leaf hash of its entry in base64url; none where the opening cannot be read */
  readonly changes: Spool;
  /** Cases with entries that nobody can open */
  readonly lost: Spool;
  readonly rows: number;
}

/**
 * Reads every opening, and finds its entry in the log. Whoever has the database alone can neither make an opening of a
 * case nor read one: both take the vault key. What is opened stays in memory, and hashes alone are sorted on the disk.
 */
export class Openings {
  readonly #reading: OpeningsReading;
  readonly #changes: Spool;
  readonly #lost: Spool;
  /** Leaf hashes of entries of cases that were opened */
  readonly #opened: Spool;
  /** Cases without a key, and whether the log says that they were erased */
  readonly #keyless: Spool;
  /** New openings of these */
  #unopenable = 0;
  #rows = 0;

  constructor(reading: OpeningsReading) {
    this.#reading = reading;
    const { spools } = reading;
    this.#changes = spools.spool();
    this.#lost = spools.spool();
    this.#opened = spools.spool();
    this.#keyless = spools.spool();
  }

  get result(): OpeningsResult {
    return { changes: this.#changes, lost: this.#lost, rows: this.#rows };
  }

  /** @param onRead told of each entry of a case, in no order */
  async *differences(
    db: Db,
    onRead: (entry: ReadEntry) => void,
  ): AsyncGenerator<Difference, void, undefined> {
    let rows: OpeningRow[] = [];
    for await (const row of readRows<OpeningRow>(db, openingsIn(this.#reading.part))) {
      rows.push(row);
      if (rows.length < atOnce) continue;
      yield* await this.#take(db, rows, onRead);
      rows = [];
    }
    yield* await this.#take(db, rows, onRead);
    yield* this.#withoutKey();
    yield* this.#unopened(db);
  }

  async #take(
    db: Db,
    rows: readonly OpeningRow[],
    onRead: (entry: ReadEntry) => void,
  ): Promise<Difference[]> {
    this.#rows += rows.length;
    const opened = rows.flatMap((row) => this.#open(row));
    const { size } = this.#reading.log;
    const leaves = opened.flatMap((one) => ('leaf' in one ? [one.leaf] : []));
    const places = await placesOf(db, { leaves, size });
    return opened.flatMap((one) => {
      if (!('leaf' in one)) return [one];
      const { opening, row, leaf } = one;
      const index = places.get(leaf);
      if (index === undefined) return [{ code: 'row-not-logged', table, id: idOf(row) }];
      const { entry } = opening;
      if ('digest' in entry) {
        this.#opened.add(toBase64url(Buffer.from(leaf, 'hex')));
        onRead(readEntry({ index, entry }, opening));
      }
      return [];
    });
  }

  #open(row: OpeningRow): (Difference | OpenedRow)[] {
    const { sanction } = row;
    const caseKey = sanction === null ? undefined : caseKeyOf(this.#reading.vault, row);
    if (sanction !== null && !caseKey) {
      this.#addChange(row, '');
      if (row.fresh) this.#unopenable++;
      this.#keyless.add(sanction, row.erased ? 'erased' : '');
      return [];
    }
    const opening = readOpening(row, caseKey);
    if (!opening) {
      this.#addChange(row, '');
      return [{ code: 'opening-invalid', table, id: idOf(row) }];
    }
    const leafHash = entryLeafHash(opening.entry);
    this.#addChange(row, toBase64url(leafHash));
    return [{ row, opening, leaf: Buffer.from(leafHash).toString('hex') }];
  }

  /** The calls of what was compared before were, too. */
  #addChange({ kid, jti, position, fresh }: OpeningRow, leaf: string): void {
    if (fresh) this.#changes.add(`${kid} ${jti}`, numbered(position), leaf);
  }

  /** The log says that a case was erased: a key that somebody made away with is missing. */
  *#withoutKey(): Generator<Difference> {
    let before: string | undefined;
    for (const [id = '', isErased] of this.#keyless.sorted()) {
      if (id === before) continue;
      before = id;
      this.#lost.add(id);
      if (isErased === '') yield { code: 'case-key-missing', table: 'case_keys', id };
    }
  }

  /** Finds what is left of the log: entries whose openings are gone, by the case they are of. */
  async *#unopened(db: Db): AsyncGenerator<Difference, void, undefined> {
    const { isLost, part } = this.#reading;
    const left = this.#left();
    if (part.to !== undefined) {
      for (const [, index, what = ''] of left.sorted()) yield unopened(index, what);
      return;
    }
    // As many as there are openings of cases without a key: theirs.
    if (left.size === this.#unopenable) return;
    for (const [index, type = '', id = ''] of (await this.#owned(db, left)).sorted()) {
      const place = { index: Number(index), what: type };
      const missing: Difference =
        id === ''
          ? { code: 'entry-without-row', table: 'sanctions', ...place }
          : { code: 'opening-missing', id, ...place };
      if (id !== '' && !isLost(missing)) this.#lost.add(id);
      yield missing;
    }
  }

  /** @returns `ref` or `pair`, index and type of entries that nothing opened */
  #left(): Spool {
    const { spools, log } = this.#reading;
    const left = spools.spool();
    const opened = new Ahead(this.#opened.sorted());
    for (const [leaf = '', index = '', type = '', about = ''] of log.sealedInOrder())
      if (opened.upTo(leaf).length === 0 && !this.#isNamed(index, type))
        left.add(about, index, type);
    return left;
  }

  /** A recovery named it, whosever it was. */
  #isNamed(index: string, type: string): boolean {
    const { isLost, part } = this.#reading;
    return part.to === undefined && isLost(unopened(index, type));
  }

  /** @returns index, type and case of entries, in the order of the log */
  async #owned(db: Db, left: Spool): Promise<Spool> {
    const owners = new Ahead((await this.#owners(db)).sorted());
    const found = this.#reading.spools.spool();
    let owner: Line | undefined;
    for (const [about = '', index = '', type = ''] of left.sorted()) {
      if (owner?.[0] !== about) owner = owners.upTo(about)[0];
      found.add(index, type, owner?.[1] ?? '');
    }
    return found;
  }

  /** `ref` of every case and `pair` of every disclosure, as the keys of the cases give them. */
  async #owners(db: Db): Promise<Spool> {
    const owners = this.#reading.spools.spool();
    for await (const row of readRows<OwnerRow>(db, allCases)) {
      const { sanction, parties } = row;
      const key = caseKeyOf(this.#reading.vault, row);
      if (!key) continue;
      owners.add(sanctionRef(key.salt('ref'), sanction), sanction);
      for (const party of parties)
        owners.add(disclosurePair(key.salt(`pair:${party}`), { sanction, party }), sanction);
    }
    return owners;
  }
}

/** An entry of a tail: whose it is stands nowhere. */
const unopened = (index: string | undefined, what: string): Difference => ({
  code: 'opening-missing',
  index: Number(index),
  what,
});

interface OpeningsReading {
  readonly vault: Vault;
  readonly log: LogLeaves;
  readonly part: Part;
  readonly spools: Spools;
  /** Whether an opening was lost for good: the rows of its case are compared all the same */
  readonly isLost: (missing: Difference) => boolean;
}

interface OpenedRow {
  readonly row: OpeningRow;
  readonly opening: Opening;
  /** Leaf hash of its entry, in hex */
  readonly leaf: string;
}

interface OwnerRow {
  readonly sanction: string;
  readonly wrapped: Uint8Array;
  readonly parties: readonly string[];
}

function openingsIn({ cases, isNewOpening }: Part): RawBuilder<OpeningRow> {
  const read = (fresh: RawBuilder<boolean>) => sql<OpeningRow>`
    select o.kid, o.jti, o.position, o.party, o.sanction, o.opening, k.wrapped,
      k.wrapped is null and ${erasedInLog} as erased, ${fresh} as fresh
    from openings o left join case_keys k on k.sanction = o.sanction
    left join sanctions s on s.id = o.sanction`;
  return isNewOpening
    ? sql<OpeningRow>`${read(isNewOpening)} where ${cases.has('o.sanction')}
        union all ${read(isNewOpening)} where o.sanction is null and ${isNewOpening}`
    : read(sql`true`);
}

const allCases = sql<OwnerRow>`
  select k.sanction, k.wrapped, array(
    select distinct party from disclosures d where d.sanction = k.sanction) as parties
  from case_keys k`;

const idOf = ({ kid, jti, position }: OpeningRow): string => `${kid} ${jti} ${position}`;

function caseKeyOf(
  vault: Vault,
  { sanction, wrapped }: { sanction: string | null; wrapped: Uint8Array | null },
): CaseKey | undefined {
  if (sanction === null || !wrapped) return undefined;
  try {
    return vault.openCase({ sanction, wrapped });
  } catch {
    return undefined;
  }
}

interface OpeningRow extends SealedRow {
  readonly wrapped: Uint8Array | null;
  /** There is no key, since the case was erased: the log says so */
  readonly erased: boolean;
  /** Its entry was not compared before */
  readonly fresh: boolean;
}
