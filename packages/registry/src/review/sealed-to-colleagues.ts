import type { JournalJwe } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { conflict } from '../kernel/refusal.ts';
import { sealingKeysOf } from './journal-store.ts';

/** Somebody whose key was revoked meanwhile is sealed to no more. */
export async function assertSealedToColleagues(
  { db, caller }: CallContext,
  { recipients }: Pick<JournalJwe, 'recipients'>,
): Promise<void> {
  const known = new Set((await sealingKeysOf(db, caller.party)).map((key) => key.sealing_kid));
  const kids = recipients.map(({ header }) => header.kid);
  const isToKnown = new Set(kids).size === kids.length && kids.every((kid) => known.has(kid));
  if (!isToKnown) throw conflict('jwe.recipients', 'keys-changed');
}
