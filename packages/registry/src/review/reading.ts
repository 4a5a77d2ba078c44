import {
  isId,
  toTimestamp,
  type InspectionRecord,
  type OpInput,
  type OpOutput,
  type ReasonCode,
} from '@recourse/protocol';
import { findInspection, inspectionsAgainst } from './inspection-store.ts';
import { viewInspection } from './inspection-view.ts';
import { placeOf, type CaseKey } from '../vault/vault.ts';
import type { CallContext } from '../context/context.ts';
import { addDays } from '../kernel/bounds.ts';
import type { Db } from '../kernel/database.ts';
import { findParty } from '../parties/store.ts';
import { standingOf } from '../records/record.ts';
import { invalid, found } from '../kernel/refusal.ts';
import { subjectsOf, type SanctionRow } from '../records/store.ts';
import { fileOf, filesOf, informationOf } from './case-store.ts';
import {
  assignmentsOfHolder,
  countWaiting,
  keyedAssignments,
  batchOf,
} from './assignment-store.ts';
import { viewReview } from './assigning.ts';
import { earlierDecisions } from './decision-store.ts';
import { findTaken, findOwn, withAppeal } from './lock-review.ts';
import { openFile } from './case-store.ts';
import { findAppeal, listAppeals, type AppealRow } from './store.ts';
import {
  viewAppeal,
  viewNews,
  viewQuestions,
  viewResponse,
  claimantsOf,
  viewClaimants,
  viewJoined,
} from './view.ts';
import { evidenceOf } from './evidence.ts';

const pageSize = 50;
/** How old an earlier decision is, at most, that a reviewer reads beside a case. */
const earlierDays = 365;

/** Appeals against own sanctions, and on the first page their open inspections. */
export async function list(
  ctx: CallContext,
  { cursor, limit = pageSize, open }: OpInput<'appeals.list'>,
): Promise<OpOutput<'appeals.list'>> {
  if (cursor !== undefined && !isId('apl', cursor)) throw invalid('cursor', 'unknown');
  const { db, now, caller } = ctx;
  const { party } = caller;
  const rows = await listAppeals(db, { party, before: cursor, limit, open });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  const inspections =
    cursor === undefined && open !== false ? await inspectionsAgainst(db, party) : [];
  return {
    appeals: rows.map((row) => viewAppeal(row, now)),
    inspections: inspections.map((row) => viewInspection(row, now)),
    ...(last ? { next: last.id } : {}),
  };
}

/** What the submitter of a sanction owes in a case, and to whom; the creator's words for trust keys alone. */
export async function get(
  ctx: CallContext,
  { appeal: id }: OpInput<'appeals.get'>,
): Promise<OpOutput<'appeals.get'>> {
  const { db, now, caller } = ctx;
  const own = await findOwn(ctx, id);
  const { record } = own;
  const owed = {
    claims: (await keyedAssignments(db, id)).map(({ statement }) => statement),
    evidence: (await evidenceOf(db, { review: id, statement: record.statement })).states,
  };
  const inspection = await findInspection(db, id);
  if (inspection) return { ...viewInspection(inspection, now), ...owed };
  const { appeal } = await withAppeal(ctx, own);
  const caseKey = ctx.services.vault.keyOf(record);
  const reads = caller.role === 'trust';
  return {
    ...viewAppeal(appeal, now),
    ...owed,
    ...(reads
      ? {
          words: caseKey.openText(appeal.words, placeOf('appeals.words', appeal)),
          ...viewNews(appeal, caseKey),
        }
      : {}),
    joined: await viewJoined(db, { appeal: id, caseKey: reads ? caseKey : undefined }),
    questions: await viewQuestions(db, { appeal: id, caseKey, answers: reads }),
    ...viewResponse(appeal, reads ? caseKey : undefined),
  };
}

/** Own assignments, and how much waits. */
export async function queue(ctx: CallContext): Promise<OpOutput<'review.queue'>> {
  const { db, now, caller } = ctx;
  const of = { holder: caller.holder, now };
  const claims = await Promise.all(
    (await assignmentsOfHolder(db, of)).map(async ({ review, at, keyed_at, batch }) => ({
      ...(await viewReview(ctx, review)),
      claimedAt: toTimestamp(at),
      keyed: keyed_at !== null,
      batch,
    })),
  );
  const { oldest, ...waiting } = await countWaiting(db, of);
  return {
    claims,
    waiting: { ...waiting, ...(oldest ? { oldest: toTimestamp(new Date(oldest)) } : {}) },
  };
}

/**
 * One taken case, with everything that its reviewer judges by. Of a decision that is made again everything that the
 * first reviewer had, but not how they decided: neither outcome nor reasons, nor what became of the record.
 */
export async function takenCase(
  ctx: CallContext,
  { appeal: id }: OpInput<'review.get'>,
): Promise<OpOutput<'review.get'>> {
  const { db, now } = ctx;
  const taken = await findTaken(ctx, id);
  const { record, review } = taken;
  const caseKey = ctx.services.vault.keyOf(record);
  const inspection = await findInspection(db, id);
  const confirmed = review.evidence_confirmed_at;
  // As it was submitted: a lesser one is somebody's decision.
  const reason = inspection ? record.reason : (record.amended_reason ?? record.reason);
  const judged = {
    reason,
    ...(await atHand(ctx, record, reason)),
    statement: record.statement,
    account: (
      caseKey.openJson(record.account, placeOf('sanctions.account', record)) as { text: string }
    ).text,
    evidence: (await evidenceOf(db, { review: id, statement: record.statement })).states,
    // Decided ones too: the last of a batch says what ties its creator to the evidence, like the first.
    batch: await batchOf(db, { review: id, holder: ctx.caller.holder, ended: true }),
    ...(confirmed ? { confirmedAt: toTimestamp(confirmed) } : {}),
  };
  if (inspection) {
    const again = inspection.appeal === null ? undefined : await findAppeal(db, inspection.appeal);
    return {
      ...viewInspection(inspection, now),
      ...judged,
      ...(again ? { again: await saidIn(db, again, caseKey) } : {}),
    };
  }
  const { appeal } = await withAppeal(ctx, taken);
  return {
    ...viewAppeal(appeal, now),
    ...judged,
    ...(await saidIn(db, appeal, caseKey)),
    reviewers: appeal.reviewers,
    onEnded: standingOf(record, now).ended !== undefined,
    claimants: await viewClaimants(db, await claimantsOf(db, id)),
    ...relief(ctx, record),
  };
}

/** What a reviewer has at hand beside the case: places of identifiers, a language, and what others decided. */
async function atHand(
  { db, now }: CallContext,
  { id: sanction, party }: SanctionRow,
  reason: ReasonCode,
): Promise<Pick<OpOutput<'review.get'>, 'subjects' | 'evidenceLanguage' | 'earlier'>> {
  const since = addDays(now, -earlierDays);
  const submitter = found(await findParty(db, party), () => true);
  return {
    subjects: (await subjectsOf(db, sanction)).map(({ position, kind, control, detached_at }) => ({
      index: position,
      kind,
      control,
      ...(detached_at ? { detachedAt: toTimestamp(detached_at) } : {}),
    })),
    evidenceLanguage: submitter.registration?.language ?? 'en',
    earlier: (await earlierDecisions(db, { reason, notOf: sanction, since })).flatMap(
      ({ outcome, cause, ground, closed_at: at }) =>
        outcome && at
          ? [{ outcome, ground, decidedAt: toTimestamp(at), ...(cause ? { cause } : {}) }]
          : [],
    ),
  };
}

/** What claimants and submitter said in an appeal, for a reviewer. */
async function saidIn(db: Db, appeal: AppealRow, caseKey: CaseKey): Promise<AgainView> {
  const { id } = appeal;
  const numbers = await claimantsOf(db, id);
  const by = (claimant: string) => ({ claimant: numbers.get(claimant) ?? 1 });
  return {
    ground: appeal.ground,
    language: appeal.language,
    words: caseKey.openText(appeal.words, placeOf('appeals.words', appeal)),
    ...viewNews(appeal, caseKey),
    joined: await viewJoined(db, { appeal: id, caseKey }),
    information: (await informationOf(db, id)).map((row) => ({
      ...by(row.claimant),
      at: toTimestamp(row.at),
      text: caseKey.openText(row.text, placeOf('case_information.text', row)),
    })),
    files: (await filesOf(db, id)).map((row) => {
      const { name, mediaType } = openFile(caseKey, row);
      return { ...by(row.claimant), file: row.position, name, mediaType, bytes: row.size };
    }),
    questions: await viewQuestions(db, { appeal: id, caseKey, answers: true }),
    ...viewResponse(appeal, caseKey),
  };
}

type AgainView = NonNullable<Extract<OpOutput<'review.get'>, InspectionRecord>['again']>;

function relief({ now }: CallContext, record: SanctionRow): { relievedUntil?: string } {
  const until = record.open_suspensions.find(({ cause }) => cause === 'relief')?.until;
  return until && new Date(until) > now ? { relievedUntil: toTimestamp(new Date(until)) } : {};
}

export async function file(
  ctx: CallContext,
  { appeal: id, file: position }: OpInput<'review.file'>,
): Promise<OpOutput<'review.file'>> {
  const { record } = await findTaken(ctx, id);
  const appeal = (await findInspection(ctx.db, id))?.appeal ?? id;
  const row = found(await fileOf(ctx.db, { appeal, position }), () => true);
  return openFile(ctx.services.vault.keyOf(record), row);
}
