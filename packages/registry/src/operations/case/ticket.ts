import { caseKey, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { sql } from 'kysely';
import {
  WrongSecret,
  type CaseContext,
  type TokenLookup,
  type Voucher,
} from '../../cases/context.ts';
import { openFound } from '../../cases/opening-found.ts';
import type { Db } from '../../kernel/database.ts';

/** By a platform's word that whoever made the secret controls an account or IBAN; a ticket is used once. */
export async function openByTicket(
  ctx: CaseContext,
  { secret, newKey, signingKey }: CaseInput<'case.ticket'>,
): Promise<CaseOutput<'case.ticket'>> {
  const ticket = await useTicket(ctx.db, { request: caseKey(secret), now: ctx.now });
  if (!ticket) throw new WrongSecret();
  return { found: await openFound(ctx, { newKey, signingKey, lookups: [ticket], by: ticket }) };
}

/** Uses a ticket up; undefined when there is none, or it was used, or is too old. */
async function useTicket(
  db: Db,
  { now, request }: { request: string; now: Date },
): Promise<(TokenLookup & Voucher) | undefined> {
  return (
    db
      .updateTable('tickets')
      .set({ used_at: now })
      .where('request', '=', request)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      // The driver reads a bigint as text; epochs are below 2^32.
      .returning(['lookup', 'party', 'kind', sql<number>`epoch::float8`.as('epoch')])
      .executeTakeFirst()
  );
}
