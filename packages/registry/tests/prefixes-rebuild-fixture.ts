import { testId, type TestRegistry } from '@recourse/testkit';
import type { PrefixPublisher } from '@recourse/registry';
import { sql } from 'kysely';
import { allSets } from '../src/lookup/prefixes/version-store.ts';
import { insertBuilding } from '../src/lookup/prefixes/generation-store.ts';

/**
 * Lists tokens of the first epoch of no record: nobody marks them. Their places lie between those of records that are
 * made at this time.
 */
export async function seedListed(registry: TestRegistry, n: number): Promise<void> {
  const like = testId('snc', registry.now()).slice(0, 12);
  await sql`insert into listed_subjects (sanction, position, epoch, masked, until)
    select ${like} || left(md5(n::text), 16), 0, 1, floor(random() * 4294967296)::bigint, ${new Date(8e12)}
    from generate_series(1, ${n}::int) n`.execute(registry.ownerDb);
  await sql`analyze listed_subjects`.execute(registry.ownerDb);
}

/** Has a set made anew, of the width that it has, while it is published. */
export async function beginAnew(registry: TestRegistry): Promise<void> {
  await registry.ownerDb.transaction().execute(async (trx) => {
    const { bits } = await trx
      .selectFrom('prefix_sets')
      .select('bits')
      .where('epoch', '=', 1)
      .executeTakeFirstOrThrow();
    await insertBuilding(trx, { epoch: 1, bits });
  });
}

/** What is being made or deleted, and by which counts each set is led on. */
export async function stateOf({ db }: TestRegistry) {
  const counts = await sql<{ epoch: number; generation: number }>`
    select distinct epoch, generation from prefix_counts order by 1, 2`.execute(db);
  const open = await db.selectFrom('prefix_generations').selectAll().execute();
  const sets = await allSets(db);
  return { counts: counts.rows, open, sets };
}

/** Steps until nothing is left to do. @returns versions, and steps */
export async function finish(
  publisher: PrefixPublisher,
): Promise<{ versions: number; steps: number }> {
  for (let versions = 0, steps = 1; ; steps++) {
    const step = await publisher.step();
    versions += step.versions;
    if (!step.more) return { versions, steps };
  }
}
