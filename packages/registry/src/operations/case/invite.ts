import {
  mostRepresentatives,
  toTimestamp,
  type CaseInput,
  type CaseOutput,
} from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import { insertAccess, invitedBy, isOpen } from '../../cases/access-store.ts';
import { lockInPerson } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { freshKey } from '../../cases/secrets.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { placeOf } from '../../vault/vault.ts';

const inviteDays = 7;

const mostEver = 20;

/**
 * A claimant lets somebody in: a representative, who counts as that claimant and gives nothing up for them; or, of a
 * record about a minor, a guardian, who is a claimant of their own from then on.
 */
export async function inviteToCase(
  ctx: CaseContext,
  input: CaseInput<'case.invite'>,
): Promise<CaseOutput<'case.invite'>> {
  const { db, now } = ctx;
  const { record, claimant } = await lockInPerson(ctx, input.key);
  if (input.as === 'guardian' && record.age !== 'minor') throw invalid('as', 'not-a-minor');
  const all = await invitedBy(db, claimant.id);
  const open = all.filter((one) => isOpen(one, now));
  if (open.length >= mostRepresentatives || all.length >= mostEver) {
    throw refusal('state-conflict', 'as', 'too-many-with-access');
  }
  const place = all.length + 1;
  const until = addDays(now, inviteDays);
  await insertAccess(db, {
    sanction: record.id,
    by_claimant: claimant.id,
    place,
    kind: input.as,
    name: record
      .key()
      .sealText(input.name, placeOf('case_access.name', { by_claimant: claimant.id, place })),
    invite: await freshKey(ctx, input.code),
    invited_at: now,
    invite_until: until,
  });
  return { place, expiresAt: toTimestamp(until) };
}
