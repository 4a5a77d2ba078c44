import { toTimestamp, type CaseView, type Id, type InspectionRecord } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import { standingOf } from '../records/record.ts';
import type { Db, InspectionsTable } from '../kernel/database.ts';
import type { SanctionRow } from '../records/store.ts';
import { placeOf, type Vault } from '../vault/vault.ts';

interface Inspection extends Selectable<InspectionsTable> {
  id: Id<'itm'>;
  sanction: Id<'snc'>;
}

interface WithReasons extends Inspection {
  readonly holder: string | null;
  readonly reasons: Uint8Array | null;
}

/** The examinations of a record, the oldest first; what a reviewer wrote is for its claimants. */
export async function inspectionsOf(
  ctx: { db: Db; now: Date; services: { vault: Vault } },
  record: SanctionRow,
  { isClaimant }: { isClaimant: boolean },
): Promise<CaseView['inspections']> {
  const { rows } = await sql<WithReasons>`
    select u.*, d.holder, d.reasons from inspections u
    left join decisions d on d.review = u.id and u.closed_at is not null
    where u.sanction = ${record.id} order by u.opened_at, u.id`.execute(ctx.db);
  if (rows.length === 0) return [];
  const caseKey = ctx.services.vault.keyOf(record);
  // Of a record that has ended nothing follows from what is not delivered.
  const isOver = standingOf(record, ctx.now).ended !== undefined;
  return rows.map(({ holder, reasons, sanction, ...row }) => ({
    ...viewInspection(
      isOver ? { ...row, sanction, evidence_due_at: null } : { ...row, sanction },
      ctx.now,
    ),
    ...(isClaimant && reasons?.length && holder !== null
      ? { reasons: caseKey.openText(reasons, placeOf('decisions.reasons', { sanction, holder })) }
      : {}),
  }));
}

/** Over by time alone, whether or not a job has come round to it; of a record that answers nothing until then, not. */
export function viewInspection(row: Inspection, now: Date): InspectionRecord {
  const { due_at, evidence_due_at: evidence, outcome } = row;
  const isLate = row.examine_by === null && due_at <= now;
  const closed = row.closed_at ?? (isLate ? due_at : null);
  return {
    inspection: row.id,
    sanction: row.sanction,
    why: row.why,
    state: row.closed_as ?? (isLate ? 'undecided' : 'open'),
    openedAt: toTimestamp(row.opened_at),
    dueAt: toTimestamp(due_at),
    ...(evidence && !closed ? { evidenceDueAt: toTimestamp(evidence) } : {}),
    ...(closed ? { closedAt: toTimestamp(closed) } : {}),
    ...(outcome ? { outcome } : {}),
  };
}
