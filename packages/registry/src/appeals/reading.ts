import { isId, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import { caseOf } from '../cases/open-case.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CallContext } from '../context.ts';
import { standingOf } from '../sanctions/record.ts';
import { invalid } from '../sanctions/refusal.ts';
import { found } from '../sanctions/views.ts';
import { batchOf } from './batch-store.ts';
import { fileOf, filesOf, informationOf } from './case-store.ts';
import { claimsOfHolder, countWaiting, keyedClaims } from './claim-store.ts';
import { claimantsOf, viewClaimants, viewJoined } from './joined-view.ts';
import { findClaimed, findOwn, type LockedAppeal } from './lock-appeal.ts';
import { openFile, openText } from './sealed-text.ts';
import { findAppeal, listAppeals } from './store.ts';
import { evidenceOf, viewAppeal, viewNews, viewQuestions, viewResponse } from './view.ts';

const pageSize = 50;

/** Appeals against own sanctions. */
export async function list(
  ctx: CallContext,
  { cursor, limit = pageSize, open }: OpInput<'appeals.list'>,
): Promise<OpOutput<'appeals.list'>> {
  if (cursor !== undefined && !isId('apl', cursor)) throw invalid('cursor', 'unknown');
  const { party } = ctx.caller;
  const rows = await listAppeals(ctx.db, { party, before: cursor, limit, open });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  const appeals = rows.map((row) => viewAppeal(row, ctx.now));
  return { appeals, ...(last ? { next: last.id } : {}) };
}

/** What the submitter of a sanction under appeal owes, and to whom; the creator's words for trust keys alone. */
export async function get(
  ctx: CallContext,
  { appeal: id }: OpInput<'appeals.get'>,
): Promise<OpOutput<'appeals.get'>> {
  const { db, now, caller } = ctx;
  const { record, appeal } = await findOwn(ctx, id);
  const { caseKey } = await caseOf(ctx, record);
  const reads = caller.role === 'trust';
  const { states } = await evidenceOf(db, { appeal: id, statement: record.statement });
  return {
    ...viewAppeal(appeal, now),
    ...(reads
      ? {
          words: openText(caseKey, appeal.words, placeOf('appeals.words', appeal)),
          ...viewNews(appeal, caseKey),
        }
      : {}),
    claims: (await keyedClaims(db, id)).map(({ statement }) => statement),
    joined: await viewJoined(db, { appeal: id, caseKey: reads ? caseKey : undefined }),
    evidence: states,
    questions: await viewQuestions(db, { appeal: id, caseKey, answers: reads }),
    ...viewResponse(appeal, reads ? caseKey : undefined),
  };
}

/** Own claims, and how much waits. */
export async function queue(ctx: CallContext): Promise<OpOutput<'review.queue'>> {
  const { db, now, caller } = ctx;
  const of = { holder: caller.holder, now };
  const claims = await Promise.all(
    (await claimsOfHolder(db, of)).map(async ({ appeal, at, keyed_at, batch }) => {
      const row = found(await findAppeal(db, appeal), () => true);
      return {
        ...viewAppeal(row, now),
        claimedAt: toTimestamp(at),
        keyed: keyed_at !== null,
        batch,
      };
    }),
  );
  const { oldest, ...waiting } = await countWaiting(db, of);
  return {
    claims,
    waiting: { ...waiting, ...(oldest ? { oldest: toTimestamp(new Date(oldest)) } : {}) },
  };
}

/** One claimed case, with everything that its reviewer judges by. */
export async function caseOfClaim(
  ctx: CallContext,
  { appeal: id }: OpInput<'review.get'>,
): Promise<OpOutput<'review.get'>> {
  const { db, now } = ctx;
  const { record, appeal } = await findClaimed(ctx, id);
  const { caseKey } = await caseOf(ctx, record);
  const { states } = await evidenceOf(db, { appeal: id, statement: record.statement });
  const confirmed = appeal.evidence_confirmed_at;
  const numbers = await claimantsOf(db, id);
  const by = (claimant: string) => ({ claimant: numbers.get(claimant) ?? 1 });
  return {
    ...viewAppeal(appeal, now),
    reason: record.amended_reason ?? record.reason,
    statement: record.statement,
    account: (
      caseKey.openJson(record.account, placeOf('sanctions.account', record)) as { text: string }
    ).text,
    words: openText(caseKey, appeal.words, placeOf('appeals.words', appeal)),
    ...viewNews(appeal, caseKey),
    language: appeal.language,
    reviewers: appeal.reviewers,
    onEnded: standingOf(record, now).ended !== undefined,
    batch: await batchOf(db, { appeal: id, holder: ctx.caller.holder }),
    joined: await viewJoined(db, { appeal: id, caseKey }),
    claimants: await viewClaimants(db, numbers),
    information: (await informationOf(db, id)).map((row) => ({
      ...by(row.claimant),
      at: toTimestamp(row.at),
      text: openText(caseKey, row.text, placeOf('case_information.text', row)),
    })),
    files: (await filesOf(db, id)).map((row) => {
      const { name, mediaType } = openFile(caseKey, row);
      return { ...by(row.claimant), file: row.position, name, mediaType, bytes: row.size };
    }),
    questions: await viewQuestions(db, { appeal: id, caseKey, answers: true }),
    ...viewResponse(appeal, caseKey),
    evidence: states,
    ...(confirmed ? { confirmedAt: toTimestamp(confirmed) } : {}),
    ...relief(ctx, record),
  };
}

function relief({ now }: CallContext, record: LockedAppeal['record']): { relievedUntil?: string } {
  const until = record.open_suspensions.find(({ cause }) => cause === 'relief')?.until;
  return until && new Date(until) > now ? { relievedUntil: toTimestamp(new Date(until)) } : {};
}

export async function file(
  ctx: CallContext,
  { appeal: id, file: position }: OpInput<'review.file'>,
): Promise<OpOutput<'review.file'>> {
  const { record } = await findClaimed(ctx, id);
  const row = found(await fileOf(ctx.db, { appeal: id, position }), () => true);
  return openFile((await caseOf(ctx, record)).caseKey, row);
}
