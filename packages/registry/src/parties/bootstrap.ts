import { inviteKey, toBase64url, type PartyId, type Role } from '@recourse/protocol';
import type { Services } from '../context/context.ts';
import { freshId } from './fresh-id.ts';
import { openInvite } from './open-invite.ts';
import { insertHolder, voidInvites } from './people-store.ts';
import { insertParty, lockParty } from './store.ts';

/** The invite of a new registry's first operator. With origin and log key it becomes `encodeInvite`'s string. */
export interface BootstrapInvite {
  readonly code: string;
  readonly party: PartyId;
  readonly role: Role;
  readonly admin: boolean;
  readonly expiresAt: Date;
}

const codeBytes = 32;

/**
 * Makes the `operator` and `panel` parties, and an invite for the first operator admin. The code is stored
 * hashed and returned this once: until somebody enrolled, each start makes a new one and ends those before.
 *
 * @returns null when the operator has enrolled
 */
export async function bootstrapOperator(services: Services): Promise<BootstrapInvite | null> {
  const now = services.clock();
  return services.db.transaction().execute(async (db) => {
    for (const id of ['operator', 'panel'] as const) {
      await insertParty(db, { id, kind: id, name: id, registration: null, registeredAt: now });
    }
    const operator = await lockParty(db, 'operator');
    if (operator && operator.enrolment_kid !== null) return null;
    await voidInvites(db, 'operator', now);
    const holder = freshId('hld', { now, services });
    await insertHolder(db, { id: holder, party: 'operator' });
    const code = toBase64url(services.random(codeBytes));
    const invited = { party: 'operator', role: 'operator', admin: true } as const;
    const ctx = { db, now, services };
    const { expiresAt } = await openInvite(ctx, {
      ...invited,
      codeHash: inviteKey(code),
      holder,
    });
    return { ...invited, code, expiresAt };
  });
}
