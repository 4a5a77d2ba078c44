import type { Control, Id, IdentifierKind, MatchAdvice, Purpose } from '@recourse/protocol';
import { CompiledQuery, type Selectable } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { SanctionsTable } from '../../schema/sanctions.ts';
import { lifeOf } from '../../records/record.ts';
import type { EvadedRow, LifeRow } from '../../records/store.ts';
import type { RecordFacts } from './answer.rules.ts';
import type { ReportedOutcome, ToldMatch } from './outcome.rules.ts';
import type { OwedMatch, OwedPlace } from './owed.ts';
import { evadedQuery, recordsQuery } from './records-store.ts';

/** The check that asks, as its evaluation recorded it. */
export interface AskedCheck {
  readonly id: string;
  readonly at: Date;
  readonly purpose: Purpose;
  /** Marks of what was asked under it */
  readonly asked: readonly number[];
  /** Tokens that it evaluated, of all of its epochs */
  readonly evaluated: number;
  /** Lookups in hex that it is known to be about, since it matched */
  readonly checked: readonly string[];
}

/** A record behind one token, with all that its answer is built from. */
export interface FoundRecord extends RecordFacts {
  readonly sanction: Id<'snc'>;
  /** The records that it evades, directly or through others: it ends with the first of them */
  readonly evaded: readonly Pick<EvadedRow, 'sanction' | 'version'>[];
  readonly statement: string;
  readonly version: number;
  /** The decision whose values replace the statement's */
  readonly amendment: string | null;
  /** `recourse-subjects+jwt`, of a leaf that was made anew under its epoch */
  readonly subjectsUpdate: string | null;
  readonly commitments: readonly string[];
  readonly kind: IdentifierKind;
  readonly control: Control;
  readonly provenAt: Date;
  /** Salt and token, sealed under the case key */
  readonly sealed: Uint8Array;
  /** The wrapped case key */
  readonly wrapped: Uint8Array;
  /** This check was told of this version already */
  readonly match: Id<'mat'> | null;
  /** With this advice */
  readonly toldAdvice: MatchAdvice | null;
  /** This platform was told of this version already, by any check */
  readonly disclosed: boolean;
}

export interface Question {
  readonly check: string;
  readonly party: string;
  /** Checks older than this are not found */
  readonly since: Date;
  readonly now: Date;
  readonly tokens: readonly { readonly lookup: Buffer; readonly epoch: number }[];
}

/** The check, and every record behind its tokens, live or not. */
export interface FoundRecords {
  readonly check: AskedCheck;
  readonly records: FoundRecord[];
}

/**
 * Reads what each question asks for, in one round trip (two where a record evades another). Undefined where there is no
 * such check, it is another's, or it is too old: the caller cannot tell which.
 */
export async function findRecords(
  db: Db,
  questions: readonly Question[],
): Promise<(FoundRecords | undefined)[]> {
  const asked = questions.map(({ check: id, party, since, now, tokens }) => ({
    id,
    party,
    since,
    now,
    tokens: tokens.map(({ lookup, epoch }) => ({ lookup: lookup.toString('hex'), epoch })),
  }));
  const query = CompiledQuery.raw(recordsQuery, [asked]);
  const { rows } = await db.executeQuery<CheckRow & (RecordRow | NoRecord)>(query);
  const records = await withEvaded(db, rows.filter(isRecord));
  const byPlace = Map.groupBy(records, ({ place }) => place);
  const checks = new Map(rows.map((row) => [row.place, row]));
  return questions.map(({ check: id }, place) => {
    const row = checks.get(place);
    if (!row) return undefined;
    const { checkedAt: at, purpose, evaluated, checked } = row;
    const check = { id, at, purpose, asked: row.asked ?? [], evaluated, checked };
    return { check, records: byPlace.get(place) ?? [] };
  });
}

interface CheckRow {
  /** The place of the question */
  readonly place: number;
  readonly purpose: Purpose;
  readonly checkedAt: Date;
  readonly asked: number[] | null;
  readonly evaluated: number;
  readonly checked: string[];
}

interface NoRecord {
  readonly sanction: null;
}

interface RecordRow
  extends
    Omit<FoundRecord, 'life' | 'evaded'>,
    Omit<LifeRow, 'evaded' | 'visible_from'>,
    Pick<Selectable<SanctionsTable>, 'evades' | 'others_from'> {}

const isRecord = (row: CheckRow & (RecordRow | NoRecord)): row is CheckRow & RecordRow =>
  row.sanction !== null;

async function withEvaded(
  db: Db,
  rows: readonly (CheckRow & RecordRow)[],
): Promise<(CheckRow & FoundRecord)[]> {
  const evaders = rows.filter(({ evades }) => evades !== null).map(({ sanction }) => sanction);
  const evadedBy = await findEvaded(db, evaders);
  return rows.map((row) => {
    const evaded = evadedBy.get(row.sanction) ?? [];
    return { ...row, evaded, life: lifeOf({ ...row, evaded, visible_from: answersFirst(row) }) };
  });
}

/** A subject that no notice reached, or reached late, answers with the others. */
function answersFirst({ reviewFrom, others_from: others }: RecordRow): Date | null {
  if (reviewFrom === null || others === null) return reviewFrom ?? others;
  return reviewFrom < others ? reviewFrom : others;
}

async function findEvaded(
  db: Db,
  evaders: readonly string[],
): Promise<ReadonlyMap<string, readonly EvadedRow[]>> {
  if (evaders.length === 0) return new Map();
  const query = CompiledQuery.raw(evadedQuery, [[...new Set(evaders)]]);
  const { rows } = await db.executeQuery<{ evader: string; evaded: readonly EvadedRow[] }>(query);
  return new Map(rows.map(({ evader, evaded }) => [evader, evaded]));
}

/** A match whose outcome is reported, locked until the report commits. */
export interface LockedMatch extends ToldMatch {
  readonly id: string;
  readonly sanction: string;
}

/** The caller's own matches among these, in the order of their ids. */
export async function lockMatches(
  db: Db,
  { party, ids }: { party: string; ids: readonly string[] },
): Promise<LockedMatch[]> {
  return db
    .selectFrom('matches')
    .select(['id', 'sanction', 'outcome', 'advice', 'told_at as toldAt'])
    .where('party', '=', party)
    .where('due_at', 'is not', null)
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute();
}

export async function recordOutcome(
  db: Db,
  match: { id: string; reported: ReportedOutcome; ref?: string | undefined; at: Date },
): Promise<void> {
  await db
    .updateTable('matches')
    .set({
      outcome: match.reported.outcome,
      outcome_at: match.at,
      reviewed_at: match.reported.reviewedAt,
      ...(match.ref === undefined ? {} : { ref: match.ref }),
      notice_sent_at: match.reported.noticeSentAt,
    })
    .where('id', '=', match.id)
    .execute();
}

/** Own matches without a final outcome, the oldest first, from the place after `after`. */
export async function listOwed(
  db: Db,
  { after, party, limit }: { party: string; after?: OwedPlace | undefined; limit: number },
): Promise<OwedMatch[]> {
  return db
    .selectFrom('matches')
    .select(['id', 'sanction', 'check_id as check', 'purpose', 'advice', 'outcome', 'ref'])
    .select(['told_at as toldAt', 'due_at as dueAt'])
    .where('party', '=', party)
    .where('due_at', 'is not', null)
    .where((where) => where.or([where('outcome', 'is', null), where('outcome', '=', 'pending')]))
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(eb.refTuple('told_at', 'id'), '>', eb.tuple(after!.toldAt, after!.id)),
      ),
    )
    .orderBy('told_at')
    .orderBy('id')
    .limit(limit)
    .$castTo<OwedMatch>()
    .execute();
}
