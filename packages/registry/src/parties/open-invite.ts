import { inviteDays, type Id } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import type { Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { conflict } from '../kernel/refusal.ts';
import { freshId } from './fresh-id.ts';
import { insertInvite, type NewInvite } from './people-store.ts';

interface InviteContext {
  readonly db: Db;
  readonly now: Date;
  readonly services: Pick<Services, 'random'>;
  /** Its week begins then; now without it */
  readonly usableFrom?: Date;
}

/**
 * Writes an invite that can be redeemed once, for a week.
 * @throws Problem `state-conflict` when the code was used before
 */
export async function openInvite(
  ctx: InviteContext,
  invite: Pick<NewInvite, 'codeHash' | 'party' | 'holder' | 'role' | 'admin'>,
): Promise<{ id: Id<'inv'>; expiresAt: Date }> {
  const { db, now } = ctx;
  const id = freshId('inv', ctx);
  const expiresAt = addDays(ctx.usableFrom ?? now, inviteDays);
  if (!(await insertInvite(db, { ...invite, id, createdAt: now, expiresAt }))) {
    throw conflict('invite', 'used');
  }
  return { id, expiresAt };
}
