import {
  fromNumericDate,
  toTimestamp,
  type Id,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { confirmDerived } from './derived/confirming.ts';
import { recordWithdrawal, voidByOperator, voidOwn } from './acts.ts';
import { confirmDraft } from './confirming.ts';
import { recordDraft, recordSubmission } from './recording.ts';
import { findSanction } from '../records/store.ts';
import { resultOf } from './views.ts';
import { found } from '../kernel/refusal.ts';

/** Records a sanction, held until its notice. */
export async function submit(
  ctx: CallContext,
  input: OpInput<'sanctions.submit'>,
): Promise<OpOutput<'sanctions.submit'>> {
  const { id, version, noticeDueAt } = await recordSubmission(ctx, input);
  return { ...fresh(id, 'held'), version, noticeDueAt: toTimestamp(noticeDueAt) };
}

/** Records what a trust holder confirms later. */
export async function draft(
  ctx: CallContext,
  input: OpInput<'sanctions.draft'>,
): Promise<OpOutput<'sanctions.draft'>> {
  const { id, lapsesAt } = await recordDraft(ctx, input);
  return { ...fresh(id, 'draft'), lapsesAt: toTimestamp(lapsesAt) };
}

/** A second holder confirms drafts. */
export async function confirm(
  ctx: CallContext,
  input: OpInput<'sanctions.confirm'>,
): Promise<OpOutput<'sanctions.confirm'>> {
  const confirmed = [];
  // In the order of their ids, so that two calls about the same drafts do not wait for each other.
  for (const draft of [...new Set(input.sanctions)].toSorted()) {
    const { id, version, noticeDueAt } = await confirmDraft(ctx, draft);
    confirmed.push({ ...fresh(id, 'held'), version, noticeDueAt: toTimestamp(noticeDueAt) });
  }
  return { confirmed };
}

/** Ends an own record. */
export async function withdraw(
  ctx: CallContext,
  { withdrawal }: OpInput<'sanctions.withdraw'>,
): Promise<OpOutput<'sanctions.withdraw'>> {
  const { id, recalls } = await recordWithdrawal(ctx, withdrawal);
  return { ...(await current(ctx, id)), recalls };
}

/** Suspends what a stolen key signed. */
export async function voidSigned(
  ctx: CallContext,
  { kid, since }: OpInput<'sanctions.void'>,
): Promise<OpOutput<'sanctions.void'>> {
  const of = { kid, since: fromNumericDate(since) };
  return ctx.caller.role === 'operator' ? voidByOperator(ctx, of) : voidOwn(ctx, of);
}

/** Own evidence for a record that followed one which fell. */
export const confirmOwnDerived = async (
  ctx: CallContext,
  { confirmation }: OpInput<'sanctions.confirmEcho'>,
): Promise<OpOutput<'sanctions.confirmEcho'>> =>
  current(ctx, await confirmDerived(ctx, confirmation));

const fresh = (sanction: Id<'snc'>, state: 'draft' | 'held') => ({ sanction, state, version: 1 });

async function current(ctx: CallContext, id: string) {
  return resultOf(
    found(await findSanction(ctx.db, id), () => true),
    ctx.now,
  );
}
