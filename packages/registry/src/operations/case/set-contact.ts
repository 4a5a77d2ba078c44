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
import { spendCode } from '../../cases/code-mail-store.ts';
import { budgetOf, confirmationCode, mailboxOf, type ContactAddress } from '../../cases/contact.ts';
import type { CaseContext } from '../../cases/context.ts';
import { conflict, refusal } from '../../kernel/refusal.ts';
import { codesADay } from '../../schema/figures.ts';
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
  const { codeOf, isMailed } = await payCode(ctx, { claimant: claimant.id, email });
  const address: ContactAddress = {
    email,
    language,
    stop: newCaseSecret(services.random),
    codeOf,
  };
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
  if (isMailed) ctx.mails.push({ to: email, code, language, expiresAt, about: 'contact' });
  return { confirmBy: toTimestamp(expiresAt) };
}

/**
 * Pays a code for an address. A claimant asks for five in a day, a budget that nobody else spends. To one address three
 * go out in a day, whoever asks. What is beyond is not said: it would tell whether others use the address.
 * @returns when the day of the code began, and whether a mail goes out
 * @throws Problem `state-conflict` where the claimant asked for five
 */
async function payCode(
  { db, now, services: { vault } }: CaseContext,
  { claimant, email }: { claimant: string; email: string },
): Promise<{ codeOf: number; isMailed: boolean }> {
  const mailbox = budgetOf(vault, 'mailbox', mailboxOf(email));
  const own = budgetOf(vault, 'claimant', claimant);
  const asked = await spendCode(db, { budget: own, now, most: codesADay.claimant });
  if (asked.isSpent) throw conflict('email', 'too-many-codes');
  const { since, isSpent } = await spendCode(db, { budget: mailbox, now, most: codesADay.mailbox });
  return { codeOf: since.getTime(), isMailed: !isSpent };
}
