import type { OpInput, OpOutput, ReasonCode } from '@recourse/protocol';
import type { CallContext } from '../context.ts';
import type { Db } from '../database.ts';

/** Codes whose cases a reviewer is not assigned from now on; what is assigned already stays, or is given back. */
export async function setPreferences(
  { db, caller: { holder } }: CallContext,
  { optOut }: OpInput<'review.preferences'>,
): Promise<OpOutput<'review.preferences'>> {
  const codes = [...new Set(optOut)].sort();
  await db.deleteFrom('reviewer_opt_outs').where('holder', '=', holder).execute();
  if (codes.length > 0) {
    const rows = codes.map((reason) => ({ holder, reason }));
    await db.insertInto('reviewer_opt_outs').values(rows).execute();
  }
  return { optOut: codes };
}

export async function optOutsOf(db: Db, holder: string): Promise<ReasonCode[]> {
  const rows = await db
    .selectFrom('reviewer_opt_outs')
    .select('reason')
    .where('holder', '=', holder)
    .orderBy('reason')
    .execute();
  return rows.map(({ reason }) => reason);
}
