import type { OpInput, Problem } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict } from '../../kernel/refusal.ts';
import { freshId } from '../../parties/fresh-id.ts';
import { logAct } from '../../parties/log-act.ts';
import { assertDomainProven, type Proposal } from '../../parties/on-platform.ts';
import { openInvite } from '../../parties/open-invite.ts';
import { hasInvite, insertHolder } from '../../parties/people-store.ts';
import { assertPlatformGroup } from '../../parties/platform-group.ts';
import { hasDomain, insertParty } from '../../parties/store.ts';
import { byTwoHolders } from '../../parties/two-holders.ts';
import { joining } from '../../records/membership.rules.ts';

/** Registers a platform, and opens the invite of its first admin, a trust key. */
export async function registerPlatform(
  ctx: CallContext,
  input: OpInput<'platforms.register'>,
): Promise<Proposal> {
  const { registration, invite } = input;
  // Before any lock: a name server may take seconds.
  await assertDomainProven(ctx, { domain: registration.domain, invite });
  const membership = joining(ctx.now, ctx.services.deadlines);
  return byTwoHolders(ctx, {
    op: 'platforms.register',
    check: () => assertRegistrable(ctx, input),
    propose: () => {
      logAct(ctx, 'party-proposed', { registration });
    },
    execute: async () => {
      const party = freshId('plt', ctx);
      const holder = freshId('hld', ctx);
      const { name } = registration;
      const row = { id: party, kind: 'platform', name, registration, membership } as const;
      if (!(await insertParty(ctx.db, { ...row, registeredAt: ctx.now }))) throw domainTaken();
      await insertHolder(ctx.db, { id: holder, party });
      await openInvite(ctx, { codeHash: invite, party, holder, role: 'trust', admin: true });
      logAct(ctx, 'party-registered', {
        party,
        registration,
        ...windowOf(membership),
      });
      return party;
    },
  });
}

/** The dates of a new party as its entry states them: a copy of the log regains them as they were. */
const windowOf = ({ objectionsUntil, probationUntil }: ReturnType<typeof joining>) => ({
  objectionsUntil: objectionsUntil.toISOString(),
  probationUntil: probationUntil.toISOString(),
});

async function assertRegistrable(
  ctx: CallContext,
  { registration, invite }: OpInput<'platforms.register'>,
): Promise<void> {
  assertPlatformGroup('registration.group', registration.group);
  if (await hasDomain(ctx.db, registration.domain)) throw domainTaken();
  if (await hasInvite(ctx.db, invite)) throw conflict('invite', 'used');
}

const domainTaken = (): Problem => conflict('registration.domain', 'registered');
