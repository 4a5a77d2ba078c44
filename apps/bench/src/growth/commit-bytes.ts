import { publicPart, thumbprint } from '@recourse/protocol';
import { connect, GroupCommit, serviceRole, type Db, type PendingRead } from '@recourse/registry';
import { sql } from 'kysely';
import { committing, evaluationOf, matchUnder, type Caller } from '../fleet/made-up-reads.ts';
import { atMost, round, type Bar, type Report } from '../report.ts';
import { insertPlatforms } from '../told-platforms.ts';

const platforms = 8;
const warmGroups = 500;
const calls = 8_000;

interface Side {
  readonly reads: number;
  readonly isMatch?: boolean;
  /** Bytes of WAL and of the audit for each, at most */
  readonly bars: readonly [wal: number, audit?: number];
}

const sides: Readonly<Record<string, Side>> = {
  'a lone evaluation': { reads: 1, bars: [1_200, 300] },
  'an evaluation in a group of 8': { reads: 8, bars: [700, 200] },
  'a lone match without a hit': { reads: 1, isMatch: true, bars: [900] },
};

/** Bytes that the commit of a read costs, with the entry of its group as it waits for the log. No checkpoint falls in it. */
export async function measureCommits(
  url: string,
  owner: Db,
): Promise<Pick<Report, 'rows' | 'bars'>> {
  const db = connect({ url, role: serviceRole, connections: 1 });
  const group = new GroupCommit(committing(db), {});
  const callers = await callersIn(owner);
  const rows: Report['rows'][number][] = [];
  const bars: Bar[] = [];
  try {
    for (const [call, side] of Object.entries(sides)) {
      await commitAll(group, await make(group, { callers, side, groups: warmGroups }));
      const reads = await make(group, { callers, side, groups: calls / side.reads });
      const before = await sizes(owner);
      await commitAll(group, reads);
      const after = await sizes(owner);
      const each = (what: keyof Sizes): number => (after[what] - before[what]) / calls;
      const [wal, audit] = side.bars;
      rows.push({
        call,
        'WAL B': round(each('wal')),
        'audit B': round(each('audit')),
        'check B': round(each('checks')),
      });
      bars.push(atMost(`${call}: bytes of WAL`, each('wal'), wal));
      if (audit) bars.push(atMost(`${call}: bytes of the audit`, each('audit'), audit));
    }
  } finally {
    await group.close();
    await db.destroy();
  }
  return { rows, bars };
}

async function callersIn(owner: Db): Promise<Caller[]> {
  const crowd = await insertPlatforms(owner, { count: platforms, keyed: platforms });
  await owner.updateTable('parties').set({ elements_per_day: 100_000_000 }).execute();
  return crowd.map(({ party, privateJwk }) => ({
    party,
    kid: thumbprint(publicPart(privateJwk!)),
  }));
}

interface Making {
  readonly callers: readonly Caller[];
  readonly side: Side;
  readonly groups: number;
}

/** Reads by their groups, of platforms of their own. A match comes under an evaluation that was committed before. */
async function make(
  group: GroupCommit,
  { callers, side: { reads, isMatch }, groups }: Making,
): Promise<PendingRead[][]> {
  const all = Array.from({ length: groups }, () =>
    callers.slice(0, reads).map((caller) => evaluationOf(caller)),
  );
  if (!isMatch) return all;
  await commitAll(group, all);
  return all.map((evaluations) =>
    evaluations.map((evaluation, place) => matchUnder(evaluation, callers[place]!)),
  );
}

async function commitAll(group: GroupCommit, groups: readonly PendingRead[][]): Promise<void> {
  for (const reads of groups) await commit(group, reads);
}

async function commit(group: GroupCommit, reads: readonly PendingRead[]): Promise<void> {
  for (const committed of await Promise.all(reads.map((read) => group.submit(read)))) {
    if (!('answer' in committed)) throw new Error('a read fell out of its group');
  }
}

interface Sizes {
  readonly wal: number;
  readonly audit: number;
  readonly checks: number;
}

async function sizes(owner: Db): Promise<Sizes> {
  const { rows } = await sql<Sizes>`
    select (pg_current_wal_insert_lsn() - '0/0')::float8 as wal,
      (pg_total_relation_size('audit') + pg_total_relation_size('audit_groups'))::float8 as audit,
      pg_total_relation_size('checks')::float8 as checks`.execute(owner);
  return rows[0]!;
}
