import type { Outcome } from '@recourse/protocol';
import { sql } from 'kysely';
import { checksStopped } from '../../commit/stopping-store.ts';
import type { Db } from '../../kernel/database.ts';
import { wakeContacts } from '../../records/next-store.ts';
import type { AcknowledgementsTable } from '../../schema/recalls.ts';
import type { OwedRecall } from './recall.rules.ts';

export interface LockedRecall extends OwedRecall {
  readonly sanction: string;
}

/**
 * An own recall, locked until the commit. Its sanction first, as every change of a sanction does before it
 * supersedes recalls: taken after the recall, the key of the sanction that the kept call refers to would be
 * waited for by whoever waits for the recall. Acknowledgements share it, and do not wait for each other.
 */
export async function lockRecall(
  db: Db,
  { id, party }: { id: string; party: string },
): Promise<LockedRecall | undefined> {
  const own = await db
    .selectFrom('recalls')
    .select('sanction')
    .where('id', '=', id)
    .where('party', '=', party)
    .executeTakeFirst();
  if (!own) return undefined;
  const { sanction } = own;
  await db.selectFrom('sanctions').select('id').where('id', '=', sanction).forKeyShare().execute();
  const row = await db
    .selectFrom('recalls')
    .select(['kind', 'issued_at', 'acknowledgement', 'superseded_by'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return {
    sanction,
    kind: row.kind,
    issuedAt: row.issued_at,
    isAcknowledged: row.acknowledgement !== null,
    isSuperseded: row.superseded_by !== null,
    reported: await reportedOutcomes(db, { sanction, party }),
  };
}

/** Shared until the commit: a refusal is reported wholly before, or wholly after. */
async function reportedOutcomes(
  db: Db,
  { sanction, party }: { sanction: string; party: string },
): Promise<Set<Outcome>> {
  const rows = await db
    .selectFrom('matches')
    .select('outcome')
    .where('sanction', '=', sanction)
    .where('party', '=', party)
    .orderBy('id')
    .forShare()
    .execute();
  return new Set(rows.flatMap(({ outcome }) => outcome ?? []));
}

/** Writes the acknowledgement, then closes its recall by it, and perhaps the case. */
export async function acknowledgeRecall(
  db: Db,
  { sanction, ...acknowledgement }: AcknowledgementsTable & { readonly sanction: string },
): Promise<void> {
  await db.insertInto('acknowledgements').values(acknowledgement).execute();
  await db
    .updateTable('recalls')
    .set({ acknowledgement: acknowledgement.recall })
    .where('id', '=', acknowledgement.recall)
    .execute();
  await wakeContacts(db, [sanction]);
}

/** Open recalls of a platform, and whether its checks are stopped. */
export async function openRecalls(
  db: Db,
  { now, party }: { party: string; now: Date },
): Promise<{ open: number; checksStopped: boolean }> {
  const { rows } = await sql<{ open: number; checksStopped: boolean }>`
    select ${checksStopped(now)} as "checksStopped", (
      select count(*)::int from recalls r
      where r.party = p.id and r.acknowledgement is null and r.superseded_by is null) as open
    from parties p where p.id = ${party}`.execute(db);
  return rows[0] ?? { open: 0, checksStopped: false };
}

/** Open recalls of every platform that has some, and those past their deadline. */
export async function openRecallsByParty(
  db: Db,
  now: Date,
): Promise<Map<string, { open: number; overdue: number }>> {
  const { rows } = await sql<{ party: string; open: number; overdue: number }>`
    select party, count(*)::int as open, count(*) filter (where due_at < ${now})::int as overdue
    from recalls where acknowledgement is null and superseded_by is null
    group by party`.execute(db);
  return new Map(rows.map(({ party, ...counts }) => [party, counts]));
}
