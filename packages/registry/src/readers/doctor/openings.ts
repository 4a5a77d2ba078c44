import {
  disclosurePair,
  entryLeafHash,
  openingSchema,
  sanctionRef,
  toBase64url,
  verifyOpening,
  type Opening,
} from '@recourse/protocol';
import { sql } from 'kysely';
import { type CaseKey, type Vault, placeOf } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import type { ReadEntry } from '../entries/comparison.ts';
import type { Difference } from '../entries/difference.ts';
import type { LogIndex, PlacedEntry, SealedEntry } from './log-index.ts';
import { readRows } from '../entries/read-rows.ts';

const table = 'openings';

/** The calls that caused openings, as these say. */
export interface OpeningsResult {
  /** Leaf hashes of the entries of a call, by `kid jti` and position */
  readonly changes: ReadonlyMap<string, readonly Uint8Array[]>;
  /** Calls some of whose openings cannot be read */
  readonly unread: ReadonlySet<string>;
  /** Cases with entries that nobody can open */
  readonly lost: ReadonlySet<string>;
  readonly rows: number;
}

/**
 * Reads every opening, and finds its entry in the log. Whoever has the database alone can neither make an opening of a
 * case nor read one: both take the vault key.
 */
export class Openings {
  readonly #vault: Vault;
  readonly #log: LogIndex;
  readonly #isLost: (missing: Difference) => boolean;
  readonly #changes = new Map<string, Uint8Array[]>();
  readonly #unread = new Set<string>();
  readonly #lost = new Set<string>();
  readonly #keyless = new Set<string>();
  readonly #sealed: Map<string, PlacedEntry<SealedEntry>>;
  #unreadSealed = 0;
  #rows = 0;

  /** @param reading.isLost whether an opening was lost for good: the rows of its case are compared all the same */
  constructor(reading: { vault: Vault; log: LogIndex; isLost: (missing: Difference) => boolean }) {
    this.#isLost = reading.isLost;
    this.#vault = reading.vault;
    this.#log = reading.log;
    this.#sealed = new Map(reading.log.sealed);
  }

  get result(): OpeningsResult {
    return {
      changes: this.#changes,
      unread: this.#unread,
      lost: this.#lost,
      rows: this.#rows,
    };
  }

  /** @param onRead told of each entry of a case, in no order */
  async *differences(
    db: Db,
    onRead: (entry: ReadEntry) => void,
  ): AsyncGenerator<Difference, void, undefined> {
    const rows = readRows<OpeningRow>(
      db,
      sql`select o.kid, o.jti, o.position, o.party, o.sanction, o.opening, k.wrapped,
          s.erased_leaf as erased
        from openings o left join case_keys k on k.sanction = o.sanction
        left join sanctions s on s.id = o.sanction`,
    );
    for await (const row of rows) {
      this.#rows++;
      const difference = this.#take(row, onRead);
      if (difference) yield difference;
    }
    yield* this.#refsOf(db);
  }

  #take(row: OpeningRow, onRead: (entry: ReadEntry) => void): Difference | undefined {
    const id = `${row.kid} ${row.jti} ${row.position}`;
    const caseKey = row.sanction === null ? undefined : this.#caseKey(row);
    if (row.sanction !== null && !caseKey) return this.#keyLost(row, row.sanction);
    const opening = readOpening(row, caseKey);
    if (!opening) {
      this.#doubt(row);
      return { code: 'opening-invalid', table, id };
    }
    const leafHash = entryLeafHash(opening.entry);
    this.#note(row, leafHash);
    const leaf = toBase64url(leafHash);
    if (row.sanction === null) {
      return this.#log.public.has(leaf) ? undefined : { code: 'row-not-logged', table, id };
    }
    const placed = this.#sealed.get(leaf);
    if (!placed) return { code: 'row-not-logged', table, id };
    this.#sealed.delete(leaf);
    onRead(readEntry(placed, opening));
    return undefined;
  }

  /** Finds what is left of the log: entries whose openings are gone, by the case they are of. */
  async *#refsOf(db: Db): AsyncGenerator<Difference, void, undefined> {
    // As many as there are openings of cases without a key: theirs.
    const isAccountedFor = this.#sealed.size === this.#unreadSealed;
    const owners = isAccountedFor ? new Map<string, string>() : await this.#owners(db);
    for (const { index, entry } of isAccountedFor ? [] : this.#sealed.values()) {
      const sanction = owners.get('ref' in entry ? entry.ref : entry.pair);
      const missing: Difference =
        sanction === undefined
          ? { code: 'entry-without-row', table: 'sanctions', index, what: entry.type }
          : { code: 'opening-missing', id: sanction, index, what: entry.type };
      if (sanction !== undefined && !this.#isLost(missing)) this.#lost.add(sanction);
      yield missing;
    }
  }

  /** `ref` of every case and `pair` of every disclosure, as the keys of the cases give them. */
  async #owners(db: Db): Promise<Map<string, string>> {
    const owners = new Map<string, string>();
    const rows = readRows<{ sanction: string; wrapped: Uint8Array; parties: string[] }>(
      db,
      sql`select k.sanction, k.wrapped, array(
          select distinct party from disclosures d where d.sanction = k.sanction) as parties
        from case_keys k`,
    );
    for await (const { sanction, wrapped, parties } of rows) {
      const key = this.#open({ sanction, wrapped });
      if (!key) continue;
      owners.set(sanctionRef(key.salt('ref'), sanction), sanction);
      for (const party of parties) {
        owners.set(disclosurePair(key.salt(`pair:${party}`), { sanction, party }), sanction);
      }
    }
    return owners;
  }

  #caseKey({ sanction, wrapped }: OpeningRow): CaseKey | undefined {
    return sanction !== null && wrapped ? this.#open({ sanction, wrapped }) : undefined;
  }

  #open(row: { sanction: string; wrapped: Uint8Array }): CaseKey | undefined {
    try {
      return this.#vault.openCase(row);
    } catch {
      return undefined;
    }
  }

  #keyLost(row: OpeningRow, sanction: string): Difference | undefined {
    this.#doubt(row);
    this.#unreadSealed++;
    if (this.#keyless.has(sanction)) return undefined;
    this.#keyless.add(sanction);
    this.#lost.add(sanction);
    if (this.#isErased(row)) return undefined;
    return { code: 'case-key-missing', table: 'case_keys', id: sanction };
  }

  /** The log says so: a key that somebody made away with is missing. */
  #isErased({ erased }: OpeningRow): boolean {
    const placed = erased && this.#log.sealed.get(toBase64url(erased));
    return placed?.entry.type === 'erased';
  }

  #doubt({ kid, jti }: OpeningRow): void {
    this.#unread.add(`${kid} ${jti}`);
  }

  #note({ kid, jti, position }: OpeningRow, leaf: Uint8Array): void {
    const call = `${kid} ${jti}`;
    const leaves = this.#changes.get(call) ?? [];
    leaves[position] = leaf;
    this.#changes.set(call, leaves);
  }
}

interface SealedRow {
  readonly kid: string;
  readonly jti: string;
  readonly position: number;
  readonly party: string;
  readonly sanction: string | null;
  readonly opening: Uint8Array;
}

interface OpeningRow extends SealedRow {
  readonly wrapped: Uint8Array | null;
  /** Leaf hash of the entry that says that its case was erased */
  readonly erased: Uint8Array | null;
}

/** The opening as it was sealed, when it opens its entry under the salts of its own case. */
export function readOpening(row: SealedRow, caseKey: CaseKey | undefined): Opening | undefined {
  try {
    const json: unknown = caseKey
      ? caseKey.openJson(row.opening, placeOf('openings.opening', row))
      : JSON.parse(Buffer.from(row.opening).toString('utf8'));
    const opening = openingSchema.parse(json);
    verifyOpening(opening);
    return isOfRow(opening, row, caseKey) ? opening : undefined;
  } catch {
    // Not sealed by this key, not JSON, or no opening: nothing of it is told.
    return undefined;
  }
}

function isOfRow(
  { entry, sanction, party, refSalt, pairSalt }: Opening,
  row: SealedRow,
  caseKey: CaseKey | undefined,
): boolean {
  if (!caseKey) return 'detail' in entry;
  if (sanction !== row.sanction) return false;
  if ('ref' in entry) return refSalt === caseKey.salt('ref');
  return 'pair' in entry && party === row.party && pairSalt === caseKey.salt(`pair:${row.party}`);
}

export function readEntry({ index, entry }: PlacedEntry<SealedEntry>, opening: Opening): ReadEntry {
  const { type, at } = entry;
  const { sanction, party, detail = {} } = opening;
  const ack = 'ack' in entry ? entry.ack : undefined;
  return { index, type, at, detail, sanction, party, ack };
}
