import { toTimestamp, type CaseView } from '@recourse/protocol';
import type { CaseContext } from '../../cases/context.ts';
import { partyOf } from '../../parties/store.ts';
import type { Db } from '../../kernel/database.ts';
import { findChallenge, itemsOfCase, type CaseItemRow } from '../../panel/case-store.ts';
import { isLapsed, votesOn } from '../../panel/store.ts';
import { standingOf } from '../../records/record.ts';
import { examinationsOf } from '../../review/inspection-store.ts';
import { subjectsOf, type SanctionRow } from '../../records/store.ts';
import { viewInspection } from '../../review/inspection-view.ts';
import { placeOf, type CaseKey, type Vault } from '../../vault/vault.ts';

type PanelView = NonNullable<CaseView['panel']>;

/** Reads what reviewers were asked about the identifiers of a record. */
export async function panelOf(
  ctx: CaseContext,
  record: SanctionRow,
  platforms: ReadonlySet<string>,
): Promise<Pick<CaseView, 'panel'>> {
  const items = await itemsOfCase(ctx.db, record.id);
  if (items.length === 0) return {};
  const caseKey = ctx.services.vault.keyOf(record);
  const panel: PanelView = [];
  for (const item of items) {
    panel.push({
      ...(await shown(ctx, item, caseKey)),
      ...(await challengeIn(ctx, item, platforms)),
    });
  }
  return { panel };
}

async function shown({ db, now }: CaseContext, item: CaseItemRow, caseKey: CaseKey) {
  const { id, opened_at: openedAt, due_at: dueAt, outcome } = item;
  const closedAt = item.closed_at ?? (isLapsed(item, now) ? dueAt : null);
  // Blind until the last is in.
  const votes = item.closed_at === null ? [] : await votesOn(db, id);
  return {
    item: id,
    openedAt: toTimestamp(openedAt),
    dueAt: toTimestamp(dueAt),
    ...(closedAt === null ? {} : { closedAt: toTimestamp(closedAt) }),
    ...(outcome === null ? {} : { outcome }),
    reasons: votes.flatMap((row) =>
      row.reasons ? [caseKey.openText(row.reasons, placeOf('panel_votes.reasons', row))] : [],
    ),
  };
}

async function challengeIn(
  { db }: CaseContext,
  item: CaseItemRow,
  platforms: ReadonlySet<string>,
): Promise<Partial<PanelView[number]>> {
  const challenge = await findChallenge(db, item.id);
  if (!challenge) return {};
  const { name } = await partyOf(db, challenge.by_party);
  // Another than the submitter was told.
  const by =
    challenge.by_party === item.party || platforms.has(challenge.by_party) ? { by: name } : {};
  const subjects = await subjectsOf(db, item.sanction);
  const subject = subjects.find(({ position }) => position === challenge.position)?.kind;
  const changedAt = toTimestamp(challenge.changed_at);
  return { ...by, changedAt, ...(subject === undefined ? {} : { subject }) };
}

/** The examinations of a record, the oldest first; what a reviewer wrote is for its claimants. */
export async function inspectionsOf(
  ctx: { db: Db; now: Date; services: { vault: Vault } },
  record: SanctionRow,
  { isClaimant }: { isClaimant: boolean },
): Promise<CaseView['inspections']> {
  const rows = await examinationsOf(ctx.db, record.id);
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
      ? {
          reasons: caseKey.openText(
            reasons,
            placeOf('decisions.reasons', { review: row.id, holder }),
          ),
        }
      : {}),
  }));
}
