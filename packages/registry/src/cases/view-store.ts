import { sql } from 'kysely';
import type {
  Letter,
  Outcome,
  RecallAction,
  RecallKind,
  ToldNumber,
  ToldPurpose,
} from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import { countTold } from '../told/recalls/store.ts';
import { toldNumber, weekStart } from '../told/recalls/told-number.rules.ts';
import type { CaseContext } from './context.ts';

/** One time that a platform was told of a case, with the latest recall it owes for it. */
export interface ToldRow {
  match: string;
  party: string;
  name: string;
  told_at: Date;
  purpose: ToldPurpose;
  outcome: Outcome | null;
  kind: RecallKind | null;
  due_at: Date | null;
  action: RecallAction | null;
  acknowledged_at: Date | null;
}

const mostTold = 1000;

/**
 * Whoever asked about an identifier that a claimant came by, until they last proved it: nothing shows that another one of
 * the record is theirs, and whoever chose it must not watch where its owner signs up. A ticket proves nothing, nor does a
 * code that somebody used before: who vouched, or saw it, may hold it. Who vouched is named to all, since they let a reader
 * in.
 */
async function toldOf(
  db: Db,
  { sanction, claimant }: { sanction: string; claimant: string },
): Promise<ToldRow[]> {
  const { rows } = await sql<ToldRow>`
    select m.id as match, m.party, p.name, m.told_at, m.purpose, m.outcome, r.kind, r.due_at, a.action, a.at as acknowledged_at
    from matches m
    join parties p on p.id = m.party
    left join lateral (
      select * from recalls where sanction = m.sanction and party = m.party order by version desc limit 1
    ) r on true
    left join acknowledgements a on a.recall = r.id
    where m.sanction = ${sanction} and (m.purpose = 'vouching' or exists (
      select from claimants c join claimant_ways w on w.claimant in (c.id, c.acts_for)
      where c.id = ${claimant} and w.proves and w.position = any(m.positions) and m.told_at <= w.proven_at))
    order by m.told_at, m.id limit ${mostTold}`.execute(db);
  return rows;
}

/** Everything that opens an entry of a case, in the order of its entries; sealed under its key. */
export const openingsOf = (
  db: Db,
  sanction: string,
): Promise<{ kid: string; jti: string; position: number; opening: Uint8Array }[]> =>
  db
    .selectFrom('openings')
    .select(['kid', 'jti', 'position', 'opening'])
    .where('sanction', '=', sanction)
    .orderBy('seq')
    .execute();

/** The newest finding on an ended record, with the decision behind it where a reviewer made one. */
export async function findingOf(
  db: Db,
  sanction: string,
): Promise<{ cause: string | null; at: Date; artefact: string | null } | undefined> {
  const { rows } = await sql<{ cause: string | null; at: Date; artefact: string | null }>`
    select e.cause, e.at, (
      select d.artefact from decisions d join appeals a on a.id = d.review
      where d.sanction = e.sanction and d.outcome = 'finding' and a.outcome = 'finding'
      order by d.at desc limit 1
    ) as artefact
    from sanction_events e
    where e.sanction = ${sanction} and e.event = 'finding' order by e.position desc limit 1`.execute(
    db,
  );
  return rows[0];
}

export const endOf = (db: Db, sanction: string) =>
  db
    .selectFrom('ends')
    .select(['kind', 'cause', 'at', 'artefact'])
    .where('sanction', '=', sanction)
    .executeTakeFirst();

/** Rows that one second may have; a registry takes fewer records in it. */
const mostInSecond = 2000;

/**
 * Ends and findings that a letter speaks of, of records whose ids begin so: a range of the key in every collation, as ids
 * are of one length.
 */
export async function righted(db: Db, beginning: string): Promise<RightedRow[]> {
  const from = `snc_${beginning.padEnd(26, '0')}`;
  const to = `snc_${beginning.padEnd(26, 'z')}`;
  const { rows } = await sql<RightedRow>`
    select e.sub, e.outcome, e.cause, e.at, p.name as "submitterName"
    from (
      select sanction as sub, kind as outcome, cause, at from ends
      where sanction between ${from} and ${to}
      union all
      select sanction, 'finding', coalesce(cause, 'restore'), at from sanction_events
      where event = 'finding' and sanction between ${from} and ${to}
    ) e join sanctions s on s.id = e.sub join parties p on p.id = s.party
    limit ${mostInSecond}`.execute(db);
  return rows;
}

export type RightedRow = Pick<Letter, 'sub' | 'outcome' | 'cause' | 'submitterName'> & {
  readonly at: Date;
};

/**
 * The platforms that were told, as a claimant may know them: those that asked about what they proved, and how many
 * others.
 */
interface ToldTo {
  readonly told: readonly ToldRow[];
  readonly names: ReadonlySet<string>;
  readonly toldOthers: ToldNumber;
}

export async function toldTo(
  { db, now }: Pick<CaseContext, 'db' | 'now'>,
  query: { sanction: string; claimant: string },
): Promise<ToldTo> {
  const told = await toldOf(db, query);
  const names = new Set(told.map(({ party }) => party));
  const except = { before: weekStart(now), except: [...names] };
  const others = (await countTold(db, [query.sanction], except)).get(query.sanction) ?? 0;
  return { told, names, toldOthers: toldNumber(others) };
}
