import {
  fromNumericDate,
  Problem,
  toTimestamp,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { invalid, conflict } from '../kernel/refusal.ts';
import { openCountersignatures } from './countersignatures.ts';
import { freshId } from './fresh-id.ts';
import { openInvite } from './invite-person.ts';
import { activeKidsOf, countOtherAdmins, lockKey } from './key-store.ts';
import { logAct } from './log-act.ts';
import {
  hasInvite,
  insertAffiliations,
  insertCountersignatures,
  insertHolder,
  isHolderOf,
  removeHolder,
  type NewCountersignature,
} from './people-store.ts';
import { revokeLocked } from './revoke-key.ts';
import { findParty, lockParty } from './store.ts';
import { byTwoHolders } from './two-holders.ts';

type Proposal = OpOutput<'panel.invite'>;

/**
 * Invites a reviewer with terms that are published: until when, which languages, and what bars cases. As long as the panel has no
 * enrolment key its reviewers are invited as admins: the first to enrol is the root of its chain.
 */
export function inviteReviewer(
  ctx: CallContext,
  input: OpInput<'panel.invite'>,
): Promise<Proposal> {
  let countersignatures: NewCountersignature[] = [];
  return byTwoHolders(ctx, {
    op: 'panel.invite',
    check: async () => {
      await assertInvitable(ctx, input);
      countersignatures = await openCountersignatures(ctx, input);
    },
    execute: async () => {
      const panel = await lockParty(ctx.db, 'panel');
      if (!panel) throw new Problem('not-found');
      const holder = freshId('hld', ctx);
      const termUntil = fromNumericDate(input.termUntil);
      const { languages, optOut } = input;
      await insertHolder(ctx.db, { id: holder, party: 'panel', termUntil, languages, optOut });
      const affiliations = input.affiliations.map(({ party, until }) => ({
        party,
        until: until === undefined ? null : fromNumericDate(until),
      }));
      await insertAffiliations(ctx.db, holder, affiliations);
      await insertCountersignatures(ctx.db, { holder, countersignatures });
      const admin = panel.enrolment_kid === null;
      const invited = { codeHash: input.invite, party: 'panel', holder, role: 'reviewer' } as const;
      await openInvite(ctx, { ...invited, admin });
      logAct(ctx, 'reviewer-added', {
        holder,
        termUntil: toTimestamp(termUntil),
        languages,
        optOut,
        affiliations: affiliations.map(({ party, until }) => ({
          party,
          until: until && toTimestamp(until),
        })),
        countersignatures: countersignatures.map((one) => ({ ...one })),
      });
      return 'panel';
    },
  });
}

async function assertInvitable(
  ctx: CallContext,
  { invite, affiliations, termUntil }: OpInput<'panel.invite'>,
): Promise<void> {
  if (fromNumericDate(termUntil) <= ctx.now) throw invalid('termUntil', 'in-the-past');
  const parties = affiliations.map(({ party }) => party);
  if (new Set(parties).size < parties.length) throw invalid('affiliations', 'twice');
  for (const party of parties) {
    if (!(await findParty(ctx.db, party))) throw new Problem('not-found');
  }
  if (await hasInvite(ctx.db, invite)) throw conflict('invite', 'used');
}

/** Ends the term of a reviewer, and retires every key they hold. The panel is never left without an admin. */
export const removeReviewer = (
  ctx: CallContext,
  { holder }: OpInput<'panel.remove'>,
): Promise<Proposal> =>
  byTwoHolders(ctx, {
    op: 'panel.remove',
    check: async () => {
      await lockParty(ctx.db, 'panel');
      if (!(await isHolderOf(ctx.db, { id: holder, party: 'panel' })))
        throw new Problem('not-found');
      if ((await countOtherAdmins(ctx.db, { party: 'panel', notHolder: holder })) === 0) {
        throw conflict('holder', 'last-admin');
      }
    },
    execute: async () => {
      await removeHolder(ctx.db, holder, ctx.now);
      logAct(ctx, 'reviewer-removed', { holder });
      for (const kid of await activeKidsOf(ctx.db, holder)) {
        const key = await lockKey(ctx.db, { kid, party: 'panel' });
        if (key) await revokeLocked(ctx, key, { why: 'retired', since: null });
      }
      return 'panel';
    },
  });
