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
import { inspectionEvidence } from './inspection-evidence.ts';
import { findInspection, type InspectionRow } from './inspection-store.ts';

/**
 * What the reviewer of an inspection judges by. Of a decision that is made again everything that the first reviewer had, but not
 * how they decided: neither outcome nor reasons, nor what became of the record.
 */
export async function readInspection(
  ctx: CallContext,
  { item }: OpInput<'inspections.get'>,
): Promise<OpOutput<'inspections.get'>> {
  const { inspection, record } = await findTaken(ctx, item);
  const { caseKey } = await caseOf(ctx, record);
  const { sanction, why, appeal, evidence_due_at: due } = inspection;
  return {
    item: inspection.item,
    sanction,
    why,
    // As it was submitted: a lesser one is somebody's decision.
    reason: record.reason,
    statement: record.statement,
    account: (
      caseKey.openJson(record.account, placeOf('sanctions.account', record)) as { text: string }
    ).text,
    evidence: await inspectionEvidence(ctx.db, item, record),
    ...(due ? { evidenceDueAt: toTimestamp(due) } : {}),
    ...(appeal === null ? {} : { appeal: await viewOf(ctx.db, appeal, caseKey) }),
  };
}

async function viewOf(
  db: Db,
  id: string,
  caseKey: CaseKey,
): Promise<NonNullable<OpOutput<'inspections.get'>['appeal']>> {
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

export async function readInspectionFile(
  ctx: CallContext,
  { item, file: position }: OpInput<'inspections.file'>,
): Promise<OpOutput<'inspections.file'>> {
  const { inspection, record } = await findTaken(ctx, item);
  const row = found(
    inspection.appeal === null
      ? undefined
      : await fileOf(ctx.db, { appeal: inspection.appeal, position }),
    () => true,
  );
  return openFile((await caseOf(ctx, record)).caseKey, row);
}

/** An open inspection that the caller has taken with a key. */
async function findTaken(
  { db, caller }: CallContext,
  item: string,
): Promise<{ inspection: InspectionRow; record: SanctionRow }> {
  const inspection = found(
    await findInspection(db, item),
    ({ holder, statement, closed_at }) =>
      holder === caller.holder && statement !== null && closed_at === null,
  );
  const record = found(await findSanction(db, inspection.sanction), ({ erased_at }) => !erased_at);
  return { inspection, record };
}
