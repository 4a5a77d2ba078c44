import { fromNumericDate, type OpInput, type OpOutput, type Withdrawal } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found, invalid, refusal } from '../../kernel/refusal.ts';
import { openWithdrawal } from '../../parties/opening.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { endSanction } from '../../records/ending.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { standingOf } from '../../records/record.ts';
import type { SanctionRow } from '../../records/store.ts';
import type { LockedRecord, RecordEnding } from '../../records/transition-context.ts';
import { resultOf } from '../../submissions/views.ts';

/**
 * Ends an own sanction. Under an appeal that is a concession, and counts as a reversal, whatever lifted the measure at its
 * platform.
 */
export async function withdraw(
  ctx: CallContext,
  { withdrawal: compact }: OpInput<'sanctions.withdraw'>,
): Promise<OpOutput<'sanctions.withdraw'>> {
  const withdrawal = await openWithdrawal(ctx, { compact, named: 'withdrawal' });
  const locked = await lockOwn(ctx, withdrawal.sub);
  assertLive(locked, ctx.now);
  const row = await applyDueSteps(ctx, locked);
  const ending: RecordEnding = {
    ...(row.appeal === null
      ? { kind: 'withdrawn', cause: withdrawal.cause, liftedAt: liftedAt(withdrawal, ctx.now) }
      : { kind: 'reversed', cause: 'conceded', concession: withdrawal.cause }),
    by: ctx.caller.party,
    artefact: compact,
  };
  row.retain();
  const { recalls } = await endSanction(ctx, row, ending);
  return { ...resultOf(await row.refresh(), ctx.now), recalls };
}

/** Of a home reversal. The submitter chooses the instant: a reviewer may compare it with the complaint. */
function liftedAt({ cause, lifted }: Withdrawal, now: Date): Date | undefined {
  if (!lifted) return undefined;
  if (cause !== 'home-reversal') throw invalid('withdrawal.lifted', 'unexpected');
  const at = fromNumericDate(lifted.at);
  if (at > now) throw invalid('withdrawal.lifted.at', 'in-the-future');
  return at;
}

async function lockOwn(ctx: CallContext, id: string): Promise<LockedRecord> {
  return found(await lockRecord(ctx, id), (row) => row.party === ctx.caller.party);
}

function assertLive(row: SanctionRow, now: Date): void {
  if (standingOf(row, now).ended) throw refusal('state-conflict', 'sanction', 'ended');
}
