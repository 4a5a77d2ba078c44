import { newId, Problem, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import { canonicalForm } from '../../cases/canonical-form.ts';
import { checkOf, insertTicket, insertVouching } from '../../cases/ticket-store.ts';
import { isAccountAt, provesControl } from '../../cases/ticket.rules.ts';
import { tokensOf } from '../../cases/token-lookups.ts';
import type { CallContext } from '../../context/context.ts';
import { epochsAt } from '../../context/live-epochs.ts';
import { refusal } from '../../kernel/refusal.ts';
import { chargeUnit } from '../../lookup/checks/meter-store.ts';
import { secondsUntil } from '../../lookup/checks/quota.rules.ts';
import { usedUpOf } from '../../lookup/checks/used-up.ts';
import { findParty, membershipOf, type PartyRow } from '../../parties/store.ts';
import { isActive } from '../../records/membership.rules.ts';

const ticketDays = 30;

/**
 * Vouches that whoever made a secret controls an account or IBAN. What is held is not looked at, so that neither the
 * answer nor the time it takes tells the caller whether anything is. Once the ticket opens a case, its platform was told.
 *
 * The identifier is attacker-controlled: whoever could vouch for any would read every case. It is not kept, and nor are
 * the bytes of this call.
 */
export async function issueTicket(
  ctx: CallContext,
  input: OpInput<'subjects.ticket'>,
): Promise<OpOutput<'subjects.ticket'>> {
  const party = await vouchingParty(ctx);
  const { kind, request } = input;
  const canonical = canonicalForm({ kind, raw: input.identifier });
  if (kind === 'account' && !isAccountAt(canonical, party.registration?.domain)) {
    throw refusal('control-not-proven', 'identifier', 'not-your-domain');
  }
  const needed = { units: 1, purpose: 'vouching' } as const;
  usedUpOf(ctx.services).assertMayHave(ctx.caller.party, needed, ctx.now);
  const tokens = await tokensOf(ctx.services, { kind, canonical });
  if (kind === 'iban') await assertProven(ctx, { check: input.check, tokens });
  const expires_at = addDays(ctx.now, ticketDays);
  const isNew = await insertTicket(ctx.db, {
    request,
    party: ctx.caller.party,
    ...lookupOf(ctx, tokens),
    kind,
    domain: kind === 'account' ? (party.registration?.domain ?? null) : null,
    check_id: await charge(ctx),
    proven_by: kind === 'iban' ? (input.check ?? null) : null,
    at: ctx.now,
    expires_at,
  });
  if (!isNew) throw refusal('state-conflict', 'request', 'used');
  return { expiresAt: toTimestamp(expires_at) };
}

type Tokens = Awaited<ReturnType<typeof tokensOf>>;

/** Members vouch: nobody has admitted the others yet, or they answer to nobody any more. */
async function vouchingParty({ db, caller, now }: CallContext): Promise<PartyRow> {
  const party = await findParty(db, caller.party);
  if (!party || !isActive(membershipOf(party), now)) {
    throw refusal('party-suspended', 'party', 'not-active');
  }
  return party;
}

/** A check of another party proves as little as none. */
async function assertProven(
  { db, caller, now, services }: CallContext,
  { check, tokens }: { check: string | undefined; tokens: Tokens },
): Promise<void> {
  const own = check && (await checkOf(db, { check, party: caller.party }));
  const marks = check ? tokens.map((token) => services.vault.askedMark(check, token)) : [];
  if (!own || !provesControl(own, { marks, now })) {
    throw refusal('control-not-proven', 'check', 'not-asked');
  }
}

/**
 * Makes the lookup of the older of two live epochs: under the newer, a record that has no tokens of it yet would not be
 * found.
 */
function lookupOf(
  { services, now }: CallContext,
  tokens: Tokens,
): { lookup: Uint8Array; epoch: number } {
  const records = epochsAt(services.tokens.epochs(), now)?.records;
  const one = tokens.find(({ epoch }) => epoch === records);
  if (!one) throw refusal('unknown-epoch', 'identifier', 'none-live');
  return { lookup: services.vault.lookup(one.token), epoch: one.epoch };
}

/** One unit, of those that are kept for it. @returns the id of the check that the ticket is */
async function charge({ db, caller: { party }, now, services }: CallContext): Promise<string> {
  const id = newId('chk', { now, random: services.random });
  await insertVouching(db, { id, party, at: now });
  const { bucket, spent } = await chargeUnit(db, { party, now });
  const left = bucket - spent + 1;
  if (left >= 1) return id;
  usedUpOf(services).note(party, { size: bucket, left }, now);
  throw new Problem('quota-exceeded', {
    retryAfterSeconds: secondsUntil(1, { size: bucket, left }),
  });
}
