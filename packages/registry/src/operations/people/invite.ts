import { keyFits, Problem, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { freshId } from '../../parties/fresh-id.ts';
import { openInvite } from '../../parties/open-invite.ts';
import { findHolder, insertHolder } from '../../parties/people-store.ts';

/** Invites a person or service of the caller's party. The code never comes here: only its hash. */
export async function invitePerson(
  ctx: CallContext,
  input: OpInput<'people.invite'>,
): Promise<OpOutput<'people.invite'>> {
  const { party } = ctx.caller;
  const { invite: codeHash, role, admin } = input;
  if (!keyFits(party, { role, admin: false })) throw invalid('role', 'not-of-this-party');
  if (!keyFits(party, { role, admin })) throw invalid('admin', 'not-of-this-role');
  const holder = input.holder ?? freshId('hld', ctx);
  await settleHolder(ctx, holder, input.holder !== undefined);
  const made = await openInvite(ctx, { codeHash, party, holder, role, admin });
  return { id: made.id, holder, expiresAt: toTimestamp(made.expiresAt) };
}

async function settleHolder(ctx: CallContext, id: string, known: boolean): Promise<void> {
  const { party } = ctx.caller;
  if (known) {
    if (!(await findHolder(ctx.db, { id, party, now: ctx.now }))) throw new Problem('not-found');
    return;
  }
  // A reviewer comes with a term and affiliations, by two operator holders, never by the panel alone.
  if (party === 'panel') throw invalid('holder', 'required');
  await insertHolder(ctx.db, { id, party });
}
