import type { Version } from '../../context/published-sets.ts';
import { PrefixSet } from '@recourse/blind/prefixes';
import { equalBytes, hashText } from '@recourse/protocol';
import { sql } from 'kysely';
import type { Vault } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import { compareListed, unmasked } from '../../lookup/prefixes/fold.ts';
import { foldedAt, listedIn, listedOf, liveSubjects } from '../../lookup/prefixes/fold-store.ts';
import { mostPrefixBits } from '../../kernel/bounds.ts';
import { keptDays } from '../../lookup/prefixes/prefix-list.rules.ts';
import { newestVersion } from '../../lookup/prefixes/version-store.ts';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import type { Difference } from './difference.ts';
import { readRows } from './read-rows.ts';

/** Published versions, each with the hash of its header. */
export const prefixVersions: Kind = {
  table: 'prefix_versions',
  keptDays,
  said: {
    // A recovery throws all versions away.
    restored: () => [{ forgets: true }],
    'prefix-set': ({ epoch, version, hash }) => logged('header', epoch, version, hash),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<Pick<Version, 'epoch' | 'version' | 'header'>>(
      db,
      sql`select epoch, version, header from prefix_versions`,
    );
    for await (const { epoch, version, header } of rows) {
      const keys = [says('header', epoch, version, hashText(header))];
      yield { id: `${epoch} ${version}`, keys };
    }
  },
};

const atOnce = 1_000;

/** What is counted is what the records come to, and the newest sets are what is counted. What waits to be folded is not looked at. */
export async function* comparePrefixes(
  db: Db,
  vault: Vault,
): AsyncGenerator<Difference, void, undefined> {
  yield* compareRecords(db, vault);
  for (const { epoch } of await db.selectFrom('prefix_sets').select('epoch').execute()) {
    const newest = await newestVersion(db, epoch);
    if (newest) yield* compareCounts(db, { vault, newest });
  }
}

async function* compareRecords(db: Db, vault: Vault): AsyncGenerator<Difference, void, undefined> {
  const table = 'listed_subjects';
  const now = await foldedAt(db);
  for (let after = ''; ;) {
    const sanctions = await foldedAfter(db, after);
    const live = await liveSubjects(db, { sanctions, now });
    const folded = new Set(sanctions);
    const listed = (await listedOf(db, { sanctions, now })).filter(({ sanction }) =>
      folded.has(sanction),
    );
    const { come, gone, moved } = compareListed(vault, { live, listed });
    for (const { sanction: id, position } of [...come, ...moved]) {
      yield { code: 'prefixes-differ', table, id: `${id} ${position}`, what: 'not counted' };
    }
    for (const { sanction: id, position } of gone) {
      yield { code: 'prefixes-differ', table, id: `${id} ${position}`, what: 'counted' };
    }
    const last = sanctions.at(-1);
    if (last === undefined) return;
    after = last;
  }
}

/** Records that nothing of waits to be folded, in the order of their ids. */
async function foldedAfter(db: Db, after: string): Promise<string[]> {
  const rows = await db
    .selectFrom('sanctions as s')
    .select('s.id')
    .where('s.id', '>', after)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('prefix_changes as c').select('c.seq').whereRef('c.sanction', '=', 's.id'),
        ),
      ),
    )
    .orderBy('s.id')
    .limit(atOnce)
    .execute();
  return rows.map(({ id }) => id);
}

async function* compareCounts(
  db: Db,
  { vault, newest }: { vault: Vault; newest: Version },
): AsyncGenerator<Difference, void, undefined> {
  const { epoch, version, bits } = newest;
  const counts = new Map<number, number>();
  for await (const rows of listedIn(db, epoch)) {
    for (const row of rows) {
      const prefix = unmasked(vault, row) >>> (mostPrefixBits - bits);
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  const set = PrefixSet.of(Uint32Array.from(counts.keys()).sort(), bits);
  if (!equalBytes(set.checksum(), newest.checksum)) {
    const table = 'prefix_versions';
    yield { code: 'prefixes-differ', table, id: `${epoch} ${version}`, what: 'checksum' };
  }
  const rows = await db
    .selectFrom('prefix_counts')
    .select(['prefix', 'n'])
    .where('epoch', '=', epoch)
    .execute();
  for (const { prefix, n } of rows) {
    if (counts.get(prefix) !== n) yield differingCount(epoch, prefix);
    counts.delete(prefix);
  }
  for (const prefix of counts.keys()) yield differingCount(epoch, prefix);
}

const differingCount = (epoch: number, prefix: number): Difference => ({
  code: 'prefixes-differ',
  table: 'prefix_counts',
  id: `${epoch} ${prefix}`,
});
