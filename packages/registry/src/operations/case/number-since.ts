import type { CaseInput, CaseOutput } from '@recourse/protocol';
import { lockInPerson } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { setNumberSince } from '../../review/claimant-store.ts';

/** Says since when a phone number is theirs, in person and once. Whoever mistyped asks for a new code and enters anew. */
export async function sayNumberSince(
  ctx: CaseContext,
  { key, since }: CaseInput<'case.numberSince'>,
): Promise<CaseOutput<'case.numberSince'>> {
  const { claimant } = await lockInPerson(ctx, key);
  const day = new Date(`${since}T00:00:00Z`);
  if (day > ctx.now) throw invalid('since', 'future');
  if (!(await setNumberSince(ctx.db, { claimant: claimant.id, since: day }))) {
    throw refusal('state-conflict', 'key', 'nothing-to-say');
  }
  return { since };
}
