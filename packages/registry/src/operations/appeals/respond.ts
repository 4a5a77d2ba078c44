import type { OpInput, OpOutput, WithdrawalCause } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { openWithdrawal } from '../../parties/opening.ts';
import { recordFinding } from '../../records/appeal-closing.ts';
import { closeAppealRow } from '../../records/appeal-store.ts';
import { endSanction } from '../../records/ending.ts';
import { standingOf } from '../../records/record.ts';
import type { SanctionRow } from '../../records/store.ts';
import { lockOwn, withAppeal, type LockedAppeal } from '../../review/lock-review.ts';
import { changeAppeal, findAppeal } from '../../review/store.ts';
import { viewAppeal } from '../../review/view.ts';
import { placeOf } from '../../vault/vault.ts';

/** Stand by an own sanction under appeal, or concede. */
export async function respond(
  ctx: CallContext,
  { appeal: id, stand: standing, concede: withdrawal }: OpInput<'appeals.respond'>,
): Promise<OpOutput<'appeals.respond'>> {
  if ((standing === undefined) === (withdrawal === undefined)) {
    throw invalid('stand', 'stand-or-concede');
  }
  const locked = await withAppeal(ctx, await lockOwn(ctx, id));
  let recalls = 0;
  if (standing) await stand(ctx, locked, standing.text);
  if (withdrawal !== undefined) recalls = await concede(ctx, locked, withdrawal);
  locked.record.retain();
  const after = (await findAppeal(ctx.db, id)) ?? locked.appeal;
  return { appeal: id, state: viewAppeal(after, ctx.now).state, recalls };
}

async function stand(
  ctx: CallContext,
  { record, appeal }: LockedAppeal,
  text: string,
): Promise<void> {
  const { db, now: at } = ctx;
  if (appeal.responded_at) throw refusal('state-conflict', 'stand', 'already-responded');
  const response = record.key().sealText(text, placeOf('appeals.response', appeal));
  await changeAppeal(db, appeal.id, { responded_at: at, response });
  await record.note({ event: 'responded' });
}

/** Counts as a reversal; on an ended record as a finding, with the same recalls. */
async function concede(
  ctx: CallContext,
  { record, appeal }: LockedAppeal,
  compact: string,
): Promise<number> {
  const { db, now: at } = ctx;
  const cause = 'conceded';
  const concession = await whyConceded(ctx, record, compact);
  if (!standingOf(record, at).ended) {
    const by = ctx.caller.party;
    const ending = { kind: 'reversed', cause, by, concession, artefact: compact } as const;
    return (await endSanction(ctx, record, ending)).recalls;
  }
  await closeAppealRow(db, appeal.id, { as: 'conceded', cause, concession, at });
  return recordFinding(ctx, await record.refresh(), { appeal: appeal.id, cause, at });
}

async function whyConceded(
  ctx: CallContext,
  record: SanctionRow,
  compact: string,
): Promise<WithdrawalCause> {
  const { sub, cause } = await openWithdrawal(ctx, { compact, named: 'concede' });
  if (sub !== record.id) throw invalid('concede.sub', 'another-sanction');
  return cause;
}
