import { jcs, Problem, reenrolDays, type OpInput, type OpOutput } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { conflict } from '../../kernel/refusal.ts';
import { freshId } from '../../parties/fresh-id.ts';
import { logAct } from '../../parties/log-act.ts';
import { assertDomainProven } from '../../parties/on-platform.ts';
import { openInvite } from '../../parties/open-invite.ts';
import { hasInvite, insertHolder } from '../../parties/people-store.ts';
import { insertReenrolment, openReenrolmentOf } from '../../parties/reenrolment-store.ts';
import { findParty, lockParty } from '../../parties/store.ts';
import { byTwoHolders } from '../../parties/two-holders.ts';

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
