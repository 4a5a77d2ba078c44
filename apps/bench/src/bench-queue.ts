import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, LedgerGuard, migrate, Sequencer, type Db } from '@recourse/registry';
import { startEmbeddedPostgres } from '@recourse/server/embedded-postgres';
import { sql } from 'kysely';
import type { BenchOptions } from './bench-calls.ts';
import { atMost, progress, round, type Report } from './report.ts';
import { median } from './statistics.ts';

/** Commits that wait at a step: what 250 a second leave in a fifth of one */
const waiting = 50;
/** Steps that are measured at each end */
const measured = 21;

/** Buffers of 8 kB that a turn of a server reads */
interface Turn {
  /** To see whether anything waits, in the queue */
  readonly look: number;
  /** To take what waits, in the queue */
  readonly take: number;
  /** A whole turn, in all tables */
  readonly all: number;
}

/**
 * What the sequencer reads of the log's queue for the same commits that wait: at first, and while somebody has held a
 * snapshot for so many commits, beside which no row that was taken can be cleared away.
 */
export async function benchQueue({ entries }: Pick<BenchOptions, 'entries'>): Promise<Report> {
  const commits = Math.round(entries / 10);
  const dataDir = await mkdtemp(join(tmpdir(), 'recourse-bench-queue-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const owner = connect({ url: postgres.ownerUrl, connections: 2 });
  // One connection, whose counters are those of the server.
  const db = connect({ url: postgres.url, role: 'recourse_service', connections: 1 });
  try {
    await migrate({ url: postgres.ownerUrl });
    const server = new OneServer(db, owner);
    const first = await server.measure();
    const held = await owner
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (snapshot) => {
        await sql`select count(*) from ledger_pending`.execute(snapshot);
        for (let done = 0; done < commits; done += waiting) {
          await server.turn();
          if (done % 10_000 === 0) progress(`${done} of ${commits} commits`);
        }
        return server.measure();
      });
    return report({ first, held }, commits);
  } finally {
    await db.destroy();
    await owner.destroy();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Does what a server does with the queue, and reads the counters of its connection between. */
class OneServer {
  readonly #db: Db;
  readonly #owner: Db;
  readonly #sequencer: Sequencer;
  readonly #guard = new LedgerGuard();

  constructor(db: Db, owner: Db) {
    this.#db = db;
    this.#owner = owner;
    this.#sequencer = new Sequencer(db);
  }

  /** Commits what waits, looks at it, takes it. */
  async turn(): Promise<void> {
    await this.#commit();
    await this.#guard.backlog.look(this.#db);
    await this.#step();
  }

  /** The medians of some turns. */
  async measure(): Promise<Turn> {
    const turns: Turn[] = [];
    for (let i = 0; i < measured; i++) turns.push(await this.#measuredTurn());
    const middle = (figure: keyof Turn): number => median(turns.map((turn) => turn[figure]));
    return { look: middle('look'), take: middle('take'), all: middle('all') };
  }

  async #measuredTurn(): Promise<Turn> {
    await this.#commit();
    const before = await this.#read();
    await this.#guard.backlog.look(this.#db);
    const looked = await this.#read();
    await this.#step();
    const after = await this.#read();
    return {
      look: looked.queue - before.queue,
      take: after.queue - looked.queue,
      all: after.all - before.all,
    };
  }

  async #step(): Promise<void> {
    const { added } = await this.#sequencer.step();
    if (added !== waiting) throw new Error(`a step took ${added} of ${waiting}`);
  }

  async #commit(): Promise<void> {
    await sql`insert into ledger_pending (entries, at)
      select array['entry ' || gen_random_uuid()], now() from generate_series(1, ${waiting}::int)`.execute(
      this.#owner,
    );
  }

  async #read(): Promise<{ queue: number; all: number }> {
    await sql`select pg_stat_force_next_flush()`.execute(this.#db);
    const { rows } = await sql<{ queue: number; all: number }>`
      select (sum(b.n) filter (where b.relname = 'ledger_pending'))::float8 as queue, sum(b.n)::float8 as all
      from (select relname, coalesce(heap_blks_read + heap_blks_hit, 0) + coalesce(idx_blks_read + idx_blks_hit, 0)
        + coalesce(toast_blks_read + toast_blks_hit, 0) as n from pg_statio_user_tables) b`.execute(
      this.#db,
    );
    return rows[0]!;
  }
}

const report = ({ first, held }: Record<'first' | 'held', Turn>, commits: number): Report => ({
  bench: 'queue',
  setting: { commits, waiting },
  rows: [
    ['at first', first] as const,
    [`a snapshot held for ${commits} commits`, held] as const,
  ].map(([queue, turn]) => ({
    queue,
    'look, buffers': round(turn.look),
    'take, buffers': round(turn.take),
    'a turn, all tables': round(turn.all),
  })),
  bars: [atMost('buffers of the queue, of those at first', sum(held) / sum(first), 2)],
  notes: [
    `Each turn ${waiting} commits wait. It looks whether any do, and takes them.`,
    'Nothing vacuums the queue while the snapshot is held: it could clear nothing away.',
  ],
});

const sum = ({ look, take }: Turn): number => look + take;
