import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { epochsAt } from '../../context/live-epochs.ts';
import { refusal } from '../../kernel/refusal.ts';
import { findParty, membershipOf } from '../../parties/store.ts';
import { isActive } from '../../records/membership.rules.ts';
import { insertTicket } from '../../cases/ticket-store.ts';

const ticketDays = 30;

/**
 * Vouches that whoever made a secret controls an account or IBAN. What is held is not looked at, so that neither the
 * answer nor the time it takes tells the caller whether anything is; each case shows the tickets that open it. Members
 * vouch: nobody has admitted the others yet, or they answer to nobody any more.
 */
export async function issueTicket(
  ctx: CallContext,
  input: OpInput<'subjects.ticket'>,
): Promise<OpOutput<'subjects.ticket'>> {
  const { services, now } = ctx;
  const party = await findParty(ctx.db, ctx.caller.party);
  if (!party || !isActive(membershipOf(party), now)) {
    throw refusal('party-suspended', 'party', 'not-active');
  }
  const { epoch, kind, request } = input;
  // The older of two live ones: under the newer, a record that has no tokens of it yet would not be found.
  if (epochsAt(services.tokens.epochs(), now)?.records !== epoch) {
    throw refusal('unknown-epoch', 'epoch', 'not-of-records');
  }
  const lookup = services.vault.lookup(input.token);
  const expires_at = addDays(now, ticketDays);
  const ticket = { request, party: ctx.caller.party, lookup, epoch, kind, at: now, expires_at };
  if (!(await insertTicket(ctx.db, ticket))) throw refusal('state-conflict', 'request', 'used');
  return { expiresAt: toTimestamp(expires_at) };
}
