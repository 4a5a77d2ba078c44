import {
  caseKey,
  mostContactTries,
  newCaseSecret,
  toTimestamp,
  type CaseInput,
  type CaseOutput,
  type CaseView,
} from '@recourse/protocol';
import { addHours } from '../bounds.ts';
import { refusal } from '../sanctions/refusal.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import { lockByKey, lockToAnswer } from './access.ts';
import {
  changeContact,
  contactOf,
  deleteContacts,
  isClosed,
  newsIn,
  replaceContact,
  type ContactRow,
} from './contact-store.ts';
import type { CaseContext } from './context.ts';
import type { HolderRow } from './holder-store.ts';
import { caseOf } from './open-case.ts';
import { isSame, readCode, shortCode } from './proof-code.ts';
import { placeOf } from './sealed-columns.ts';
import type { CaseKey, Vault } from './vault.ts';
import { WrongSecret } from './wrong-secret.ts';

const confirmHours = 24;

/** What is sealed of a contact. */
export interface ContactAddress {
  readonly email: string;
  readonly language: string;
  /** Stops the mails, whoever has it: it stands at the end of each */
  readonly stop: string;
}

export const openAddress = (sealing: CaseKey, row: Pick<ContactRow, 'holder' | 'address'>) =>
  sealing.openJson(row.address, placeOf('case_contacts.address', row)) as ContactAddress;

/**
 * Leaves an address with the own key: of the holder, or of whom they gave access. Nothing but a code goes there before it
 * comes back, since anybody can type anybody's address.
 */
export async function setContact(
  ctx: CaseContext,
  { key: secret, email, language }: CaseInput<'case.setContact'>,
): Promise<CaseOutput<'case.setContact'>> {
  const { db, now, services } = ctx;
  const { record, key } = await lockToAnswer(ctx, secret);
  if (!services.news.available) throw refusal('state-conflict', 'email', 'no-mail');
  if (await isClosed(db, record.id)) throw refusal('state-conflict', 'key', 'case-closed');
  const { caseKey: sealing } = await caseOf(ctx, record);
  const address: ContactAddress = { email, language, stop: newCaseSecret(services.random) };
  const expiresAt = addHours(now, confirmHours);
  const { key_hash: holder } = key;
  await replaceContact(db, {
    holder,
    sanction: record.id,
    address: sealing.sealJson(address, placeOf('case_contacts.address', { holder })),
    stop: caseKey(address.stop),
    at: now,
    confirm_by: expiresAt,
    told: await newsIn(db, record.id),
  });
  const code = confirmationCode(services.vault, address);
  ctx.mails.push({ to: email, code, language, expiresAt, about: 'contact' });
  return { confirmBy: toTimestamp(expiresAt) };
}

/** A wrong code is answered, not refused: so it is counted, and the last one forgets the address. */
export async function confirmContact(
  ctx: CaseContext,
  { key: secret, code }: CaseInput<'case.confirmContact'>,
): Promise<CaseOutput<'case.confirmContact'>> {
  const { db, now, services } = ctx;
  const { record, key } = await lockToAnswer(ctx, secret);
  const contact = await contactOf(db, key.key_hash);
  if (!contact) throw refusal('state-conflict', 'code', 'no-contact');
  const { tries, confirmed_at, confirm_by } = contact;
  if (confirmed_at) return { confirmed: true, triesLeft: mostContactTries - tries };
  const { caseKey: sealing } = await caseOf(ctx, record);
  const expected = confirmationCode(services.vault, openAddress(sealing, contact));
  if (confirm_by > now && isSame(expected, readCode(code))) {
    await changeContact(db, key.key_hash, {
      confirmed_at: now,
      told: await newsIn(db, record.id),
    });
    return { confirmed: true, triesLeft: mostContactTries - tries };
  }
  const triesLeft = confirm_by > now ? Math.max(0, mostContactTries - tries - 1) : 0;
  if (triesLeft === 0) await deleteContacts(db, { holder: key.key_hash });
  else await changeContact(db, key.key_hash, { tries: tries + 1 });
  return { confirmed: false, triesLeft };
}

/** Whoever replaced their key is told at the same address. */
export async function moveContact(
  ctx: CaseContext,
  { from, to }: { from: HolderRow; to: string },
): Promise<void> {
  const contact = await contactOf(ctx.db, from.key_hash);
  if (!contact) return;
  const { caseKey: sealing } = await caseOf(ctx, { id: from.sanction });
  const place = placeOf('case_contacts.address', { holder: to });
  const address = sealing.sealJson(openAddress(sealing, contact), place);
  await changeContact(ctx.db, from.key_hash, { holder: to, address });
}

export async function removeContact(
  ctx: CaseContext,
  { key: secret }: CaseInput<'case.removeContact'>,
): Promise<CaseOutput<'case.removeContact'>> {
  const { key } = await lockByKey(ctx, secret);
  return { removed: await deleteContacts(ctx.db, { holder: key.key_hash }) };
}

/** By whoever reads the mails, who need not have a key of the case. */
export async function stopContact(
  ctx: CaseContext,
  { code }: CaseInput<'case.stopContact'>,
): Promise<CaseOutput<'case.stopContact'>> {
  if (!(await deleteContacts(ctx.db, { stop: caseKey(code) }))) throw new WrongSecret();
  return { stopped: true };
}

/** What its owner reads of it; nothing of one that was never confirmed in time, nor once the case is closed. */
export async function contactIn(
  ctx: CaseContext,
  record: SanctionRow,
  key: HolderRow,
): Promise<CaseView['contact']> {
  const contact = await contactOf(ctx.db, key.key_hash);
  if (!contact) return undefined;
  const { confirmed_at, confirm_by, at, failures } = contact;
  if (!confirmed_at && confirm_by <= ctx.now) return undefined;
  if (await isClosed(ctx.db, record.id)) return undefined;
  const { caseKey: sealing } = await caseOf(ctx, record);
  return {
    address: masked(openAddress(sealing, contact).email),
    state: confirmed_at ? 'confirmed' : 'unconfirmed',
    at: toTimestamp(confirmed_at ?? at),
    failing: failures > 0,
  };
}

/** Of the address as it was left this time: the code stops with the next one. */
const confirmationCode = (vault: Pick<Vault, 'proofOf'>, { email, stop }: ContactAddress): string =>
  shortCode(vault.proofOf(`recourse/contact/1:${stop}:${email}`));

/** The first letter and the domain: enough to know it again. */
const masked = (email: string): string => {
  const at = email.lastIndexOf('@');
  return `${String.fromCodePoint(email.codePointAt(0) ?? 0x2026)}…${email.slice(at)}`;
};
