import { entrySchema, jcs, type Entry } from '@recourse/protocol';
import { insertPending } from './store.ts';
import type { Db } from '../kernel/database.ts';
import type { RegistryFactsTable } from '../schema/calls.ts';

/** A fact about the registry that a database belongs to: fingerprints of secrets and announcements, never a secret. */
export interface RegistryFact {
  readonly name: string;
  readonly value: string;
  /** Goes into the ledger with the fact */
  readonly entry?: Entry;
}

/** The facts by name. */
export async function readFacts(db: Db): Promise<Map<string, RegistryFact>> {
  const rows = await db.selectFrom('registry_facts').selectAll().execute();
  return new Map(rows.map((row) => [row.name, toFact(row)]));
}

/** True where nothing of this registry is worth anything elsewhere. */
export const isSandbox = async (db: Db): Promise<boolean> =>
  (await readFacts(db)).get('mode')?.value === 'sandbox';

const toFact = ({ name, value, entry }: RegistryFactsTable): RegistryFact => ({
  name,
  value,
  ...(entry === null ? {} : { entry: entrySchema.parse(JSON.parse(entry)) }),
});

/**
 * Records facts that are not known yet, each with its ledger entry, in one transaction; a known fact never changes.
 * Of two servers that start at once on an empty database one writes, and both read what it wrote.
 */
export async function recordFacts(
  db: Db,
  facts: readonly RegistryFact[],
  at: Date,
): Promise<Map<string, RegistryFact>> {
  await db.transaction().execute(async (trx) => {
    const inserted = await trx
      .insertInto('registry_facts')
      .values(
        facts.map(({ name, value, entry }) => ({ name, value, entry: entry ? jcs(entry) : null })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning('name')
      .execute();
    const names = new Set(inserted.map(({ name }) => name));
    const entries = facts.flatMap(({ name, entry }) =>
      entry && names.has(name) ? [jcs(entry)] : [],
    );
    await insertPending(trx, entries, at);
  });
  return readFacts(db);
}
