import { randomBytes } from 'node:crypto';
import { blind, ready } from '@recourse/blind';
import { connect } from '@recourse/registry';
import { sql, type Kysely } from 'kysely';
import { discloseOne, type BenchOptions } from './bench-calls.ts';
import { liftBucket } from './bench-submit.ts';
import type { Report } from './report.ts';
import { call } from './signing.ts';
import { openStage } from './stage.ts';
import { makeSubmission } from './submission.ts';

/** Tables that are kept for good and grow with calls, by what they hold. */
const keptTables: Readonly<Record<string, readonly string[]>> = {
  audit: ['audit', 'audit_groups', 'openings'],
  log: ['ledger_entries', 'ledger_tiles'],
  checkpoints: ['ledger_checkpoints', 'ledger_cosignatures', 'ledger_served'],
};

const paces = { '10^5 a day': 100_000, '10^6 a day': 1_000_000 } as const;
const pacedSeconds = 60;
const daySeconds = 86_400;

/**
 * Measures what calls leave in the database for good. Many of each kind give the bytes of a row, with indexes and dead
 * rows. Reads at an even pace give the number of rows, since calls that come together share some.
 */
export async function benchKept(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  const db = connect({ url: stage.ownerUrl, connections: 1 });
  const [service, trust] = [
    stage.key({ name: 'Tubely', role: 'service' }),
    stage.key({ name: 'Harbour', role: 'trust' }),
  ];
  try {
    await liftBucket(stage);
    await ready();
    const { match } = await discloseOne(stage);
    const [element] = blind([randomBytes(16)]).blinded;
    const blinded = [Buffer.from(element!).toString('base64url')];
    const evaluation = { purpose: 'monetisation' as const, epochs: [1], blinded };
    const ask = () => call(stage, { by: service, op: 'checks.match', in: match.in });
    const make: Record<string, () => Promise<unknown>> = {
      'checks.match, told before': ask,
      'checks.evaluate, one identifier': () =>
        call(stage, { by: service, op: 'checks.evaluate', in: evaluation }),
      'sanctions.submit': async () => {
        const { submission } = await makeSubmission(stage, trust);
        return call(stage, { by: trust, op: 'sanctions.submit', in: submission });
      },
    };
    const rows: Record<string, string | number>[] = [];
    for (const [name, one] of Object.entries(make)) {
      rows.push({ call: name, ...(await left(db, options.records, () => many(options, one))) });
    }
    for (const [name, aDay] of Object.entries(paces)) {
      const calls = Math.round((pacedSeconds * aDay) / daySeconds);
      const run = () => atPace(calls, ask);
      rows.push({ call: `checks.match, ${name}`, ...(await left(db, calls, run)) });
    }
    return {
      bench: 'kept',
      setting: { records: options.records, connections: options.connections, pacedSeconds },
      rows,
      bars: [],
      notes: [
        'Bytes and rows a call. Three witnesses cosign. The rest is erased, or does not grow with calls.',
        'A table grows by pages of 8 kB: the bytes of the last two lines are rough, their rows are not.',
      ],
    };
  } finally {
    await db.destroy();
    await stage.close();
  }
}

/** Each is signed when it is sent: a call lives for two minutes. */
async function many(
  { records, connections }: BenchOptions,
  request: () => Promise<unknown>,
): Promise<void> {
  let begun = 0;
  const connection = async (): Promise<void> => {
    while (begun++ < records) await answered(request);
  };
  await Promise.all(Array.from({ length: connections }, connection));
}

const tries = 10;

/** A busy machine answers some calls by 503: they leave nothing. */
async function answered(request: () => Promise<unknown>): Promise<void> {
  for (let rest = tries; ; rest--) {
    try {
      await request();
      return;
    } catch (error) {
      if (rest === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

async function atPace(calls: number, ask: () => Promise<unknown>): Promise<void> {
  const begun = Date.now();
  for (let at = 0; at < calls; at++) {
    const wait = begun + (at * pacedSeconds * 1000) / calls - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    await answered(ask);
  }
}

/** Longer than the log takes to have the last call, under a checkpoint that witnesses signed. */
const logMs = 5_000;

async function left(
  db: Database,
  calls: number,
  run: () => Promise<void>,
): Promise<Record<string, number>> {
  const before = await sizes(db);
  await run();
  await new Promise((resolve) => setTimeout(resolve, logMs));
  const after = await sizes(db);
  const each = ([name, size]: [string, number]): [string, number] => [
    name,
    Number(((size - (before.get(name) ?? 0)) / calls).toPrecision(3)),
  ];
  return { calls, ...Object.fromEntries([...after].map(each)) };
}

// oxlint-disable-next-line typescript/no-explicit-any -- the owner's connection
type Database = Kysely<any>;

async function sizes(db: Database): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  let known = 0;
  for (const [name, tables] of Object.entries(keptTables)) {
    let [bytes, rows] = [0, 0];
    for (const table of tables) {
      const [one] = (
        await sql<{ bytes: string; rows: string }>`
          select pg_total_relation_size(${table}::regclass) as bytes, count(*) as rows
          from ${sql.table(table)}`.execute(db)
      ).rows;
      bytes += Number(one?.bytes);
      rows += Number(one?.rows);
    }
    found.set(`${name} bytes`, bytes).set(`${name} rows`, rows);
    known += bytes;
  }
  const { rows } = await sql<{ bytes: string }>`
    select sum(pg_total_relation_size(oid)) as bytes from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(db);
  return found.set('rest bytes', Number(rows[0]?.bytes) - known);
}
