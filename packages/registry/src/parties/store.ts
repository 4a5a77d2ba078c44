import { isId, type PartyId, type ReasonCode, type Registration } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { PartiesTable } from '../schema/parties.ts';
import type { Membership } from '../records/membership.rules.ts';

/** A row of `parties`. */
export type PartyRow = Selectable<PartiesTable> & { readonly id: PartyId };

/**
 * Locks a party for a change of its keys, people or directory entry. Checks and submissions only refer to
 * the row, and do not wait. Order of locks everywhere: invite, `operator`, party, keys, sanctions by id.
 */
export async function lockParty(db: Db, id: string): Promise<PartyRow | undefined> {
  const row = await partyRows(db).where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
  return row && partyRow(row);
}

/**
 * Locks a party against submissions as well, each of which shares the key of its row until its commit: for what must not
 * miss a record that is under way.
 */
export async function stopParty(db: Db, id: string): Promise<void> {
  await db.selectFrom('parties').select('id').where('id', '=', id).forUpdate().execute();
}

export async function findParty(db: Db, id: string): Promise<PartyRow | undefined> {
  const row = await partyRows(db).where('id', '=', id).executeTakeFirst();
  return row && partyRow(row);
}

/** A party that a row of another table refers to. */
export const partyOf = async (db: Db, id: string): Promise<PartyRow> =>
  partyRow(await partyRows(db).where('id', '=', id).executeTakeFirstOrThrow());

/** Every party, the oldest first. */
export async function allParties(db: Db): Promise<PartyRow[]> {
  const rows = await partyRows(db).orderBy('registered_at').orderBy('id').execute();
  return rows.map(partyRow);
}

/** Reads from a row what decides where a platform stands. */
export const membershipOf = (
  row: Pick<PartyRow, 'objections_until' | 'active_from' | 'probation_until' | 'left_at'>,
): Membership => ({
  objectionsUntil: row.objections_until,
  activeFrom: row.active_from,
  probationUntil: row.probation_until,
  leftAt: row.left_at,
});

const partyRows = (db: Db) => db.selectFrom('parties').selectAll();

function partyRow(row: Selectable<PartiesTable>): PartyRow {
  const { id } = row;
  if (id === 'panel' || id === 'operator' || isId('plt', id)) return { ...row, id };
  throw new TypeError('the database holds a party whose id is none');
}

export interface NewParty {
  readonly id: PartyId;
  readonly kind: PartiesTable['kind'];
  readonly name: string;
  readonly registration: Registration | null;
  readonly registeredAt: Date;
  /** The membership of a platform */
  readonly membership?: Omit<Membership, 'leftAt'>;
}

/**
 * Inserts a party, and the membership that its registration begins.
 * @returns false when there is such a party already, or another one of the same domain
 */
export async function insertParty(db: Db, party: NewParty): Promise<boolean> {
  const { registration, membership } = party;
  const row = {
    id: party.id,
    kind: party.kind,
    name: party.name,
    registration,
    enrolment_kid: null,
    registered_at: party.registeredAt,
    ...(membership && {
      objections_until: membership.objectionsUntil,
      active_from: membership.activeFrom,
      probation_until: membership.probationUntil,
    }),
    submissions_per_day: null,
    elements_per_day: null,
  };
  const inserted = await db
    .with('party', (cte) =>
      cte
        .insertInto('parties')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning(['id', 'registered_at', groupOf.as('group_name')]),
    )
    .with('joined', (cte) =>
      cte
        .insertInto('party_groups')
        .columns(['party', 'group_name', 'since'])
        .expression((from) =>
          from
            .selectFrom('party')
            .select(['id', 'group_name', 'registered_at'])
            .where('group_name', 'is not', null),
        ),
    )
    .selectFrom('party')
    .select('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

const groupOf = sql<string>`registration ->> 'group'`;

export async function hasDomain(db: Db, domain: string): Promise<boolean> {
  const row = await db
    .selectFrom('parties')
    .select('id')
    .where(sql<string>`registration ->> 'domain'`, '=', domain)
    .executeTakeFirst();
  return row !== undefined;
}

export interface PartyChange {
  readonly registration?: Registration;
  readonly enrolmentKid?: string;
  /** Null while an objection waits */
  readonly active?: { readonly from: Date; readonly probationUntil: Date } | null;
  readonly leftAt?: Date;
  readonly submissionsSuspended?: boolean;
  readonly checksStopped?: boolean;
  readonly submissionsPerDay?: number | undefined;
  readonly elementsPerDay?: number | undefined;
  readonly enabledReasons?: ReasonCode[];
}

/** Writes the members that are given; the caller holds {@link lockParty}. */
export async function updateParty(db: Db, id: string, change: PartyChange): Promise<void> {
  const { registration } = change;
  await db
    .updateTable('parties')
    .set({
      ...(registration === undefined ? {} : { registration }),
      ...(change.enrolmentKid === undefined ? {} : { enrolment_kid: change.enrolmentKid }),
      ...(change.enabledReasons === undefined ? {} : { enabled_reasons: change.enabledReasons }),
      ...membershipColumns(change),
      ...flags(change),
      ...quotas(change),
    })
    .where('id', '=', id)
    .execute();
}

const membershipColumns = ({ active, leftAt }: PartyChange) => ({
  ...(active === undefined
    ? {}
    : { active_from: active?.from ?? null, probation_until: active?.probationUntil ?? null }),
  ...(leftAt === undefined ? {} : { left_at: leftAt }),
});

const flags = ({ submissionsSuspended, checksStopped }: PartyChange) => ({
  ...(submissionsSuspended === undefined ? {} : { submissions_suspended: submissionsSuspended }),
  ...(checksStopped === undefined ? {} : { checks_stopped: checksStopped }),
});

const quotas = ({ submissionsPerDay, elementsPerDay }: PartyChange) => ({
  ...(submissionsPerDay === undefined ? {} : { submissions_per_day: submissionsPerDay }),
  ...(elementsPerDay === undefined ? {} : { elements_per_day: elementsPerDay }),
});

const counted = [
  'parties',
  'holders',
  'keys',
  'enrolments',
  'proposals',
  'sanctions',
  'ends',
  'checks',
  'matches',
  'disclosures',
  'recalls',
  'refusals',
  'ledger_pending',
] as const;

/** Rows of each table that an operator watches, in one statement. Beyond `exactTo` they are what PostgreSQL estimates. */
export async function countRows(db: Db, exactTo = 100_000): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string; n: number }>`${sql.join(
    counted.map(
      (table) => sql`select ${table}::text as name, greatest(
          (select count(*) from (select from ${sql.table(table)} limit ${exactTo + 1}::int) t),
          (select reltuples from pg_class where oid = ${table}::regclass and reltuples > ${exactTo}::int)
        )::int8 as n`,
    ),
    sql` union all `,
  )}`.execute(db);
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

export async function platformIds(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('parties').select('id').where('kind', '=', 'platform').execute();
  return rows.map(({ id }) => id);
}
