import {
  claimKeyHash,
  claimSchema,
  Problem,
  thumbprint,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import {
  drawnFrom,
  drawOne,
  evidenceDueAt,
  mayBeAssigned,
  mostTogether,
  reviewerDays,
  turnsOf,
  untilLapse,
  addDays,
} from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { found, invalid, refusal } from '../../kernel/refusal.ts';
import { openOwnArtefact } from '../../parties/opening.ts';
import { languageDays } from '../../review/appeal.rules.ts';
import {
  assignmentsOfHolder,
  batchOf,
  eligibleReviews,
  insertAssignment,
  isOfAnother,
  lapsedTooOften,
  lockHolder,
  releaseVacated,
  setKey,
  type EligibleReview,
} from '../../review/assignment-store.ts';
import { assertOnCurve } from '../../review/evidence.rules.ts';
import { afterLostAssignment, requestEvidence, setEvidenceDue } from '../../review/evidence.ts';
import {
  assertIndependent,
  lockAssigned,
  lockReview,
  type AssignedReview,
  type LockedReview,
} from '../../review/lock-review.ts';
import {
  changeAppeal,
  changeReview,
  findAppeal,
  findReview,
  ruleOf,
  type ReviewRow,
} from '../../review/store.ts';
import { drawLots } from '../../review/join-store.ts';
import { groupsWaiting, loadOf, takeTurn } from '../../review/turn-store.ts';
import { viewReview } from '../../review/view-review.ts';

type Answer = OpOutput<'review.claim'>;

export async function takeCase(
  ctx: CallContext,
  { claim: compact }: OpInput<'review.claim'>,
): Promise<Answer> {
  return compact === undefined ? assign(ctx) : takeWithKey(ctx, compact);
}

async function answerOf(ctx: CallContext, id: string, keyed: boolean): Promise<Answer> {
  const { db, caller } = ctx;
  const shown = await viewReview(ctx, id);
  const batch = await batchOf(db, { review: id, holder: caller.holder });
  if ('inspection' in shown) return { ...shown, keyed, batch };
  const { language } = found(await findAppeal(db, id), () => true);
  return { ...shown, keyed, language, batch };
}

/** Cases are assigned, not picked: groups take turns, and one of the group's next cases is drawn. */
async function assign(ctx: CallContext): Promise<Answer> {
  const { db, now, caller } = ctx;
  const { holder } = caller;
  await lockHolder(db, holder);
  const own = await assignmentsOfHolder(db, { holder, now });
  const waiting = own.find(({ keyed_at }) => keyed_at === null);
  if (waiting) return answerOf(ctx, waiting.review, false);
  if (!mayBeAssigned(await loadOf(db, { holder, now }))) {
    throw refusal('state-conflict', 'claims', 'too-many-open');
  }
  if (await lapsedTooOften(db, { holder, now })) {
    throw refusal('state-conflict', 'claims', 'too-many-lapses');
  }
  const of = {
    holder,
    now,
    anyoneBefore: addDays(now, -languageDays),
  };
  for (const { group } of turnsOf(await groupsWaiting(db, now))) {
    const next = await eligibleReviews(db, { ...of, group, limit: drawnFrom + mostTaken });
    const review = await assignOne(ctx, next, { ...of, group });
    if (review) return answerOf(ctx, review, false);
  }
  // What there is and why it is not for this reviewer is no business of theirs.
  throw new Problem('not-found', { detail: 'no eligible case waits' });
}

/** So many may have been taken by others since they were listed. */
const mostTaken = 8;

type EligibleQuery = Omit<Parameters<typeof eligibleReviews>[1], 'limit' | 'review'>;

async function assignOne(
  ctx: CallContext,
  listed: readonly EligibleReview[],
  query: EligibleQuery,
): Promise<string | undefined> {
  let next = listed;
  for (let tried = 0; tried <= mostTaken; tried++) {
    const chosen = drawOne({ next, place: ctx.services.place });
    const row = chosen && (await findReview(ctx.db, chosen.id));
    if (!row) return undefined;
    if (await assignLocked(ctx, row, query)) return row.id;
    next = next.filter((one) => one !== chosen);
  }
  return undefined;
}

/** Two reviewers at once never get the same place: who comes second waits for the lock and looks again. */
async function assignLocked(
  ctx: CallContext,
  row: ReviewRow,
  query: EligibleQuery,
): Promise<boolean> {
  const locked = await lockReview(ctx, row);
  const [still] = await eligibleReviews(ctx.db, { ...query, limit: 1, review: row.id });
  if (!still) return false;
  await assignCaller(ctx, locked, { ...still, batch: row.id });
  if (row.kind === 'appeal') await assignBeside(ctx, row, query);
  await takeTurn(ctx.db, { sanction: row.sanction, now: ctx.now });
  return true;
}

/** Others on records that rest on the same evidence come along: one assignment, read once, decided each. */
async function assignBeside(
  ctx: CallContext,
  head: ReviewRow,
  query: EligibleQuery,
): Promise<void> {
  const beside = { ...query, beside: head.sanction, limit: mostTogether - 1 };
  const listed = await eligibleReviews(ctx.db, beside);
  const locked: LockedReview[] = [];
  for (const { id } of listed.toSorted((a, b) => (a.sanction < b.sanction ? -1 : 1))) {
    const row = await findReview(ctx.db, id);
    if (row) locked.push(await lockReview(ctx, row));
  }
  // Some may have been taken since they were listed.
  const still = new Map((await eligibleReviews(ctx.db, beside)).map((one) => [one.id, one]));
  for (const one of locked) {
    const eligible = still.get(one.review.id);
    if (eligible) await assignCaller(ctx, one, { ...eligible, batch: head.id });
  }
}

async function assignCaller(
  ctx: CallContext,
  { record, review }: LockedReview,
  { batch, reviewers, again }: EligibleReview & { batch: string },
): Promise<void> {
  const { db, now, caller } = ctx;
  // Nobody new is left: two in place of one, blind to each other, and disagreement reverses.
  if (again && reviewers < 2) await changeAppeal(db, review.id, { reviewers: 2 });
  const { keyed } = await releaseVacated(db, { review: review.id, now });
  if (keyed > 0) await afterLostAssignment(ctx, record, review.id);
  await insertAssignment(db, {
    review: review.id,
    sanction: review.sanction,
    holder: caller.holder,
    kid: caller.kid,
    at: now,
    statement: null,
    sealing_kid: null,
    keyed_at: null,
    expires_at: addDays(now, reviewerDays),
    released_at: null,
    released_as: null,
    batch,
  });
}

/** The case is taken once the reviewer made a key for it, and evidence is due from here on. */
async function takeWithKey(ctx: CallContext, compact: string): Promise<Answer> {
  const artefact = { compact, member: 'claim', typ: 'recourse-claim+jwt' } as const;
  const payload = await openOwnArtefact(ctx, artefact, claimSchema);
  assertOnCurve(payload.key, 'claim.key');
  const assigned = await lockAssigned(ctx, payload.appeal);
  if (assigned.assignment.statement === compact) return answerOf(ctx, assigned.review.id, true);
  await assertIndependent(ctx, assigned.record.id);
  if (assigned.assignment.keyed_at) throw refusal('state-conflict', 'claim', 'already-keyed');
  const sealingKid = thumbprint(payload.key);
  const { batch, holder } = assigned.assignment;
  // Of another assignment: then a lost key would open both.
  if (sealingKid === ctx.caller.kid || (await isOfAnother(ctx.db, { sealingKid, batch, holder }))) {
    throw invalid('claim.key', 'not-fresh');
  }
  await keep(ctx, assigned, { statement: compact, sealingKid });
  return answerOf(ctx, assigned.review.id, true);
}

async function keep(
  ctx: CallContext,
  { record, review: { id, evidence_due_at: dueAt } }: AssignedReview,
  key: { statement: string; sealingKid: string },
): Promise<void> {
  const { db, now, services, caller } = ctx;
  await setKey(db, { review: id, holder: caller.holder }, { ...key, at: now });
  await drawLots(db, { appeal: id, at: now });
  const due = evidenceDueAt({ now, dueAt }, services.deadlines);
  // Confirmed by whoever was there before: this reviewer has opened nothing yet.
  await changeReview(db, id, { evidence_confirmed_at: null });
  await setEvidenceDue(ctx, id, untilLapse(due, services.deadlines));
  await record.note({
    event: ruleOf(id).inHistory ? 'reviewer-claimed' : undefined,
    entry: 'claim',
    detail: { appeal: id, key: claimKeyHash({ appeal: id, kid: key.sealingKid }) },
  });
  await requestEvidence(ctx, { record, review: id, due });
  record.retain();
}
