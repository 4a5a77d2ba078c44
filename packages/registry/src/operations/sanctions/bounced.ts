import {
  caseKey,
  newCaseSecret,
  Problem,
  toBase64url,
  type IssueCode,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { addressToken, isOf } from '../../cases/notices/address-token.ts';
import { noteBounce } from '../../cases/notices/bouncing.ts';
import { expiryOf } from '../../cases/notices/notice.rules.ts';
import type { NoticeAddress } from '../../cases/notices/notify.ts';
import { logDelivery } from '../../cases/notices/settling.ts';
import { isCodeUsed, setBouncer, writeAgain } from '../../cases/notices/bounce-store.ts';
import { findMessage, insertCode, type DeliveryRow } from '../../cases/notices/store.ts';
import type { CallContext } from '../../context/context.ts';
import { found, invalid, refusal } from '../../kernel/refusal.ts';
import { isHolderOf } from '../../parties/people-store.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { standingOf } from '../../records/record.ts';
import type { LockedRecord } from '../../records/transition-context.ts';
import { findSanction, subjectsOf } from '../../records/store.ts';
import { resultOf } from '../../submissions/views.ts';
import { placeOf } from '../../vault/vault.ts';

type Came = OpOutput<'sanctions.bounced'>['came'];

/**
 * A message of the registry came back. A report may be forged, and an operator may lie: the first has the registry write
 * once more, the second counts once two holders of the operator said so. Until then all is as without it.
 */
export async function bounced(
  ctx: CallContext,
  { message, recipient }: OpInput<'sanctions.bounced'>,
): Promise<OpOutput<'sanctions.bounced'>> {
  // Evaluated before anything is locked.
  const token = await addressToken(ctx, recipient, 'recipient');
  const { sanction = '' } = (await findMessage(ctx.db, message)) ?? {};
  const locked = await lockRecord(ctx, sanction);
  if (!locked) throw new Problem('not-found');
  const row = await applyDueSteps(ctx, locked);
  const delivery = await findMessage(ctx.db, message);
  if (!delivery) throw new Problem('not-found');
  const subjects = await subjectsOf(ctx.db, row.id);
  const isItsOwn = subjects.some((one) => one.position === delivery.position && isOf(token, one));
  if (!isItsOwn) throw invalid('recipient', 'other-identifier');
  const came = await step(ctx, row, { delivery, message, to: token.canonical });
  const after = found(await findSanction(ctx.db, row.id), () => true);
  return { ...resultOf(after, ctx.now), came };
}

async function step(
  ctx: CallContext,
  row: LockedRecord,
  came: { delivery: DeliveryRow; message: string; to: string },
): Promise<Came> {
  const { delivery, message } = came;
  const { result, again, again_at: againAt } = delivery;
  if (result !== 'taken') throw refusal('state-conflict', 'message', 'not-delivered');
  if (againAt === null) {
    await askAgain(ctx, row, came);
    return 'written-again';
  }
  // A server that refused the second sends no bounce that names it.
  const isBack = again === (message === delivery.message ? 'refused' : 'taken');
  if (!isBack) throw refusal('state-conflict', 'message', 'written-again');
  return report(ctx, row, delivery);
}

/** The code of before opens the case as it did. */
async function askAgain(
  { db, now, services }: CallContext,
  row: LockedRecord,
  { delivery, to }: { delivery: DeliveryRow; to: string },
): Promise<void> {
  const { sanction, position } = delivery;
  const address: NoticeAddress = { to, code: newCaseSecret(services.random) };
  await writeAgain(db, delivery, {
    address: row.key().sealJson(address, placeOf('notice_deliveries.address', delivery)),
    asked_at: now,
    expires_at: expiryOf(now),
    again_message: toBase64url(services.random(16)),
  });
  await insertCode(db, { hash: caseKey(address.code), sanction, position, made_at: now });
}

/** The rule binds the person, not the key: somebody with two keys stays one. */
async function report(ctx: CallContext, row: LockedRecord, delivery: DeliveryRow): Promise<Came> {
  const { db, caller, now } = ctx;
  const { sanction, position, channel, bounced_by: first } = delivery;
  const subject = (await subjectsOf(db, sanction)).find((one) => one.position === position);
  // Somebody could silence a record by a bounce.
  if (!subject?.review_from || subject.review_from <= now) throw counts('answers');
  if (await isCodeUsed(db, delivery)) throw counts('code-used');
  if (standingOf(row, now).ended) throw counts('ended');
  const stands = first !== null && (await isHolderOf(db, { id: first, party: 'operator' }));
  if (!stands || first === caller.holder) {
    await setBouncer(db, { sanction, position, by: caller.holder });
    return 'reported';
  }
  await noteBounce(ctx, row, { sanction, position, by: [first, caller.holder] });
  const by = [first, caller.holder];
  await logDelivery(row, { position, channel, result: 'bounced', by });
  return 'undelivered';
}

const counts = (why: IssueCode) => refusal('state-conflict', 'message', why);
