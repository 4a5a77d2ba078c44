import { setTimeout as delay } from 'node:timers/promises';
import { connect, paces, type Db } from '@recourse/registry';
import { freePort } from '@recourse/server/embedded-postgres';
import { sql } from 'kysely';
import type { BenchOptions } from './bench-calls.ts';
import { submitOne, withdrawOne } from './history/one-record.ts';
import { copyEnded, rotate } from './history/past-records.ts';
import { atLeast, atMost, progress, round, type Report } from './report.ts';
import { openStage, type Stage } from './stage.ts';

const tables = ['checks', 'answers', 'events'] as const;
type Table = (typeof tables)[number];
type Counts = Record<Table, number>;

const lookMs = 500;
/** The slowest loop looks every five minutes; it is given one look before */
const failingKind = 'contacts';
/** A bar of a minute would say nothing of kinds that look more seldom */
const slow = ['untokenised', 'standings', 'inspectionDraws'];

/**
 * How fast rows whose time is over are deleted, beside ended records that nothing is due of, under two live epochs,
 * while one kind of due work fails at each look; and how long other kinds wait for their pass meanwhile.
 */
export async function benchExpiry({ records }: Pick<BenchOptions, 'records'>): Promise<Report> {
  const metricsPort = await freePort();
  const stage = await openStage({ settings: { RECOURSE_METRICS_PORT: String(metricsPort) } });
  const owner = connect({ url: stage.ownerUrl, connections: 2 });
  try {
    const ended = records * 10;
    const sanction = await submitOne(stage, { by: 'Harbour' });
    await withdrawOne(stage, sanction);
    progress(`${ended} ended records`);
    await copyEnded(owner, sanction, ended);
    await rotate(owner, stage, [5]);
    await sql`revoke execute on function case_news from public`.execute(owner);
    const each = records * 10;
    progress(`${each} rows of each of ${tables.join(', ')}`);
    await expire(owner, { sanction, each });
    const watched = await watch({ owner, stage, metricsPort });
    return report(watched, { ended, each });
  } finally {
    await owner.destroy();
    await stage.close();
  }
}

/** Rows that were kept long enough, as calls leave them. */
async function expire(
  owner: Db,
  { sanction, each }: { sanction: string; each: number },
): Promise<void> {
  await owner.transaction().execute(async (trx) => {
    for (const table of tables)
      await sql.raw(`alter table ${table} disable trigger user`).execute(trx);
    await sql`insert into checks (id, party, purpose, elements, at, asked)
      select 'chk_01k' || lpad(to_hex(n), 23, '0'), (select party from sanctions where id = ${sanction}), 'signup', 1,
        now() - interval '31 days', '{}'
      from generate_series(1, ${each}::int) n`.execute(trx);
    await sql`insert into answers (kid, jti, iss, op, input_hash, req, status, body, receipt, at)
      select 'bench', 'jti-' || n, party, 'sanctions.submit', repeat('h', 43), repeat('r', 43), 200,
        decode(repeat('ab', 300), 'hex'), repeat('c', 700), now() - interval '31 days'
      from sanctions, generate_series(1, ${each}::int) n where id = ${sanction}`.execute(trx);
    await sql`insert into events (id, party, type, sanction, body, at, acked_at)
      select 'evt_01k' || lpad(to_hex(n), 23, '0'), party, 'appeal-opened', id, '{"version": 1}',
        now() - interval '40 days', now() - interval '31 days'
      from sanctions, generate_series(1, ${each}::int) n where id = ${sanction}`.execute(trx);
    for (const table of tables)
      await sql.raw(`alter table ${table} enable trigger user`).execute(trx);
  });
  await sql`vacuum analyze checks, answers, events`.execute(owner);
}

interface Look {
  readonly at: number;
  readonly left: Counts;
}

interface Watched {
  readonly looks: readonly Look[];
  /** Seconds that a kind waited for the end of a pass, at most */
  readonly waited: Readonly<Record<string, number>>;
  readonly failures: number;
}

/** Watches from the first row that goes to the last, and then until each kind has had its turn. */
async function watch({
  owner,
  metricsPort,
}: {
  owner: Db;
  stage: Stage;
  metricsPort: number;
}): Promise<Watched> {
  const looks: Look[] = [];
  const waited: Record<string, number> = {};
  const until = performance.now() + 600_000;
  for (;;) {
    const left = await countLeft(owner);
    looks.push({ at: performance.now(), left });
    for (const [kind, age] of Object.entries(await ages(metricsPort)))
      waited[kind] = Math.max(waited[kind] ?? 0, age);
    if (sum(left) === 0 || performance.now() > until) break;
    await delay(lookMs);
  }
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from due_failures where kind = ${failingKind}`.execute(owner);
  return { looks, waited, failures: rows[0]!.n };
}

async function countLeft(owner: Db): Promise<Counts> {
  const { rows } = await sql<Counts>`
    select (select count(*)::int from checks where not kept and at < now() - interval '30 days') as checks,
      (select count(*)::int from answers where at < now() - interval '30 days') as answers,
      (select count(*)::int from events where acked_at < now() - interval '30 days') as events`.execute(
    owner,
  );
  return rows[0]!;
}

/** Seconds since each kind ended a pass, as Prometheus would collect them. */
async function ages(port: number): Promise<Record<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = /^recourse_due_pass_age_seconds\{kind="(\w+)"\} ([\d.e+-]+)$/gm;
  return Object.fromEntries(
    [...text.matchAll(line)].map(([, kind, seconds]) => [kind!, Number(seconds)]),
  );
}

const sum = (counts: Counts): number => tables.reduce((all, table) => all + counts[table], 0);

/** Rows a second between the look after which they began to go and the last. */
function rateOf(looks: readonly Look[], count: (left: Counts) => number): number {
  const total = count(looks[0]!.left);
  const begun = looks.findLast(({ left }) => count(left) === total)!;
  const ended = looks.find(({ left }) => count(left) === 0) ?? looks.at(-1)!;
  return (total - count(ended.left)) / ((ended.at - begun.at) / 1_000);
}

function report(
  { looks, waited, failures }: Watched,
  { ended, each }: { ended: number; each: number },
): Report {
  const others = Object.entries(waited).filter(
    ([kind]) => !['expiries', failingKind, ...slow].includes(kind),
  );
  const longest = Math.max(...others.map(([, age]) => age));
  if (failures === 0) throw new Error(`${failingKind} does not fail`);
  return {
    bench: 'expiry',
    setting: { 'ended records': ended, 'rows of each table': each, epochs: 2 },
    rows: [
      ...tables.map((table) => ({
        what: `${table} deleted a second`,
        value: round(rateOf(looks, (left) => left[table])),
      })),
      { what: 'rows deleted a second', value: round(rateOf(looks, sum)) },
      ...others.map(([kind, age]) => ({ what: `${kind} waited for a pass, s`, value: round(age) })),
    ],
    bars: [
      atLeast('expired rows deleted a second', rateOf(looks, sum), 5_000),
      atMost('the longest that another kind waited, s', longest, 60),
    ],
    notes: [
      `The kind ${failingKind} fails at each look. Most kinds look every ${paces.other / 1_000} s, where nothing is due.`,
      `Of ${slow.join(', ')}, which look every five minutes, nothing is said.`,
    ],
  };
}
