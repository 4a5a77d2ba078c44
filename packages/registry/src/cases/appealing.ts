import {
  fromBase64url,
  maxCaseFileBytes,
  maxCaseFiles,
  Problem,
  ProtocolError,
  toTimestamp,
  type CaseInput,
  type CaseOutput,
} from '@recourse/protocol';
import { renewAssignments } from './renew-assignments.ts';
import { openAppeal } from '../appeals/open-appeal.ts';
import { sealText } from '../appeals/sealed-text.ts';
import { viewAppeal } from '../appeals/view.ts';
import { addHours } from '../bounds.ts';
import { invalid, refusal } from '../sanctions/refusal.ts';
import { appendEvent, type SanctionRow } from '../sanctions/store.ts';
import { lockAsClaimant, lockInPerson, lockJoined } from './access.ts';
import {
  answerQuestion,
  countOf,
  insertFile,
  insertInformation,
  setWithdrawsAt,
} from './appeal-store.ts';
import { speaksAs } from './claimant.ts';
import type { CaseContext } from './context.ts';
import { fitsMediaType, nameOfType } from './file-type.ts';
import { caseOf } from './open-case.ts';
import { placeOf } from './sealed-columns.ts';

/** The creator may think again for so long. */
const withdrawalHours = 72;
const mostInformation = 64;

/** By any claimant. */
export async function appealCase(
  ctx: CaseContext,
  input: CaseInput<'case.appeal'>,
): Promise<CaseOutput<'case.appeal'>> {
  const { record, claimant } = await lockAsClaimant(ctx, input.key);
  const { ground, words, language, news, reopen } = input;
  const appeal = { claimant: speaksAs(claimant), ground, words, language, news, reopen };
  return viewAppeal(await openAppeal(ctx, record, appeal), ctx.now);
}

export async function addInformation(
  ctx: CaseContext,
  { key, text, question }: CaseInput<'case.addInformation'>,
): Promise<CaseOutput<'case.addInformation'>> {
  const { db, now: at } = ctx;
  const { record, appeal, speaker } = await lockJoined(ctx, key);
  const { caseKey } = await caseOf(ctx, record);
  if (question === undefined) {
    const position = await countOf(db, 'case_information', appeal);
    if (position >= mostInformation) throw refusal('state-conflict', 'text', 'too-many');
    const sealed = sealText(caseKey, text, placeOf('case_information.text', { appeal, position }));
    const by = { appeal, sanction: record.id, claimant: speaker };
    await insertInformation(db, { ...by, position, text: sealed, at });
  } else {
    const answer = sealText(caseKey, text, placeOf('questions.answer', { id: question }));
    const isAnswered = await answerQuestion(db, { question, appeal, answer, at });
    if (!isAnswered) throw refusal('state-conflict', 'question', 'not-open');
    await renewAssignments(db, { appeal, now: at });
  }
  return { at: toTimestamp(at) };
}

export async function addFile(
  ctx: CaseContext,
  input: CaseInput<'case.addFile'>,
): Promise<CaseOutput<'case.addFile'>> {
  const { db, now: at } = ctx;
  const { mediaType } = input;
  const bytes = fileBytes(input.bytes);
  if (!fitsMediaType(bytes, mediaType)) throw invalid('bytes', 'not-of-this-type');
  const { record, appeal, speaker } = await lockJoined(ctx, input.key);
  const position = await countOf(db, 'case_files', appeal);
  if (position >= maxCaseFiles) throw refusal('state-conflict', 'bytes', 'too-many');
  const { caseKey } = await caseOf(ctx, record);
  const name = nameOfType(input.name, mediaType);
  const place = placeOf('case_files.sealed', { appeal, position });
  const sealed = caseKey.sealJson({ name, mediaType, bytes: input.bytes }, place);
  const size = bytes.length;
  const by = { appeal, sanction: record.id, claimant: speaker };
  await insertFile(db, { ...by, position, sealed, size, at });
  return { file: position, bytes: size };
}

/** Withdrawn 72 h from now, unless the creator keeps it until then; asked again, the first time counts. */
export async function withdrawAppeal(
  ctx: CaseContext,
  { key, keep = false }: CaseInput<'case.withdrawAppeal'>,
): Promise<CaseOutput<'case.withdrawAppeal'>> {
  const { record, appeal } = await lockJoined(ctx, key, lockInPerson);
  const { withdraws_at: asked } = record;
  if (keep) {
    if (asked) await setWithdrawal(ctx, record, { event: 'appeal-kept', at: null });
    return { appeal };
  }
  const at = asked ?? addHours(ctx.now, withdrawalHours);
  if (!asked) await setWithdrawal(ctx, record, { event: 'withdrawal-asked', at });
  return { appeal, effectiveAt: toTimestamp(at) };
}

async function setWithdrawal(
  { db, now }: CaseContext,
  { id: sanction, version, appeal }: SanctionRow,
  { event, at }: { event: 'appeal-kept' | 'withdrawal-asked'; at: Date | null },
): Promise<void> {
  if (appeal === null) return;
  await setWithdrawsAt(db, appeal, at);
  await appendEvent(db, { sanction, version, event, at: now });
}

function fileBytes(text: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64url(text);
  } catch (error) {
    throw error instanceof ProtocolError ? invalid('bytes', error.code) : error;
  }
  if (bytes.length > maxCaseFileBytes) throw new Problem('too-large');
  return bytes;
}
