import {
  inviteDays,
  keyFits,
  type Id,
  Problem,
  toTimestamp,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { addDays } from '../kernel/bounds.ts';
import type { CallContext, Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { invalid, conflict } from '../kernel/refusal.ts';
import { freshId } from './fresh-id.ts';
import { findHolder, insertHolder, insertInvite, type NewInvite } from './people-store.ts';

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
