import {
  caseKey,
  newCaseSecret,
  toTimestamp,
  type CaseInput,
  type CaseOutput,
} from '@recourse/protocol';
import { addHours } from '@recourse/protocol/review';
import { lockAsClaimant } from '../../cases/access.ts';
import { deleteContacts, insertContact, isClosed, newsIn } from '../../cases/contact-store.ts';
import { confirmationCode, type ContactAddress } from '../../cases/contact.ts';
import type { CaseContext } from '../../cases/context.ts';
import { refusal } from '../../kernel/refusal.ts';
import { placeOf } from '../../vault/vault.ts';

const confirmHours = 24;

/**
 * Leaves an address of one claimant. Nothing but a code goes there before it
 * comes back, since anybody can type anybody's address.
 */
export async function setContact(
  ctx: CaseContext,
  { key: secret, email, language }: CaseInput<'case.setContact'>,
): Promise<CaseOutput<'case.setContact'>> {
  const { db, now, services } = ctx;
  const { record, claimant } = await lockAsClaimant(ctx, secret);
  if (!services.news.available) throw refusal('state-conflict', 'email', 'no-mail');
  if (await isClosed(db, record.id)) throw refusal('state-conflict', 'key', 'case-closed');
  const sealing = ctx.services.vault.keyOf(record);
  const address: ContactAddress = { email, language, stop: newCaseSecret(services.random) };
  await deleteContacts(db, { claimant: claimant.id });
  const expiresAt = addHours(now, confirmHours);
  await insertContact(db, {
    claimant: claimant.id,
    sanction: record.id,
    address: sealing.sealJson(address, placeOf('case_contacts.address', { claimant: claimant.id })),
    stop: caseKey(address.stop),
    at: now,
    confirm_by: expiresAt,
    told: await newsIn(db, record.id),
  });
  const code = confirmationCode(services.vault, address);
  ctx.mails.push({ to: email, code, language, expiresAt, about: 'contact' });
  return { confirmBy: toTimestamp(expiresAt) };
}
