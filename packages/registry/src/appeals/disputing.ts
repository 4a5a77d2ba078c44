import {
  fromBase64url,
  isId,
  Problem,
  type Id,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import {
  disputedDelivery as ofInspection,
  lockDelivered as lockInInspection,
  mismatchOfInspection,
} from '../accountability/inspection-disputing.ts';
import { addHours } from '../bounds.ts';
import { caseOf } from '../cases/open-case.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CallContext } from '../context.ts';
import { materialise } from '../sanctions/materialise.ts';
import { refusal } from '../sanctions/refusal.ts';
import { appendEvent, lockSanction, type SanctionRow } from '../sanctions/store.ts';
import { found } from '../sanctions/views.ts';
import { assignmentHours } from './appeal.rules.ts';
import { lockHolder } from './claim-store.ts';
import {
  assignSecond,
  closeDispute,
  eligibleDisputes,
  findAssigned,
  hasDispute,
  insertDispute,
  type DisputedWork,
  type DisputeRow,
  type Looking,
} from './dispute-store.ts';
import { endOfDispute, openDisputed } from './disputed-item.ts';
import {
  confirmSettled,
  disputedDelivery as ofAppeal,
  lockDelivered,
  mismatchOfAppeal,
} from './disputing-appeal.ts';
import { changeAppeal } from './store.ts';

// A digest that does not fit is a claim, of an appeal's evidence or an inspection's. States of a dispute: open, assigned to a
// second reviewer, closed. The first reviewer attaches the content key of the JWE, and the second repeats the opening on
// the same bytes, which are kept for it. Closed as void: the item counts. As mismatch: the submitter delivers once more,
// and a second time is the end of the record. As moot: the item was destroyed, or the appeal or the inspection closed.

const isInspection = (work: DisputedWork): work is Id<'itm'> => isId('itm', work);

/** Says that a delivered item is not what the statement committed to. */
export async function dispute(
  ctx: CallContext,
  { appeal: work, item, contentKey }: OpInput<'evidence.dispute'>,
): Promise<OpOutput<'evidence.dispute'>> {
  const { db, now: at, caller } = ctx;
  const { record, round } = isInspection(work)
    ? await lockInInspection(ctx, { item: work, place: item })
    : await lockDelivered(ctx, { appeal: work, item });
  const where = { work, item, round };
  if (await hasDispute(db, where)) throw refusal('state-conflict', 'item', 'already-disputed');
  const { id: sanction, version } = record;
  const { caseKey } = await caseOf(ctx, record);
  const of = isInspection(work)
    ? { appeal: null, inspection: work }
    : { appeal: work, inspection: null };
  await insertDispute(db, {
    ...of,
    sanction,
    item,
    round,
    holder: caller.holder,
    at,
    content_key: caseKey.seal(fromBase64url(contentKey), placeOf('disputes.content_key', where)),
  });
  if (isInspection(work)) {
    const detail = { item: work, place: item, round };
    ctx.changes.sanction('inspection-disputed', { sanction, caseKey, detail });
  } else {
    await changeAppeal(db, work, { evidence_confirmed_at: null });
    await appendEvent(db, { sanction, version, event: 'evidence-disputed', at });
    const detail = { appeal: work, item, round };
    ctx.changes.sanction('evidence-disputed', { sanction, caseKey, detail });
  }
  ctx.keepWith.add(sanction);
  return { appeal: work, item };
}

/** Looked at in one call at most: each is locked, and some were taken since they were listed. */
const mostTried = 8;

/** Assigned, not picked: what was disputed first, of records that the caller may judge and is new to. */
export async function recheck(ctx: CallContext): Promise<OpOutput<'evidence.recheck'>> {
  const { db, now, caller } = ctx;
  const { holder } = caller;
  await lockHolder(db, holder);
  const of = looking(ctx);
  for (const { work, item, sanction } of await eligibleDisputes(db, { ...of, limit: mostTried })) {
    await lockRecord(ctx, sanction);
    const [still] = await eligibleDisputes(db, { ...of, limit: 1, only: { work, item } });
    if (!still) continue;
    await assignSecond(db, { work, item, second: holder, at: now });
    return { appeal: work, item, sanction };
  }
  throw new Problem('not-found', { detail: 'no disputed item waits' });
}

async function lockRecord(ctx: CallContext, sanction: string): Promise<SanctionRow> {
  return materialise(
    ctx,
    found(await lockSanction(ctx.db, sanction), () => true),
  );
}

const looking = ({ now, caller: { holder } }: CallContext): Looking => ({
  holder,
  now,
  assignedSince: addHours(now, -assignmentHours),
});

/** The caller's assignment, as long as they may still judge and have not come onto the case. */
async function assignedTo(
  ctx: CallContext,
  only: { work: DisputedWork; item: number },
): Promise<DisputeRow> {
  const { db, caller } = ctx;
  const row = found(await findAssigned(db, { ...only, second: caller.holder }), () => true);
  const [still] = await eligibleDisputes(db, { ...looking(ctx), limit: 1, only });
  if (!still) throw new Problem('not-found');
  return row;
}

/** The disputed item as it was sealed, and the key that the first reviewer found. */
export async function disputed(
  ctx: CallContext,
  { appeal: work, item }: OpInput<'evidence.disputed'>,
): Promise<OpOutput<'evidence.disputed'>> {
  const one = await assignedTo(ctx, { work, item });
  const open = await (isInspection(work) ? ofInspection : ofAppeal)(ctx, one);
  const contentKey = placeOf('disputes.content_key', one);
  return { item, ...(await openDisputed(ctx, one, { place: item, contentKey, open })) };
}

/** The word of the second reviewer decides. */
export async function settle(
  ctx: CallContext,
  { appeal: work, item, says }: OpInput<'evidence.settle'>,
): Promise<OpOutput<'evidence.settle'>> {
  const { db, now: at } = ctx;
  // Looked at before anything is locked: nobody holds up a case that is not theirs.
  const { sanction } = await assignedTo(ctx, { work, item });
  const record = await lockRecord(ctx, sanction);
  const one = await assignedTo(ctx, { work, item });
  const closedAs = endOfDispute[says];
  await closeDispute(db, { work, item, as: closedAs, at });
  const { round } = one;
  const theCase = await caseOf(ctx, record);
  if (isInspection(work)) {
    const detail = { item: work, place: item, round, as: closedAs };
    ctx.changes.sanction('inspection-settled', { ...theCase, detail });
  } else {
    const { version } = record;
    await appendEvent(db, { sanction, version, event: 'dispute-settled', cause: says, at });
    const detail = { appeal: work, item, round, as: closedAs };
    ctx.changes.sanction('dispute-settled', { ...theCase, detail });
  }
  ctx.keepWith.add(sanction);
  const answer = { appeal: work, item, closedAs };
  if (says === 'does-not-fit') {
    const mismatch = isInspection(work) ? mismatchOfInspection : mismatchOfAppeal;
    return { ...answer, ...(await mismatch(ctx, one)) };
  }
  if (says === 'fits' && !isInspection(work)) await confirmSettled(ctx, one);
  return { ...answer, recalls: 0 };
}
