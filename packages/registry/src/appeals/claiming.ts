import {
  assertStrongKey,
  claimKeyHash,
  claimSchema,
  Problem,
  ProtocolError,
  thumbprint,
  type Claim,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { addDays } from '../bounds.ts';
import { caseOf } from '../cases/open-case.ts';
import type { CallContext } from '../context.ts';
import { reviewerDays } from '@recourse/protocol/review';
import { invalid, refusal } from '../sanctions/refusal.ts';
import { appendEvent } from '../sanctions/store.ts';
import { languageDays } from './appeal.rules.ts';
import {
  drawnFrom,
  drawOne,
  mayBeAssigned,
  mostTogether,
  turnsOf,
} from '@recourse/protocol/review';
import { groupsWaiting, loadOf, takeTurn } from './assignment-store.ts';
import { batchOf } from './batch-store.ts';
import {
  claimsOfHolder,
  eligibleAppeals,
  insertClaim,
  isOfAnother,
  lockHolder,
  releaseVacated,
  setKey,
} from './claim-store.ts';
import { evidenceDueAt, untilLapse } from '@recourse/protocol/review';
import { afterLostClaim, requestEvidence, setEvidenceDue } from './evidence-owed.ts';
import {
  assertIndependent,
  lockAppeal,
  lockAssigned,
  type Assigned,
  type LockedAppeal,
} from './lock-appeal.ts';
import { openOwnArtefact } from './own-artefact.ts';
import { changeAppeal, findAppeal, type AppealRow } from './store.ts';
import { viewAppeal } from './view.ts';

type Answer = OpOutput<'review.claim'>;

export async function claim(
  ctx: CallContext,
  { claim: compact }: OpInput<'review.claim'>,
): Promise<Answer> {
  return compact === undefined ? assign(ctx) : takeWithKey(ctx, compact);
}

async function answerOf(ctx: CallContext, appeal: AppealRow, keyed: boolean): Promise<Answer> {
  const { db, caller } = ctx;
  return {
    ...viewAppeal(appeal, ctx.now),
    keyed,
    language: appeal.language,
    batch: await batchOf(db, { appeal: appeal.id, holder: caller.holder }),
  };
}

/** Cases are assigned, not picked: groups take turns, and one of the group's next appeals is drawn. */
async function assign(ctx: CallContext): Promise<Answer> {
  const { db, now, caller } = ctx;
  const { holder } = caller;
  await lockHolder(db, holder);
  const own = await claimsOfHolder(db, { holder, now });
  const waiting = own.find(({ keyed_at }) => keyed_at === null);
  const assigned = waiting && (await findAppeal(db, waiting.appeal));
  if (assigned) return answerOf(ctx, assigned, false);
  if (!mayBeAssigned(await loadOf(db, { holder, now }))) {
    throw refusal('state-conflict', 'claims', 'too-many-open');
  }
  const of = {
    holder,
    now,
    anyLanguageBefore: addDays(now, -languageDays),
  };
  for (const { group } of turnsOf(await groupsWaiting(db, now))) {
    const next = await eligibleAppeals(db, { ...of, group, limit: drawnFrom + mostTaken });
    const appeal = await assignOne(ctx, next, { ...of, group });
    if (appeal) return answerOf(ctx, appeal, false);
  }
  // What there is and why it is not for this reviewer is no business of theirs.
  throw new Problem('not-found', { detail: 'no eligible appeal waits' });
}

/** So many may have been taken by others since they were listed. */
const mostTaken = 8;

async function assignOne(
  ctx: CallContext,
  listed: readonly { id: string }[],
  of: Omit<Parameters<typeof eligibleAppeals>[1], 'limit' | 'appeal'>,
): Promise<AppealRow | undefined> {
  let next = listed;
  for (let tried = 0; tried <= mostTaken; tried++) {
    const chosen = drawOne({ next, place: ctx.services.place });
    const row = chosen && (await findAppeal(ctx.db, chosen.id));
    if (!row) return undefined;
    const appeal = await assignLocked(ctx, row, of);
    if (appeal) return appeal;
    next = next.filter((one) => one !== chosen);
  }
  return undefined;
}

/** Two reviewers at once never get the same seat: who comes second waits for the lock and looks again. */
async function assignLocked(
  ctx: CallContext,
  row: AppealRow,
  of: Omit<Parameters<typeof eligibleAppeals>[1], 'limit' | 'appeal'>,
): Promise<AppealRow | undefined> {
  const locked = await lockAppeal(ctx, row);
  const [still] = await eligibleAppeals(ctx.db, { ...of, limit: 1, appeal: row.id });
  if (!still) return undefined;
  await seat(ctx, locked, row.id);
  await seatBeside(ctx, locked.appeal, of);
  await takeTurn(ctx.db, { sanction: row.sanction, now: ctx.now });
  return locked.appeal;
}

/** Others on records that rest on the same evidence come along: one assignment, read once, decided each. */
async function seatBeside(
  ctx: CallContext,
  head: AppealRow,
  of: Omit<Parameters<typeof eligibleAppeals>[1], 'limit' | 'appeal'>,
): Promise<void> {
  const beside = { ...of, beside: head.sanction, limit: mostTogether - 1 };
  const listed = await eligibleAppeals(ctx.db, beside);
  const locked: LockedAppeal[] = [];
  for (const { id } of listed.toSorted((a, b) => (a.sanction < b.sanction ? -1 : 1))) {
    const row = await findAppeal(ctx.db, id);
    if (row) locked.push(await lockAppeal(ctx, row));
  }
  // Some may have been taken since they were listed.
  const still = new Set((await eligibleAppeals(ctx.db, beside)).map(({ id }) => id));
  for (const one of locked) if (still.has(one.appeal.id)) await seat(ctx, one, head.id);
}

async function seat(
  ctx: CallContext,
  { record, appeal }: LockedAppeal,
  batch: string,
): Promise<void> {
  const { db, now, caller } = ctx;
  const { keyed } = await releaseVacated(db, { appeal: appeal.id, now });
  if (keyed > 0) await afterLostClaim(ctx, record, appeal.id);
  await insertClaim(db, {
    appeal: appeal.id,
    sanction: appeal.sanction,
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
  assertOnCurve(payload);
  const assigned = await lockAssigned(ctx, payload.appeal);
  if (assigned.claim.statement === compact) return answerOf(ctx, assigned.appeal, true);
  await assertIndependent(ctx, assigned.record.id);
  if (assigned.claim.keyed_at) throw refusal('state-conflict', 'claim', 'already-keyed');
  const sealingKid = thumbprint(payload.key);
  const { batch, holder } = assigned.claim;
  // Of another assignment: then a lost key would open both.
  if (sealingKid === ctx.caller.kid || (await isOfAnother(ctx.db, { sealingKid, batch, holder }))) {
    throw invalid('claim.key', 'not-fresh');
  }
  await keep(ctx, assigned, { statement: compact, sealingKid });
  const { appeal } = assigned;
  return answerOf(ctx, (await findAppeal(ctx.db, appeal.id)) ?? appeal, true);
}

/** Attacker-controlled: on a point outside the curve a submitter's half of the exchange leaks. */
function assertOnCurve({ key }: Claim): void {
  try {
    assertStrongKey(key);
  } catch (error) {
    throw error instanceof ProtocolError ? invalid('claim.key', error.code) : error;
  }
}

async function keep(
  ctx: CallContext,
  { record, appeal }: Assigned,
  key: { statement: string; sealingKid: string },
): Promise<void> {
  const { db, now, services, caller } = ctx;
  const of = { appeal: appeal.id, holder: caller.holder };
  await setKey(db, of, { ...key, at: now });
  const due = evidenceDueAt({ now, dueAt: appeal.evidence_due_at }, services.deadlines);
  // Confirmed by whoever was there before: this reviewer has opened nothing yet.
  await changeAppeal(db, appeal.id, { evidence_confirmed_at: null });
  await setEvidenceDue(ctx, appeal.id, untilLapse(due, services.deadlines));
  const { version } = record;
  await appendEvent(db, { sanction: record.id, version, event: 'reviewer-claimed', at: now });
  ctx.changes.sanction('claim', {
    ...(await caseOf(ctx, record)),
    detail: {
      appeal: appeal.id,
      key: claimKeyHash({ appeal: appeal.id, kid: key.sealingKid }),
    },
  });
  await requestEvidence(ctx, { record, appeal: appeal.id, due });
  ctx.keepWith.add(record.id);
}
