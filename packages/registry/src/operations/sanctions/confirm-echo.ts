import {
  derivedConfirmationSchema,
  hashText,
  type DerivedConfirmation,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found, refusal } from '../../kernel/refusal.ts';
import { assertAddressed, openSigned } from '../../parties/opening.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { refuseOwnEvidence } from '../../records/derived.rules.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { reasonOf, standingOf } from '../../records/record.ts';
import type { SanctionRow } from '../../records/store.ts';
import { lift } from '../../records/transition.ts';
import { copiedRecords, setConfirmed, toldOfSource } from '../../submissions/derived/store.ts';
import { resultOf } from '../../submissions/views.ts';

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
  return { reason: reasonOf(row), now, toldAt, isCopied: copied.length > 0 };
}

/** Opens a `recourse-echo+jwt` that the caller's party signed by an active trust key, for this registry. */
async function openDerivedConfirmation(
  ctx: CallContext,
  compact: string,
): Promise<DerivedConfirmation> {
  const artefact = { compact, member: 'confirmation', typ: 'recourse-echo+jwt' } as const;
  const { payload } = await openSigned(ctx, artefact, derivedConfirmationSchema);
  assertAddressed(ctx, payload, artefact.member);
  return payload;
}
