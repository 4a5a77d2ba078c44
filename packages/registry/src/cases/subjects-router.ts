import { Problem, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import { addDays } from '../bounds.ts';
import type { CallContext } from '../context.ts';
import { implement } from '../procedure.ts';
import { refusal } from '../sanctions/refusal.ts';
import { appendEvent, lockSanction } from '../sanctions/store.ts';
import { concernedBy } from './find-store.ts';
import { insertTicket } from './ticket-store.ts';

const ticketDays = 30;

export const subjects = {
  ticket: implement('subjects.ticket', issueTicket),
};

/**
 * Vouches that whoever made a secret controls an account or IBAN. The caller hears the same whether or not anything
 * is held; each case that the ticket opens says that it was issued.
 */
async function issueTicket(
  ctx: CallContext,
  input: OpInput<'subjects.ticket'>,
): Promise<OpOutput<'subjects.ticket'>> {
  const { services, now } = ctx;
  const { epoch, kind, request } = input;
  if (!services.tokens.epochs().some((live) => live.epoch === epoch)) {
    throw new Problem('unknown-epoch');
  }
  const lookup = services.vault.lookup(input.token);
  const expires_at = addDays(now, ticketDays);
  const ticket = { request, party: ctx.caller.party, lookup, epoch, kind, at: now, expires_at };
  if (!(await insertTicket(ctx.db, ticket))) throw refusal('state-conflict', 'request', 'used');
  for (const { sanction } of await concernedBy(ctx.db, [{ lookup, epoch }])) {
    const record = await lockSanction(ctx.db, sanction);
    if (!record) continue;
    // Nothing due is written here: the caller would read in the answer's entries that something is held.
    const { version } = record;
    await appendEvent(ctx.db, { sanction, version, event: 'ticket-issued', at: now });
  }
  return { expiresAt: toTimestamp(expires_at) };
}
