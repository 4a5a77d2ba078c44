import type { TestRegistry } from '@recourse/testkit';
import { sql, type Transaction } from 'kysely';
import {
  type CaseKey,
  placeOf,
  sealedColumns,
  type Place,
  type SealedColumn,
} from '../src/vault/vault.ts';
import type { Database } from '../src/kernel/database.ts';

export const sealedNames = Object.keys(sealedColumns) as SealedColumn[];

interface SealedValue {
  readonly name: SealedColumn;
  readonly ctid?: string;
  readonly place: Place;
  readonly value: Uint8Array;
}

export interface Swaps {
  readonly tried: number;
  /** Pairs of columns, where a value of the first opened as one of the second */
  readonly opened: readonly string[];
}

/** Where the history left no value: one of a row that is not there. */
function madeUp(name: SealedColumn, key: CaseKey): SealedValue {
  const id = Object.fromEntries(sealedColumns[name].map((column) => [column, 'made-up']));
  const place = placeOf(name, id as Parameters<typeof placeOf>[1]);
  return { name, place, value: key.seal(Buffer.from('Words of one case.'), place) };
}

/**
 * Whoever has the database, but not the vault, moves sealed values: of each column one into every other column, and into
 * two other rows of its own. Nothing of it is kept.
 */
export async function swapSealed(registry: TestRegistry): Promise<Swaps> {
  const tried: string[] = [];
  const opened: string[] = [];
  const keys = await caseKeys(registry);
  const roll = new Error('roll back');
  const swapping = registry.ownerDb.transaction().execute(async (trx) => {
    const [first] = keys;
    if (!first) throw new Error('no case');
    const all = new Map<SealedColumn, SealedValue[]>();
    for (const name of sealedNames) {
      const rows = (await rowsOf(trx, name)).filter((row) => opens(registry, keys, row));
      all.set(name, rows.length > 0 ? rows : [madeUp(name, first)]);
    }
    for (const [from, [moved]] of all) {
      for (const [to, rows] of all) {
        for (const row of from === to ? rows.slice(1, 3) : rows.slice(0, 1)) {
          const held = moved && (await move(trx, moved, row));
          if (!held) continue;
          tried.push(`${from} > ${to}`);
          if (opens(registry, keys, { ...row, value: held })) opened.push(`${from} > ${to}`);
        }
      }
    }
    throw roll;
  });
  await swapping.catch((error: unknown) => {
    if (error !== roll) throw error;
  });
  return { tried: tried.length, opened };
}

/** @returns what stands there then; nothing where the database refused it */
async function move(
  trx: Transaction<Database>,
  { value }: SealedValue,
  to: SealedValue,
): Promise<Uint8Array | undefined> {
  if (to.ctid === undefined) return value;
  const [table, column] = to.name.split('.') as [string, string];
  await sql`savepoint swap`.execute(trx);
  try {
    const { rows } = await sql<{ held: Uint8Array }>`
      update ${sql.table(table)} set ${sql.ref(column)} = ${Buffer.from(value)}
      where ctid = ${to.ctid}::text::tid returning ${sql.ref(column)} as held`.execute(trx);
    return rows[0]?.held;
  } catch {
    return undefined;
  } finally {
    await sql`rollback to savepoint swap`.execute(trx);
  }
}

async function rowsOf(trx: Transaction<Database>, name: SealedColumn): Promise<SealedValue[]> {
  const [table, column] = name.split('.') as [string, string];
  const { rows } = await sql<{ ctid: string; value: Uint8Array; row: Record<string, string> }>`
    select t.ctid::text as ctid, ${sql.ref(column)} as value, to_jsonb(t) as row
    from ${sql.table(table)} t where octet_length(${sql.ref(column)}) > 28 order by t.ctid`.execute(
    trx,
  );
  return rows.map(({ ctid, value, row }) => {
    return { name, ctid, value, place: placeOf(name, row as Parameters<typeof placeOf>[1]) };
  });
}

async function caseKeys({ db, services }: TestRegistry): Promise<CaseKey[]> {
  const rows = await db.selectFrom('case_keys').selectAll().execute();
  return rows.map((row) => services.vault.openCase(row));
}

/** With whichever key: a case key may have been moved as well. */
function opens(
  { services }: TestRegistry,
  keys: readonly CaseKey[],
  { name, place, value }: Pick<SealedValue, 'name' | 'place' | 'value'>,
): boolean {
  const attempt = (open: () => unknown): boolean => {
    try {
      open();
      return true;
    } catch {
      return false;
    }
  };
  if (name === 'case_keys.wrapped') {
    const [sanction = ''] = place.id;
    return attempt(() => services.vault.openCase({ sanction, wrapped: value }));
  }
  return keys.some((key) => attempt(() => key.open(value, place)));
}
