import { mostContactTries, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { lockAsClaimant } from '../../cases/access.ts';
import { changeContact, contactOf, deleteContacts, newsIn } from '../../cases/contact-store.ts';
import { confirmationCode, openAddress } from '../../cases/contact.ts';
import type { CaseContext } from '../../cases/context.ts';
import { isSame, readCode } from '../../cases/proof-code.ts';
import { refusal } from '../../kernel/refusal.ts';

/** A wrong code is answered, not refused: so it is counted, and the last one forgets the address. */
export async function confirmContact(
  ctx: CaseContext,
  { key: secret, code }: CaseInput<'case.confirmContact'>,
): Promise<CaseOutput<'case.confirmContact'>> {
  const { db, now, services } = ctx;
  const { record, claimant } = await lockAsClaimant(ctx, secret);
  const contact = await contactOf(db, claimant.id);
  if (!contact) throw refusal('state-conflict', 'code', 'no-contact');
  const { tries, confirmed_at, confirm_by } = contact;
  if (confirmed_at) return { confirmed: true, triesLeft: mostContactTries - tries };
  const sealing = ctx.services.vault.keyOf(record);
  const expected = confirmationCode(services.vault, openAddress(sealing, contact));
  if (confirm_by > now && isSame(expected, readCode(code))) {
    await changeContact(db, claimant.id, {
      confirmed_at: now,
      told: await newsIn(db, record.id),
    });
    return { confirmed: true, triesLeft: mostContactTries - tries };
  }
  const triesLeft = confirm_by > now ? Math.max(0, mostContactTries - tries - 1) : 0;
  if (triesLeft === 0) await deleteContacts(db, { claimant: claimant.id });
  else await changeContact(db, claimant.id, { tries: tries + 1 });
  return { confirmed: false, triesLeft };
}
