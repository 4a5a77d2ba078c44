import {
  assertStrongKey,
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
import { drawnFrom, drawOne, mayBeAssigned, turnsOf } from '@recourse/protocol/review';
import { groupsWaiting, loadOf, takeTurn } from './assignment-store.ts';
import {
  claimsOfHolder,
  eligibleAppeals,
  insertClaim,
  isKnownKey,
  lockHolder,
  releaseVacated,
  setKey,
} from './claim-store.ts';
import { evidenceDueAt, untilLapse } from '@recourse/protocol/review';
import { afterLostClaim, requestEvidence, setEvidenceDue } from './evidence-owed.ts';
import { assertIndependent, lockAppeal, lockAssigned, type Assigned } from './lock-appeal.ts';
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

const answerOf = (ctx: CallContext, appeal: AppealRow, keyed: boolean): Answer => ({
  ...viewAppeal(appeal, ctx.now),
  keyed,
  language: appeal.language,
});

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
  const { db, now } = ctx;
  const { record, appeal } = await lockAppeal(ctx, row);
  const [still] = await eligibleAppeals(db, { ...of, limit: 1, appeal: row.id });
  if (!still) return undefined;
  const { keyed } = await releaseVacated(db, { appeal: appeal.id, now });
  if (keyed > 0) await afterLostClaim(ctx, record, appeal.id);
  await insertClaim(db, {
    appeal: appeal.id,
    sanction: appeal.sanction,
    holder: of.holder,
    kid: ctx.caller.kid,
    at: now,
    statement: null,
    sealing_kid: null,
    keyed_at: null,
    expires_at: addDays(now, reviewerDays),
    released_at: null,
    released_as: null,
  });
  await takeTurn(db, { sanction: appeal.sanction, now });
  return appeal;
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
  // Of another case, or of another reviewer on this one: then a lost key would open both.
  if (sealingKid === ctx.caller.kid || (await isKnownKey(ctx.db, sealingKid))) {
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
    detail: { appeal: appeal.id, key: key.sealingKid },
  });
  await requestEvidence(ctx, { record, appeal: appeal.id, due });
  ctx.keepWith.add(record.id);
}
