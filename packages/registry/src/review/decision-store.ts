import {
  mostEarlierDecisions,
  reasons,
  wholeReasons,
  type ReasonCode,
  type Decision,
  type OpInput,
} from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { expiryOf, reasonOf } from '../records/record.ts';
import type { SanctionRow } from '../records/store.ts';
import type { AppealsTable } from '../schema/appeals.ts';
import type { CallContext } from '../context/context.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import { placeOf } from '../vault/vault.ts';
import type { DecisionFacts } from './decision.rules.ts';
import { isAppealedAsSpeech } from './join-store.ts';
import type { AppealRow } from './store.ts';

export async function hasDecided(
  db: Db,
  { review, holder }: { review: string; holder: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('decisions')
    .select('at')
    .where('review', '=', review)
    .where('holder', '=', holder)
    .executeTakeFirst();
  return row !== undefined;
}

/** A decision that its reviewer signed, with the reasons that it commits to. */
export interface SignedDecision<D extends Decision = Decision> {
  readonly decision: D;
  readonly artefact: string;
  readonly reasons: OpInput<'review.decide'>['reasons'];
}

/**
 * Keeps a decision with its record, the reasons sealed.
 * @param of `counts` whether it counts towards a series of its reviewer, whom the caller has locked then
 * @returns whether it is one more of a series than its reviewer decides on their own word
 */
export async function keepDecision(
  { db, now: at, caller: { holder, kid } }: Pick<CallContext, 'db' | 'now' | 'caller'>,
  { record, review, counts }: { record: LockedRecord; review: string; counts: boolean },
  { decision, artefact, reasons }: SignedDecision,
): Promise<boolean> {
  record.retain();
  const row = { review, holder };
  const { serial } = await db
    .insertInto('decisions')
    .values({
      ...row,
      sanction: record.id,
      kid,
      outcome: decision.outcome,
      cause: 'cause' in decision ? (decision.cause ?? null) : null,
      artefact,
      reasons: record.key().sealText(wholeReasons(reasons), placeOf('decisions.reasons', row)),
      at,
      serial: counts
        ? sql<boolean>`${seriesOf({ holder, sanction: record.id, now: at })} is not null`
        : false,
    })
    .returning('serial')
    .executeTakeFirstOrThrow();
  return serial;
}

/** A case's decisions by others than one reviewer. Nobody is told of them before it is closed. */
export const votesOfOthers = (
  db: Db,
  { review, holder }: { review: string; holder: string },
): Promise<{ artefact: string; serial: boolean }[]> =>
  db
    .selectFrom('decisions')
    .select(['artefact', 'serial'])
    .where('review', '=', review)
    .where('holder', '!=', holder)
    .orderBy('at')
    .execute();

/** The decisions that an appeal was closed by, sealed reasons and all; none as long as a vote may be blind. */
export const publishedDecisions = (db: Db, appeal: string) =>
  db
    .selectFrom('decisions as d')
    .innerJoin('appeals as a', 'a.id', 'd.review')
    .select(['d.review', 'd.holder', 'd.outcome', 'd.artefact', 'd.reasons', 'd.at'])
    .where('d.review', '=', appeal)
    .where('a.closed_as', '=', 'decided')
    .orderBy('d.at')
    .execute();

/**
 * The newest decisions on appeals of one reason. Those on the record itself are left out: whoever decides it knows of no
 * other decision on it.
 */
export const earlierDecisions = (
  db: Db,
  { since, reason, notOf }: { reason: ReasonCode; notOf: string; since: Date },
): Promise<Pick<Selectable<AppealsTable>, 'outcome' | 'cause' | 'ground' | 'closed_at'>[]> =>
  db
    .selectFrom('appeals as a')
    .innerJoin('sanctions as s', 's.id', 'a.sanction')
    .select(['a.outcome', 'a.cause', 'a.ground', 'a.closed_at'])
    .where('a.closed_as', '=', 'decided')
    .where('a.closed_at', '>', since)
    .where('s.reason', '=', reason)
    .where('s.id', '!=', notOf)
    .orderBy('a.closed_at', 'desc')
    .limit(mostEarlierDecisions)
    .execute();

/** Writes what a decision replaces in a statement, and the decision itself. */
export async function amend(
  db: Db,
  sanction: string,
  values: { until?: Date | undefined; reason?: ReasonCode | undefined; artefact: string },
): Promise<void> {
  const { until, reason, artefact } = values;
  await db
    .updateTable('sanctions')
    .set({
      amendment: artefact,
      ...(until ? { amended_until: until } : {}),
      ...(reason ? { amended_reason: reason } : {}),
    })
    .where('id', '=', sanction)
    .execute();
}

/** Places of the subjects that still match. */
export async function attachedPlaces(db: Db, sanction: string): Promise<number[]> {
  const rows = await db
    .selectFrom('subjects')
    .select('position')
    .distinct()
    .where('sanction', '=', sanction)
    .where('detached_at', 'is', null)
    .orderBy('position')
    .execute();
  return rows.map(({ position }) => position);
}

export async function detachSubjects(
  db: Db,
  { sanction, at, places }: { sanction: string; places: readonly number[]; at: Date },
): Promise<void> {
  await db
    .with('marked', (query) => query.insertInto('prefix_changes').values({ sanction }))
    .updateTable('subjects')
    .set({ detached_at: at })
    .where('sanction', '=', sanction)
    .where('position', 'in', places)
    .where('detached_at', 'is', null)
    .execute();
}

interface NextOfSeries {
  readonly holder: string;
  readonly sanction: string;
  readonly now: Date;
}

const seriesOf = ({ holder, sanction, now }: NextOfSeries) =>
  sql`series_of(${holder}, ${sanction}, ${now})`;

/** Finds the series that one more decision would be of: of a day, or of the group of its record. */
export async function findSeries(
  db: Db,
  next: NextOfSeries,
): Promise<'today' | 'of-group' | undefined> {
  const { rows } = await sql<{ series: 'today' | 'of-group' | null }>`
    select ${seriesOf(next)} as series`.execute(db);
  return rows[0]?.series ?? undefined;
}

export async function insertDecided(
  db: Db,
  decided: { appeal: string; sanction: string; leaf: Uint8Array },
): Promise<void> {
  await db
    .insertInto('redecisions')
    .values({ ...decided, size: null, root: null, drawn: null })
    .execute();
}

/** Reversed, or found to have been wrong after its end. */
export async function wasFoundWrong(db: Db, sanction: string): Promise<boolean> {
  const { rows } = await sql<{ wrong: boolean }>`
    select exists (select from ends where sanction = ${sanction} and kind = 'reversed')
      or exists (select from sanction_events where sanction = ${sanction} and event = 'finding')
      as wrong`.execute(db);
  return rows[0]?.wrong === true;
}

/** Reads what an appeal is decided by, besides the decision. */
export async function factsOf(
  { db, now }: { db: Db; now: Date },
  { record, appeal }: { record: SanctionRow; appeal: AppealRow },
): Promise<Omit<DecisionFacts, 'ended'>> {
  const reason = reasonOf(record);
  return {
    now,
    openedAt: appeal.opened_at,
    evidenceConfirmed: appeal.evidence_confirmed_at !== null,
    gists: await gistsOf(db, { appeal: appeal.id, now }),
    reason,
    age: record.age,
    expiresAt: expiryOf(record),
    incidentTo: record.incident_to,
    isOfSpeech: reasons[reason].speechAdjacent || (await isAppealedAsSpeech(db, appeal)),
    attached: await attachedPlaces(db, record.id),
  };
}

/** Whether all answered a gist who had joined: whoever took a withdrawal back since is waited for, and who withdrew is not. */
async function gistsOf(
  db: Db,
  { appeal, now }: { appeal: string; now: Date },
): Promise<DecisionFacts['gists']> {
  const { rows } = await sql<{ dueAt: Date; answered: boolean }>`
    select due_at as "dueAt", is_answered(id, ${now}) as answered from questions
    where appeal = ${appeal} and kind = 'gist'`.execute(db);
  return rows;
}
