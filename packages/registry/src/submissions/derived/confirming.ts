import {
  hashText,
  type DerivedConfirmation,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { openDerivedConfirmation } from '../../parties/opening.ts';
import { standingOf } from '../../records/record.ts';
import { refusal, found } from '../../kernel/refusal.ts';
import { lockRecord } from '../../records/lock-record.ts';
import type { SanctionRow } from '../../records/store.ts';
import { lift } from '../../records/transition.ts';
import { refuseOwnEvidence } from '../../records/derived.rules.ts';
import { copiedRecords, setConfirmed, toldOfSource } from './store.ts';
import { resultOf } from '../views.ts';

/**
 * Confirms an own derived record with own evidence, signed by a trust key. It stays a derived record, and corroborates
 * nobody: what it gains is that it no longer stands or falls with what it followed.
 */
export async function confirmOwnDerived(
  ctx: CallContext,
  { confirmation: compact }: OpInput<'sanctions.confirmEcho'>,
): Promise<OpOutput<'sanctions.confirmEcho'>> {
  const confirmation = await openDerivedConfirmation(ctx, compact);
  const { db, now, caller } = ctx;
  const locked = found(
    await lockRecord(ctx, confirmation.sub),
    (row) => row.party === caller.party,
  );
  if (standingOf(locked, now).ended) throw refusal('state-conflict', 'sanction', 'ended');
  const row = await applyDueSteps(ctx, locked);
  if (!row.derived_due_at) throw refusal('state-conflict', 'sanction', 'not-under-review');
  const problem = refuseOwnEvidence(confirmation, await factsOf(ctx, row, confirmation));
  if (problem) throw problem;
  const { id: sanction, version } = row;
  await setConfirmed(db, { derived: sanction, at: now, confirmation: compact });
  await row.note({
    event: 'echo-confirmed',
    entry: 'echo-confirmed',
    detail: { version, confirmation: hashText(compact) },
  });
  await lift(ctx, row, { causes: ['echo-overdue'], at: now });
  row.retain();
  return resultOf(await row.refresh(), now);
}

async function factsOf(
  { db, now }: CallContext,
  row: SanctionRow,
  { evidence }: DerivedConfirmation,
) {
  const { id: derived, party } = row;
  const commitments = evidence.map(({ commitment }) => commitment);
  const copied = await copiedRecords(db, { party, commitments, now });
  const toldAt = await toldOfSource(db, { derived, party, now });
  const reason = row.amended_reason ?? row.reason;
  return { reason, now, toldAt, isCopied: copied.length > 0 };
}
