import type postgres from 'postgres';
import type { Act } from './stories.ts';
import type { SentCall } from './traffic.ts';

export type Sql = postgres.Sql;

/** When answers were given whose rows a fault takes, in milliseconds since the traffic began. */
export interface TakenTime {
  readonly from: number;
  readonly to: number;
}

/** Rows and entries that are missing, and those that are there twice. */
export interface Compared {
  /** Answered calls without an audit row, answered acts without a row of theirs, and rows without an entry of the log */
  readonly lost: number;
  /** Which: the first ten */
  readonly lostAt: readonly string[];
  /** Answered calls whose rows the fault itself took, as the documents say; what was signed of them is in the log */
  readonly taken: number;
  /** Number of rows, or entries of the log, beyond one an answer */
  readonly twice: number;
}

/** The rows that have one entry of the log each. Its digest hides which row it is of. */
const tables = {
  'sanction-submitted': 'sanctions',
  'sanction-ended': 'ends',
  'appeal-opened': 'appeals',
  // A vote that another has to confirm closes nothing.
  'appeal-decided': `appeals where closed_as = 'decided'`,
  'recall-issued': 'recalls',
  'recall-acknowledged': 'acknowledgements',
} as const;

/** Counts by the type of an entry: rows, entries, and how many of these differ. */
export type Counts = ReadonlyMap<
  string,
  { readonly rows: number; readonly entries: number; readonly different: number }
>;

export async function isSettled(sql: Sql): Promise<boolean> {
  const [row] = await sql<
    { waiting: number }[]
  >`select count(*)::int as waiting from ledger_pending`;
  return row?.waiting === 0;
}

export async function countsOf(sql: Sql): Promise<Counts> {
  const counts = new Map<string, { rows: number; entries: number; different: number }>();
  for (const [type, table] of Object.entries(tables)) {
    const [found] = await sql<{ entries: number; different: number; rows: number }[]>`
      select count(*)::int as entries, count(distinct leaf)::int as different,
        (select count(*)::int from ${sql.unsafe(table)}) as rows
      from ledger_entries where entry like ${`%"${type}"%`}`;
    if (found) counts.set(type, found);
  }
  return counts;
}

interface Happened {
  readonly answered: readonly SentCall[];
  readonly acts: readonly Act[];
  readonly before: Counts;
  readonly taken: TakenTime | undefined;
}

/** Counts apart what was lost and what was done twice: one of each is two faults. */
export async function compare(
  sql: Sql,
  { answered, acts, before, taken }: Happened,
): Promise<Compared> {
  const traces = await tracesOf(sql, answered);
  const isTaken = ({ answeredAt = 0 }: SentCall): boolean =>
    taken !== undefined && answeredAt >= taken.from && answeredAt <= taken.to;
  const lost = traces.without.filter((call) => !isTaken(call));
  const done = await rowsOf(sql, acts);
  const logged = loggedSince(before, await countsOf(sql));
  // Where rows were taken the log still has the entry of each submission that was signed in time.
  const unlogged = taken
    ? Math.max(0, answered.filter(isShown(taken)).length - logged.submissions)
    : logged.missing;
  return {
    lost: lost.length + done.without.length + unlogged,
    lostAt: [
      ...lost.map(({ op, answeredAt = 0 }) => `${op} at ${(answeredAt / 1000).toFixed(1)} s`),
      ...done.without,
      ...logged.without,
    ].slice(0, 10),
    taken: traces.without.filter(isTaken).length,
    twice: traces.repeated + done.repeated + logged.repeated + (taken ? 0 : logged.beyond),
  };
}

/** An entry is signed within a second or two: what was answered just before a fault nobody may have seen. */
const unshownMs = 5_000;

const isShown =
  ({ to }: TakenTime) =>
  ({ sanction, answeredAt = 0 }: SentCall): boolean =>
    sanction !== undefined && (answeredAt < to - unshownMs || answeredAt > to);

/** The audit row of each call, and the record of each submission. */
async function tracesOf(
  sql: Sql,
  answered: readonly SentCall[],
): Promise<{ without: SentCall[]; repeated: number }> {
  const jtis = answered.map(({ jti }) => jti);
  const traces = await sql<
    { jti: string }[]
  >`select jti from audited_calls where jti = any(${jtis})`;
  const traced = new Set(traces.map(({ jti }) => jti));
  const submitted = answered.flatMap(({ sanction }) => sanction ?? []);
  const rows = await sql<{ id: string }[]>`select id from sanctions where id = any(${submitted})`;
  const recorded = new Set(rows.map(({ id }) => id));
  const without = answered.filter(
    ({ jti, sanction }) => !traced.has(jti) || (sanction !== undefined && !recorded.has(sanction)),
  );
  return { without, repeated: traces.length - traced.size };
}

/** The row that each act left. */
const rowOf = {
  appealed: ['appeals', 'sanction'],
  decided: ['decisions', 'sanction'],
  withdrawn: [`ends where kind = 'withdrawn'`, 'sanction'],
  'given up': ['appeals where withdraws_at is not null', 'sanction'],
  acknowledged: ['acknowledgements', 'recall'],
} as const;

async function rowsOf(
  sql: Sql,
  acts: readonly Act[],
): Promise<{ without: string[]; repeated: number }> {
  let repeated = 0;
  const without: string[] = [];
  for (const [kind, [table, column]] of Object.entries(rowOf)) {
    const ids = acts.flatMap((act) => (act.kind === kind ? [act.about] : []));
    const found = await sql<{ id: string; n: number }[]>`
      select id, count(*)::int as n from (select ${sql(column)} as id from ${sql.unsafe(table)}) as t
      where id = any(${ids}) group by id`;
    const rows = new Set(found.map(({ id }) => id));
    without.push(...ids.filter((id) => !rows.has(id)).map((id) => `${kind} ${id}`));
    repeated += found.reduce((all, { n }) => all + n - 1, 0);
  }
  return { without, repeated };
}

interface Logged {
  readonly submissions: number;
  /** Rows without an entry */
  readonly missing: number;
  /** How many of which type */
  readonly without: readonly string[];
  /** Entries without a row */
  readonly beyond: number;
  /** Entries that the log has more than once */
  readonly repeated: number;
}

function loggedSince(before: Counts, after: Counts): Logged {
  const without: string[] = [];
  const logged = { submissions: 0, missing: 0, beyond: 0, repeated: 0, without };
  for (const [type, { rows, entries, different }] of after) {
    const then = before.get(type) ?? { rows: 0, entries: 0, different: 0 };
    const [newRows, newEntries] = [rows - then.rows, different - then.different];
    logged.missing += Math.max(0, newRows - newEntries);
    if (newRows > newEntries) without.push(`${newRows - newEntries} entries ${type}`);
    logged.beyond += Math.max(0, newEntries - newRows);
    logged.repeated += entries - then.entries - newEntries;
    if (type === 'sanction-submitted') logged.submissions = newEntries;
  }
  return logged;
}
