import {
  toDay,
  toTimestamp,
  type InspectionRecord,
  type OpInput,
  type OpOutput,
  type ReasonCode,
} from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import { found } from '../../kernel/refusal.ts';
import { findParty } from '../../parties/store.ts';
import { reasonOf, standingOf } from '../../records/record.ts';
import { subjectsOf, type SanctionRow } from '../../records/store.ts';
import { batchOf } from '../../review/assignment-store.ts';
import { filesOf, informationOf, openFile } from '../../review/case-store.ts';
import { waysOf } from '../../review/claimant-store.ts';
import { earlierDecisions } from '../../review/decision-store.ts';
import { evidenceOf } from '../../review/evidence.ts';
import { claimantsOf, countClaimants } from '../../review/join-store.ts';
import { findInspection, withdrawalOf } from '../../review/inspection-store.ts';
import { viewToReviewer } from '../../review/inspection-view.ts';
import { findTaken, withAppeal } from '../../review/lock-review.ts';
import { findAppeal, type AppealRow } from '../../review/store.ts';
import {
  viewAppeal,
  viewJoined,
  viewNews,
  viewQuestions,
  viewResponse,
  type ReviewedAppeal,
} from '../../review/view.ts';
import { placeOf, type CaseKey } from '../../vault/vault.ts';

/** How old an earlier decision is, at most, that a reviewer reads beside a case. */
const earlierDays = 365;

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
  const reason = inspection ? record.reason : reasonOf(record);
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
    const withdrawal = await withdrawalOf(db, id);
    return {
      ...viewToReviewer(inspection, now),
      ...judged,
      ...(withdrawal === undefined ? {} : { withdrawal }),
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
    ...(await viewClaimants(db, id)),
    ...relief(ctx, record),
  };
}

/** Reads what a reviewer has at hand beside the case: places of identifiers, a language, and what others decided. */
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

/** Reads what claimants and submitter said in an appeal, for a reviewer. */
async function saidIn(db: Db, appeal: AppealRow, caseKey: CaseKey): Promise<AgainView> {
  const { id } = appeal;
  const numbers = await claimantsOf(db, id);
  const of = { appeal: id, claimants: [...numbers.keys()] };
  const by = (claimant: string) => ({ claimant: numbers.get(claimant)! });
  return {
    ground: appeal.ground,
    language: appeal.language,
    words: caseKey.openText(appeal.words, placeOf('appeals.words', appeal)),
    ...viewNews(appeal, caseKey),
    joined: await viewJoined(db, { appeal: id, numbers, caseKey }),
    information: (await informationOf(db, of)).map((row) => ({
      ...by(row.claimant),
      at: toTimestamp(row.at),
      text: caseKey.openText(row.text, placeOf('case_information.text', row)),
    })),
    files: (await filesOf(db, of)).map((row) => {
      const { name, mediaType } = openFile(caseKey, row);
      return { ...by(row.claimant), file: row.position, name, mediaType, bytes: row.size };
    }),
    questions: await viewQuestions(db, { appeal: id, caseKey, answers: true, numbers }),
    ...viewResponse(appeal, caseKey),
  };
}

type AgainView = NonNullable<Extract<OpOutput<'review.get'>, InspectionRecord>['again']>;

function relief({ now }: CallContext, record: SanctionRow): { relievedUntil?: string } {
  const until = record.open_suspensions.find(({ cause }) => cause === 'relief')?.until;
  return until && new Date(until) > now ? { relievedUntil: toTimestamp(new Date(until)) } : {};
}

/** How each of them came whom the reviewer reads, and how many others there are. */
async function viewClaimants(
  db: Db,
  appeal: string,
): Promise<Pick<ReviewedAppeal, 'claimants' | 'unread'>> {
  const numbers = await claimantsOf(db, appeal);
  const claimants = await Promise.all(
    [...numbers].map(async ([id, claimant]) => ({
      claimant,
      ways: (await waysOf(db, id)).map(
        ({ way, position, proves, proven_at, number_since: since }) => ({
          way,
          proven: proves,
          ...(position === null ? {} : { place: position }),
          provenAt: toTimestamp(proven_at),
          ...(since ? { numberSince: toDay(since) } : {}),
        }),
      ),
    })),
  );
  return { claimants, unread: (await countClaimants(db, appeal)) - numbers.size };
}
