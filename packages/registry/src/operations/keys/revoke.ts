import { fromNumericDate, Problem, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict, invalid } from '../../kernel/refusal.ts';
import { countOtherAdmins, lockKey } from '../../parties/key-store.ts';
import { revokeLocked, type Revocation } from '../../parties/revoke-key.ts';
import { lockParty } from '../../parties/store.ts';

/** Revokes a key of the caller's party, effective on every server with the commit. */
export async function revokeOwnKey(
  ctx: CallContext,
  input: Revocation,
): Promise<OpOutput<'keys.revoke'>> {
  const since = readSince(input, ctx.now);
  const { party } = ctx.caller;
  // Two admins who revoke each other at once would leave a party without one.
  await lockParty(ctx.db, party);
  const key = await lockKey(ctx.db, { kid: input.kid, party });
  if (!key) throw new Problem('not-found');
  const others = await countOtherAdmins(ctx.db, { party, notKid: key.kid });
  if (key.admin && !key.revoked_at && others === 0) throw conflict('kid', 'last-admin-key');
  return revokeLocked(ctx, key, { why: input.why, since });
}

/** From when on statements do not count: asked for where the key was stolen, and only there. */
function readSince({ why, since }: Revocation, now: Date): Date | null {
  if (why === 'retired') {
    if (since !== undefined) throw invalid('since', 'not-with-retired');
    return null;
  }
  if (since === undefined) throw invalid('since', 'required');
  const instant = fromNumericDate(since);
  if (instant > now) throw invalid('since', 'in-the-future');
  return instant;
}
