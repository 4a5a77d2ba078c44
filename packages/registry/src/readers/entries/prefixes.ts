import type { Version } from '../../context/published-sets.ts';
import { PrefixSet, PrefixTally } from '@recourse/blind/prefixes';
import { equalBytes, hashText } from '@recourse/protocol';
import { sql } from 'kysely';
import type { Vault } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import { compareListed, unmasked } from '../../lookup/prefixes/fold.ts';
import { checksumOf } from '../../lookup/prefixes/known-sets.ts';
import { foldedAt, listedIn, listedOf, liveSubjects } from '../../lookup/prefixes/fold-store.ts';
import { generations, type Building, type Counts } from '../../lookup/prefixes/generation-store.ts';
import { keptDays } from '../../lookup/prefixes/prefix-list.rules.ts';
import { allSets, newestVersion } from '../../lookup/prefixes/version-store.ts';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import type { Difference } from './difference.ts';
import { readRows } from './read-rows.ts';
import type { Scope } from './scope.ts';

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

/**
 * Compares what is counted with what the records come to, and the newest sets with what is counted. What waits to be
 * folded is not looked at.
 */
export async function* comparePrefixes(
  db: Db,
  { vault, cases, isWhole }: { vault: Vault; cases: Scope; isWhole: boolean },
): AsyncGenerator<Difference, void, undefined> {
  yield* compareRecords(db, { vault, cases });
  // A count is that of every record under its prefix.
  if (!isWhole) return;
  for (const { epoch, generation } of await allSets(db)) {
    const newest = await newestVersion(db, epoch);
    if (!newest || generation === null) continue;
    const set = yield* compareCounts(db, { vault, counts: { ...newest, generation } });
    if (!equalBytes(await checksumOf(set), newest.checksum)) {
      const [table, id] = ['prefix_versions', `${epoch} ${newest.version}`];
      yield { code: 'prefixes-differ', table, id, what: 'checksum' };
    }
  }
  for (const made of await generations(db)) {
    if (made.dropped_to === null) yield* compareCounts(db, { vault, counts: made });
  }
}

async function* compareRecords(
  db: Db,
  { vault, cases }: { vault: Vault; cases: Scope },
): AsyncGenerator<Difference, void, undefined> {
  const table = 'listed_subjects';
  const now = await foldedAt(db);
  for (let after = ''; ;) {
    const sanctions = await foldedAfter(db, { after, cases });
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
async function foldedAfter(
  db: Db,
  { after, cases }: { after: string; cases: Scope },
): Promise<string[]> {
  const rows = await db
    .selectFrom('sanctions as s')
    .select('s.id')
    .where('s.id', '>', after)
    .where(cases.has('s.id'))
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

/** Counts of one width, up to a place where they are being made. */
type ComparedCounts = Counts & { readonly bits: number } & Partial<
    Pick<Building, 'sanction' | 'position'>
  >;

async function* compareCounts(
  db: Db,
  { vault, counts }: { vault: Vault; counts: ComparedCounts },
): AsyncGenerator<Difference, PrefixSet, undefined> {
  const { epoch, bits } = counts;
  const tally = await tallyOf(db, vault, counts);
  const sorted = new Uint32Array(tally.size);
  let size = 0;
  const stored = countsOf(db, counts);
  let row = await stored.next();
  for (const { prefix, n } of eachOf(tally, bits)) {
    sorted[size++] = prefix;
    for (; !row.done && row.value.prefix < prefix; row = await stored.next()) {
      yield differingCount(epoch, row.value.prefix);
    }
    const isThere = !row.done && row.value.prefix === prefix;
    if (!isThere || row.value.n !== n) yield differingCount(epoch, prefix);
    if (isThere) row = await stored.next();
  }
  for (; !row.done; row = await stored.next()) yield differingCount(epoch, row.value.prefix);
  return PrefixSet.of(sorted.subarray(0, size), bits);
}

async function tallyOf(
  db: Db,
  vault: Vault,
  { epoch, sanction = null, position = null }: ComparedCounts,
): Promise<PrefixTally> {
  const upTo = sanction === null || position === null ? undefined : { sanction, position };
  const tally = new PrefixTally();
  for await (const rows of listedIn(db, epoch, upTo)) {
    for (const row of rows) tally.add(unmasked(vault, row));
  }
  return tally;
}

interface PrefixCount {
  readonly prefix: number;
  readonly n: number;
}

/** As they are stored, ascending. */
const countsOf = (db: Db, { epoch, generation }: Counts): AsyncGenerator<PrefixCount> =>
  readRows(
    db,
    sql`select prefix, n from prefix_counts
      where epoch = ${sql.lit(epoch)} and generation = ${sql.lit(generation)} order by prefix`,
  );

/** As the tokens come to, ascending. */
function* eachOf(tally: PrefixTally, bits: number): Generator<PrefixCount> {
  for (const { prefixes, counts } of tally.counted(bits)) {
    for (const [i, prefix] of prefixes.entries()) yield { prefix, n: counts[i]! };
  }
}

const differingCount = (epoch: number, prefix: number): Difference => ({
  code: 'prefixes-differ',
  table: 'prefix_counts',
  id: `${epoch} ${prefix}`,
});
