import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import { fileOf, filesOf, informationOf } from '../appeals/case-store.ts';
import { openFile, openText } from '../appeals/sealed-text.ts';
import { findAppeal } from '../appeals/store.ts';
import { viewNews, viewQuestions, viewResponse } from '../appeals/view.ts';
import { caseOf } from '../cases/open-case.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CaseKey } from '../cases/vault.ts';
import type { CallContext } from '../context.ts';
import type { Db } from '../database.ts';
import { findSanction, type SanctionRow } from '../sanctions/store.ts';
import { found } from '../sanctions/views.ts';
import { auditEvidence } from './audit-evidence.ts';
import { findAudit, type AuditRow } from './audit-store.ts';

/**
 * What the reviewer of an audit judges by. Of a decision that is made again everything that the first reviewer had, but not
 * how they decided: neither outcome nor reasons, nor what became of the record.
 */
export async function readAudit(
  ctx: CallContext,
  { item }: OpInput<'audits.get'>,
): Promise<OpOutput<'audits.get'>> {
  const { audit, record } = await findTaken(ctx, item);
  const { caseKey } = await caseOf(ctx, record);
  const { sanction, why, appeal, evidence_due_at: due } = audit;
  return {
    item: audit.item,
    sanction,
    why,
    // As it was submitted: a lesser one is somebody's decision.
    reason: record.reason,
    statement: record.statement,
    account: (
      caseKey.openJson(record.account, placeOf('sanctions.account', record)) as { text: string }
    ).text,
    evidence: await auditEvidence(ctx.db, item, record),
    ...(due ? { evidenceDueAt: toTimestamp(due) } : {}),
    ...(appeal === null ? {} : { appeal: await viewOf(ctx.db, appeal, caseKey) }),
  };
}

async function viewOf(
  db: Db,
  id: string,
  caseKey: CaseKey,
): Promise<NonNullable<OpOutput<'audits.get'>['appeal']>> {
  const appeal = found(await findAppeal(db, id), () => true);
  return {
    ground: appeal.ground,
    language: appeal.language,
    words: openText(caseKey, appeal.words, placeOf('appeals.words', appeal)),
    ...viewNews(appeal, caseKey),
    ...viewResponse(appeal, caseKey),
    information: (await informationOf(db, id)).map((row) => ({
      at: toTimestamp(row.at),
      text: openText(caseKey, row.text, placeOf('case_information.text', row)),
    })),
    files: (await filesOf(db, id)).map((row) => {
      const { name, mediaType } = openFile(caseKey, row);
      return { file: row.position, name, mediaType, bytes: row.size };
    }),
    questions: await viewQuestions(db, { appeal: id, caseKey, answers: true }),
  };
}

export async function readAuditFile(
  ctx: CallContext,
  { item, file: position }: OpInput<'audits.file'>,
): Promise<OpOutput<'audits.file'>> {
  const { audit, record } = await findTaken(ctx, item);
  const row = found(
    audit.appeal === null ? undefined : await fileOf(ctx.db, { appeal: audit.appeal, position }),
    () => true,
  );
  return openFile((await caseOf(ctx, record)).caseKey, row);
}

/** An open audit that the caller has taken with a key. */
async function findTaken(
  { db, caller }: CallContext,
  item: string,
): Promise<{ audit: AuditRow; record: SanctionRow }> {
  const audit = found(
    await findAudit(db, item),
    ({ holder, statement, closed_at }) =>
      holder === caller.holder && statement !== null && closed_at === null,
  );
  const record = found(await findSanction(db, audit.sanction), ({ erased_at }) => !erased_at);
  return { audit, record };
}
