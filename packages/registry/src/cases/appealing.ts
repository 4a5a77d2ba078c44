import {
  fromBase64url,
  maxCaseFileBytes,
  maxCaseFiles,
  mostInformation,
  Problem,
  ProtocolError,
  toTimestamp,
  unsignedActDays,
  type CaseInput,
  type CaseOutput,
} from '@recourse/protocol';
import { sql } from 'kysely';
import { renewAssignments } from '../review/assignment-store.ts';
import { joinAppeal, openAppeal } from '../review/open-appeal.ts';
import { viewAppeal } from '../review/view.ts';
import { addDays, addHours } from '../kernel/bounds.ts';
import { invalid, refusal } from '../kernel/refusal.ts';
import { lockAsClaimant, lockInPerson, lockJoined, speaksAs } from './access.ts';
import type { CaseContext } from './context.ts';
import { fitsMediaType, nameOfType } from './file-type.ts';
import {
  joinedIn,
  joinsOf,
  notWithdrawn,
  roomFor,
  setJoinWithdrawal,
} from '../review/join-store.ts';
import { placeOf } from '../vault/vault.ts';
import { readSignedAct, type SignedAct } from './signed-act.ts';
import type { Db } from '../kernel/database.ts';

/** Who signed their withdrawal may think again for so long; who did not, before it counts. */
const withdrawalHours = 72;

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
  const caseKey = record.key();
  if (question === undefined) {
    const of = { table: 'case_information', in: appeal, claimant: speaker, now: at } as const;
    const room = await roomFor(db, { ...of, most: mostInformation });
    if (!room) throw refusal('state-conflict', 'text', 'too-many');
    const position = await countOf(db, 'case_information', appeal);
    const sealed = caseKey.sealText(text, placeOf('case_information.text', { appeal, position }));
    const by = { appeal, sanction: record.id, claimant: speaker, ...room };
    await insertInformation(db, { ...by, position, text: sealed, at });
  } else {
    const answer = caseKey.sealText(text, placeOf('questions.answer', { id: question }));
    const isAnswered = await answerQuestion(db, { question, appeal, answer, at, by: speaker });
    if (!isAnswered) throw refusal('state-conflict', 'question', 'not-open');
    await renewAssignments(db, { review: appeal, now: at });
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
  const of = { table: 'case_files', in: appeal, claimant: speaker, now: at } as const;
  const room = await roomFor(db, { ...of, most: maxCaseFiles });
  if (!room) throw refusal('state-conflict', 'bytes', 'too-many');
  const position = await countOf(db, 'case_files', appeal);
  const caseKey = record.key();
  const name = nameOfType(input.name, mediaType);
  const place = placeOf('case_files.sealed', { appeal, position });
  const sealed = caseKey.sealJson({ name, mediaType, bytes: input.bytes }, place);
  const size = bytes.length;
  const by = { appeal, sanction: record.id, claimant: speaker, ...room };
  await insertFile(db, { ...by, position, sealed, size, at });
  return { file: position, bytes: size };
}

/** Joins the open appeal; who had withdrawn carries it on. */
export async function joinCase(
  ctx: CaseContext,
  { key, ground, words }: CaseInput<'case.join'>,
): Promise<CaseOutput<'case.join'>> {
  const { record, claimant } = await lockAsClaimant(ctx, key);
  const { appeal } = record;
  if (appeal === null) throw refusal('state-conflict', 'key', 'no-open-appeal');
  const speaker = speaksAs(claimant);
  const joined = await joinAppeal(ctx, record, { appeal, claimant: speaker, ground, words });
  await setJoinWithdrawal(ctx.db, { appeal, claimant: speaker, withdrawal: notWithdrawn });
  await endWhenAllWithdrew(ctx, appeal);
  return viewAppeal(joined, ctx.now);
}

/**
 * Binds this claimant alone: at once when they signed it, after 14 days when not. The appeal ends 72 h after all who joined
 * it withdrew, unless one of them carries it on.
 */
export async function withdrawAppeal(
  ctx: CaseContext,
  { key, jti, keep = false, act: compact }: CaseInput<'case.withdrawAppeal'>,
): Promise<CaseOutput<'case.withdrawAppeal'>> {
  const { db, now } = ctx;
  const { record, claimant, appeal, speaker } = await lockJoined(ctx, key, lockInPerson);
  const signed = await readSignedAct(ctx, claimant, { act: 'withdraw-appeal', jti, compact });
  const asked = await withdrawsAt(ctx, { appeal, speaker, record });
  if (keep === (asked !== null)) {
    const withdrawal = keep ? notWithdrawn : withdrawnBy(signed, now);
    await setJoinWithdrawal(db, { appeal, claimant: speaker, withdrawal });
    const how = keep ? { kept: true } : signed.detail;
    const detail = { appeal, ...how };
    const event = keep ? 'appeal-kept' : 'withdrawal-asked';
    await record.note({ event, entry: 'appeal-withdrawal', detail });
  }
  const endsAt = await endWhenAllWithdrew(ctx, appeal);
  const from = await withdrawsAt(ctx, { appeal, speaker, record });
  return {
    appeal,
    ...(from ? { withdrawsAt: toTimestamp(from) } : {}),
    ...(endsAt ? { effectiveAt: toTimestamp(endsAt) } : {}),
  };
}

const withdrawnBy = ({ act }: SignedAct, now: Date) => ({
  withdrawal_at: now,
  withdraws_at: act === null ? addDays(now, unsignedActDays) : now,
  withdrawal: act,
});

async function withdrawsAt(
  { db }: CaseContext,
  { appeal, speaker, record }: { appeal: string; speaker: string; record: { id: string } },
): Promise<Date | null> {
  const joined = await joinedIn(db, { sanction: record.id, claimant: speaker });
  return joined.find((join) => join.appeal === appeal)?.withdraws_at ?? null;
}

async function endWhenAllWithdrew({ db }: CaseContext, appeal: string): Promise<Date | null> {
  const ends = (await joinsOf(db, appeal)).map(({ withdrawal, withdraws_at: at }) =>
    at && withdrawal !== null ? addHours(at, withdrawalHours) : at,
  );
  const endsAt = ends.every((at) => at !== null)
    ? new Date(Math.max(...ends.map((at) => at.getTime())))
    : null;
  await setWithdrawsAt(db, appeal, endsAt);
  return endsAt;
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

async function setWithdrawsAt(db: Db, appeal: string, at: Date | null): Promise<void> {
  await db
    .updateTable('appeals')
    .set({ withdraws_at: at })
    .where('id', '=', appeal)
    .where('closed_at', 'is', null)
    .execute();
}

/** How many rows of an appeal there are; the caller holds the lock of its sanction. */
async function countOf(
  db: Db,
  table: 'case_information' | 'case_files',
  appeal: string,
): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select(sql<number>`count(*)::int`.as('n'))
    .where('appeal', '=', appeal)
    .executeTakeFirstOrThrow();
  return row.n;
}

interface AddedPlace {
  readonly appeal: string;
  readonly sanction: string;
  readonly claimant: string;
  readonly position: number;
  readonly way: number;
  readonly slot: number;
  readonly at: Date;
}

async function insertInformation(db: Db, row: AddedPlace & { text: Uint8Array }): Promise<void> {
  await db.insertInto('case_information').values(row).execute();
}

async function insertFile(
  db: Db,
  row: AddedPlace & { sealed: Uint8Array; size: number },
): Promise<void> {
  await db.insertInto('case_files').values(row).execute();
}

/** Answers a question of an appeal once; false when there is none that is unanswered. */
async function answerQuestion(
  db: Db,
  of: { question: string; appeal: string; answer: Uint8Array; at: Date; by: string },
): Promise<boolean> {
  const row = await db
    .updateTable('questions')
    .set({ answer: of.answer, answered_at: of.at, answered_by: of.by })
    .where('id', '=', of.question)
    .where('appeal', '=', of.appeal)
    .where('answered_at', 'is', null)
    .where((where) => where.or([where('claimant', 'is', null), where('claimant', '=', of.by)]))
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
