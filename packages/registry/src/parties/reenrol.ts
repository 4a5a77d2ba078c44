import {
  jcs,
  Problem,
  reenrolDays,
  toTimestamp,
  type Entry,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { addDays } from '../kernel/bounds.ts';
import type { CallContext } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { conflict } from '../kernel/refusal.ts';
import { freshId } from './fresh-id.ts';
import { openInvite } from './invite-person.ts';
import { keysOf, latestActiveFrom, lockKey, setRevoked } from './key-store.ts';
import { logAct } from './log-act.ts';
import { hasInvite, insertHolder, voidInvites } from './people-store.ts';
import { assertDomainProven } from './platform-acts.ts';
import {
  findReenrolment,
  insertReenrolment,
  openReenrolmentOf,
  stopReenrolment,
  type ReenrolmentRow,
} from './reenrolment-store.ts';
import { findParty, lockParty, type PartyRow } from './store.ts';
import { byTwoHolders } from './two-holders.ts';

/**
 * A platform that lost its admin key gets a new first key. Two operators could take a platform over by this, so that its
 * domain has to ask for it, everybody reads of it for seven days, and any key that the platform still has stops it.
 */
export async function reenrol(
  ctx: CallContext,
  { party, invite }: OpInput<'platforms.reenrol'>,
): Promise<OpOutput<'platforms.reenrol'>> {
  // Before any lock: a name server may take seconds.
  const { registration } = (await findParty(ctx.db, party)) ?? {};
  if (!registration) throw new Problem('not-found');
  await assertDomainProven(ctx, { domain: registration.domain, invite });
  return byTwoHolders(ctx, {
    op: 'platforms.reenrol',
    check: () => assertReenrollable(ctx, { party, invite }),
    execute: async () => {
      await announce(ctx, { party, invite });
      return party;
    },
  });
}

async function assertReenrollable(
  { db, now }: CallContext,
  { party, invite }: OpInput<'platforms.reenrol'>,
): Promise<void> {
  const row = await lockParty(db, party);
  if (!row) throw new Problem('not-found');
  if (row.enrolment_kid === null) throw conflict('party', 'never-enrolled');
  if (await openReenrolmentOf(db, { party, now })) throw conflict('party', 'announced');
  if (await hasInvite(db, invite)) throw conflict('invite', 'used');
}

async function announce(
  ctx: CallContext,
  { party, invite }: OpInput<'platforms.reenrol'>,
): Promise<void> {
  const { db, now } = ctx;
  const holder = freshId('hld', ctx);
  const effectiveAt = addDays(now, reenrolDays);
  await insertHolder(db, { id: holder, party });
  const { expiresAt } = await openInvite(
    { ...ctx, db, usableFrom: effectiveAt },
    { codeHash: invite, party, holder, role: 'trust', admin: true },
  );
  const detail = { party, holder, invite, effectiveAt: effectiveAt.toISOString() };
  const entry = logAct(ctx, 'party-reenrol-announced', detail);
  const row = {
    invite,
    party,
    holder,
    call: ctx.call.hash,
    announced_at: now,
    effective_at: effectiveAt,
    lapses_at: expiresAt,
    entry: jcs(entry),
  };
  if (!(await insertReenrolment(db, row))) throw conflict('invite', 'used');
}

/** Whoever still has a key of the platform says that it is not lost. */
export async function keepKeys(ctx: CallContext): Promise<OpOutput<'parties.keepKeys'>> {
  const { db, now, caller } = ctx;
  const { party } = caller;
  await lockParty(db, party);
  const open = await openReenrolmentOf(db, { party, now });
  if (!open) throw conflict('party', 'not-announced');
  const { invite } = open;
  await stopReenrolment(db, { invite, by: caller.holder, at: now });
  logAct(ctx, 'party-reenrol-stopped', { party, invite, by: caller.holder });
  return { stoppedAt: toTimestamp(now) };
}

/**
 * The re-enrolment that an invite belongs to, as it is redeemed.
 * @throws Problem `state-conflict` before its time, `invite-invalid` once it was stopped
 */
export async function reenrolmentBy(
  trx: Db,
  { invite, now }: { invite: string; now: Date },
): Promise<ReenrolmentRow | undefined> {
  const row = await findReenrolment(trx, invite);
  if (!row) return undefined;
  if (row.stopped_at || row.enrolled_at) throw new Problem('invite-invalid');
  if (row.effective_at > now) throw conflict('code', 'too-early');
  return row;
}

/**
 * All that the platform had before is revoked with its new first key: what they signed counts, as of any retired key.
 * @returns the entries, in the order in which they are logged
 */
export async function retireKeys(
  trx: Db,
  party: PartyRow,
  of: { call: string; now: Date },
): Promise<Entry[]> {
  const { call, now } = of;
  const latest = await latestActiveFrom(trx, party.id);
  const at = latest > now ? latest : now;
  const entries: Entry[] = [];
  for (const { kid, holder, revoked_at } of await keysOf(trx, party.id)) {
    const key = revoked_at ? undefined : await lockKey(trx, { kid, party: party.id });
    if (!key || key.revoked_at) continue;
    const detail = { party: party.id, kid, holder, why: 'retired', call } as const;
    const entry: Entry = { v: 1, type: 'key-revoked', at: toTimestamp(now), detail };
    await setRevoked(trx, kid, { at, why: 'retired', since: null, entry: jcs(entry) });
    entries.push(entry);
  }
  await voidInvites(trx, party.id, now);
  return entries;
}
