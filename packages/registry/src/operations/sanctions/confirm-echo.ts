import {
  derivedConfirmationSchema,
  hashText,
  type DerivedConfirmation,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found, invalid, refusal } from '../../kernel/refusal.ts';
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
 * Confirms own derived records with own evidence, each signed by a trust key. They stay derived records, and corroborate
 * nobody: what they gain is that they no longer stand or fall with what they followed.
 */
export async function confirmOwnDerived(
  ctx: CallContext,
  { confirmations }: OpInput<'sanctions.confirmEcho'>,
): Promise<OpOutput<'sanctions.confirmEcho'>> {
  const opened: OpenedConfirmation[] = [];
  for (const [place, compact] of confirmations.entries()) {
    opened.push(await openDerivedConfirmation(ctx, { compact, path: `confirmations.${place}` }));
  }
  if (new Set(opened.map(({ signed }) => signed.sub)).size < opened.length) {
    throw invalid('confirmations', 'duplicate');
  }
  const confirmed: OpOutput<'sanctions.confirmEcho'>['confirmed'] = [];
  // In one order: two calls about the same records wait for each other.
  for (const one of opened.toSorted((a, b) => (a.signed.sub < b.signed.sub ? -1 : 1))) {
    confirmed.push(await confirmOne(ctx, one));
  }
  return { confirmed };
}

interface OpenedConfirmation {
  readonly compact: string;
  /** Where it stands in the input */
  readonly path: string;
  readonly signed: DerivedConfirmation;
}

async function confirmOne(ctx: CallContext, { compact, path, signed }: OpenedConfirmation) {
  const { db, now, caller } = ctx;
  const locked = found(await lockRecord(ctx, signed.sub), (row) => row.party === caller.party);
  if (standingOf(locked, now).ended) throw refusal('state-conflict', path, 'ended');
  const row = await applyDueSteps(ctx, locked);
  if (!row.derived_due_at) throw refusal('state-conflict', path, 'not-under-review');
  const problem = refuseOwnEvidence(signed, { ...(await factsOf(ctx, row, signed)), path });
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
  { compact, path }: { compact: string; path: string },
): Promise<OpenedConfirmation> {
  const artefact = { compact, member: path, typ: 'recourse-echo+jwt' } as const;
  const { payload: signed } = await openSigned(ctx, artefact, derivedConfirmationSchema);
  assertAddressed(ctx, signed, path);
  return { compact, path, signed };
}
