import { sql, type CompiledQuery, type RawBuilder } from 'kysely';
import { defaultSignupsPerDay, unitsPerSignup } from '../../schema/figures.ts';
import type { Db } from '../../kernel/database.ts';
import { emptyWindow, steadyShare, type Windows } from './alarm.rules.ts';
import { refillSeconds, type Bucket } from './quota.rules.ts';

/** The cost of the reads of one group to their platforms. */
export interface Charges {
  /** Elements evaluated, one a platform */
  readonly units: readonly { readonly party: string; readonly units: number }[];
  /** Questions, one a check: empty matches, and the marks of tokens */
  readonly asked: readonly {
    readonly check: string;
    readonly empty: number;
    readonly marks: readonly number[];
  }[];
  /** The share of unlisted identifiers that hit; null while no set is published */
  readonly share: number | null;
  readonly now: Date;
}

/** A platform as the charge left it. */
export interface Meter extends Windows {
  readonly party: string;
  readonly bucket: number;
  /** More than the bucket where it was overdrawn: that charge may not be committed */
  readonly spent: number;
  /** Empty matches beyond a steady use, in the elements they stand for */
  readonly surplus: number;
}

/** Units of the party `p`: what operators set, or what follows from the signups it declared. */
const bucketSize: RawBuilder<number> = sql`coalesce(p.elements_per_day, ${unitsPerSignup}::int *
  coalesce((p.registration ->> 'signupsPerDay')::int, ${defaultSignupsPerDay}::int))`;

/** Refills since the last charge; a server whose clock is behind refills nothing. */
const refills = sql`greatest(0, extract(epoch from excluded.at - m.at)::float8) / ${refillSeconds}`;

/** Subtracts what came back since the last charge, before this one. */
const back = sql`spent = greatest(0, m.spent - excluded.bucket * ${refills}) + excluded.spent,
  surplus = greatest(0, m.surplus - ${steadyShare}::float8 * excluded.bucket * ${refills}) + excluded.surplus`;

export interface ChargeResult {
  readonly meters: readonly Meter[];
  /** Checks that more would have been asked under than they evaluated: that charge may not be committed */
  readonly beyond: ReadonlySet<string>;
}

interface MeterRow {
  party: string;
  bucket: number;
  spent: number;
  surplus: number;
  open_elements: number;
  open_expected: number;
  open_empty: number;
  closed_elements: number;
  closed_expected: number;
  closed_empty: number;
  closed_at: Date | null;
}

/**
 * Writes what was asked: `counted` are its checks with how many empty matches came on top, and `judged` says which of them
 * more was asked under than they evaluated; there nothing is written.
 */
const countedIn = (asked: Charges['asked']): RawBuilder<unknown> => sql`asked as (
      select t."check" as id, t.empty, t.marks
      from jsonb_to_recordset(${asked}::jsonb) as t("check" text, empty int, marks int[])
    ), locked as (
      select o.id, o.elements * o.epochs as evaluated, o.empty as was_empty, o.asked as was_asked,
        greatest(o.empty, least(o.elements, a.empty)) as empty,
        (select array_agg(distinct m) from unnest(o.asked || a.marks) m) as asked
      from checks o join asked a on a.id = o.id order by o.id for no key update of o
    ), judged as (
      select *, coalesce(cardinality(asked) > evaluated or was_asked = '{}', false) as beyond from locked
    ), counted as (
      update checks c set empty = n.empty, asked = n.asked from judged n
      where c.id = n.id and not n.beyond and (n.empty > n.was_empty or n.asked is distinct from n.was_asked)
      returning c.party, c.at, n.empty - n.was_empty as more
    )`;

/**
 * Charges a group, in the transaction that audits it: with several servers the row of a platform orders
 * them, so that more than its bucket is never committed. A check counts as many empty matches as one question about it
 * had, and no more than its elements: repeating it adds none. Nor does a token that was asked before. Rows are locked in
 * one order, checks before meters.
 */
export const chargeQuery = (db: Db, charges: Charges): CompiledQuery<ChargeRow> => {
  const { units, asked, share, now } = charges;
  return sql<ChargeRow>`
    with ${countedIn(asked)}, used as (
      select party, sum(units)::int as units, sum(late)::int as late, sum(early)::int as early
      from (
        select t.*, 0 as late, 0 as early
        from jsonb_to_recordset(${units}::jsonb) as t(party text, units int)
        union all
        select c.party, 0, case when c.at <= w.closed_at then 0 else c.more end,
          case when c.at <= w.closed_at then c.more else 0 end
        from counted c left join check_meters w on w.party = c.party where c.more > 0
      ) u group by party
    ), metered as (
    insert into check_meters as m (party, bucket, spent, surplus, at,
      open_elements, open_expected, open_empty, closed_empty)
    select u.party, ${bucketSize}, u.units, (u.late + u.early) / ${share ?? 1}::float8, ${now},
      ${share === null ? sql`0` : sql`u.units`}, u.units * ${share ?? 0}::float8, u.late, u.early
    from used u join parties p on p.id = u.party order by u.party
    on conflict (party) do update set
      bucket = excluded.bucket, ${back},
      at = greatest(m.at, excluded.at),
      open_elements = m.open_elements + excluded.open_elements,
      open_expected = m.open_expected + excluded.open_expected,
      open_empty = m.open_empty + excluded.open_empty,
      closed_empty = m.closed_empty + excluded.closed_empty
    returning m.party, bucket, spent, surplus, open_elements, open_expected, open_empty,
      closed_elements, closed_expected, closed_empty, closed_at
    )
    select b.id as beyond, m.* from metered m
    full join (select id from judged where beyond) b on b.id = m.party`.compile(db);
};

/**
 * Charges one unit outside of a group: it counts for the bucket, and for no alarm, since nothing is asked under it.
 * @returns the bucket as the charge left it; more may be spent than it holds, and then it may not be committed
 */
export async function chargeUnit(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<Pick<Meter, 'bucket' | 'spent'>> {
  const { rows } = await sql<Pick<Meter, 'bucket' | 'spent'>>`
    insert into check_meters as m (party, bucket, spent, surplus, at)
    select p.id, ${bucketSize}, 1, 0, ${now} from parties p where p.id = ${party}
    on conflict (party) do update set bucket = excluded.bucket, ${back}, at = greatest(m.at, excluded.at)
    returning bucket, spent`.execute(db);
  return rows[0] ?? { bucket: 0, spent: 1 };
}

export const chargeResultOf = (rows: readonly ChargeRow[]): ChargeResult => ({
  meters: rows.filter(isMeter).map(toMeter),
  beyond: new Set(rows.flatMap((row) => row.beyond ?? [])),
});

/** A meter, or a check that asked beyond what it evaluated. */
export type ChargeRow = (MeterRow & { beyond: null }) | { beyond: string };

/** No check has the id of a party. */
const isMeter = (row: ChargeRow): row is MeterRow & { beyond: null } => row.beyond === null;

const toMeter = (row: MeterRow): Meter => ({
  party: row.party,
  bucket: row.bucket,
  spent: row.spent,
  surplus: row.surplus,
  open: { elements: row.open_elements, expected: row.open_expected, empty: row.open_empty },
  closed: row.closed_at && {
    elements: row.closed_elements,
    expected: row.closed_expected,
    empty: row.closed_empty,
    at: row.closed_at,
  },
});

/** The bucket of a platform; one that was never charged is full. */
export async function readBucket(db: Db, party: string, now: Date): Promise<Bucket> {
  const { rows } = await sql<Bucket>`
    select ${bucketSize} as size, coalesce(m.spent, 0) as spent, coalesce(m.at, ${now}) as at
    from parties p left join check_meters m on m.party = p.id where p.id = ${party}`.execute(db);
  return rows[0] ?? { size: 0, spent: 0, at: now };
}

/**
 * Buckets as they were last charged, locked in the order of their platforms for this transaction. One that was never charged has no
 * row, and is left out. What is written then needs no disk of its own: whatever is answered commits behind it.
 */
export async function lockBuckets(
  db: Db,
  parties: readonly string[],
): Promise<(Bucket & { readonly party: string })[]> {
  const { rows } = await sql<Bucket & { party: string }>`
    with hurried as materialized (select set_config('synchronous_commit', 'off', true) as off)
    select m.party, ${bucketSize} as size, m.spent, m.at
    from hurried, check_meters m join parties p on p.id = m.party
    where m.party = any(${parties}::text[]) and hurried.off = 'off'
    order by m.party for no key update of m`.execute(db);
  return rows;
}

/** Puts back what a server had taken out and nobody used: neither spent nor evaluated. */
export async function putBack(
  db: Db,
  { units, share }: { units: Charges['units']; share: number | null },
): Promise<void> {
  await sql`
    with back as (
      select m.party, t.units from jsonb_to_recordset(${units}::jsonb) as t(party text, units int)
      join check_meters m on m.party = t.party order by m.party for no key update of m
    )
    update check_meters m set spent = greatest(0, spent - back.units)
      ${
        share === null
          ? sql``
          : sql`, open_elements = greatest(0, open_elements - back.units),
      open_expected = greatest(0, open_expected - back.units * ${share}::float8)`
      }
    from back where m.party = back.party`.execute(db);
}

/** Writes windows that were closed or judged, under the lock of the charge. */
export async function writeWindows(db: Db, party: string, windows: Windows): Promise<void> {
  const { open } = windows;
  const closed = windows.closed ?? { ...emptyWindow, at: null };
  await db
    .updateTable('check_meters')
    .set({
      open_elements: open.elements,
      open_expected: open.expected,
      open_empty: open.empty,
      closed_elements: closed.elements,
      closed_expected: closed.expected,
      closed_empty: closed.empty,
      closed_at: closed.at,
    })
    .where('party', '=', party)
    .execute();
}

/** After an alarm nothing of what raised it is counted again. */
export async function clearCounts(db: Db, party: string): Promise<void> {
  await db.updateTable('check_meters').set({ surplus: 0 }).where('party', '=', party).execute();
  await writeWindows(db, party, { open: emptyWindow, closed: null });
}
