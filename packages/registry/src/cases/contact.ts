import {
  caseKey,
  mostByOneWay,
  mostContactTries,
  newCaseSecret,
  toTimestamp,
  type CaseInput,
  type CaseOutput,
  type CaseView,
} from '@recourse/protocol';
import { addHours } from '../kernel/bounds.ts';
import { refusal } from '../kernel/refusal.ts';
import type { SanctionRow } from '../records/store.ts';
import { lockAsClaimant } from './access.ts';
import type { ClaimantRow } from '../review/claimant-store.ts';
import {
  changeContact,
  contactOf,
  deleteContacts,
  isClosed,
  newsIn,
  insertContact,
  type ContactRow,
} from './contact-store.ts';
import { WrongSecret, type CaseContext } from './context.ts';
import { roomFor } from '../review/join-store.ts';
import { keyOf } from '../vault/case-keys.ts';
import { isSame, readCode, shortCode } from './proof-code.ts';
import { placeOf, type CaseKey, type Vault } from '../vault/vault.ts';

const confirmHours = 24;

/** What is sealed of a contact. */
export interface ContactAddress {
  readonly email: string;
  readonly language: string;
  /** Stops the mails, whoever has it: it stands at the end of each */
  readonly stop: string;
}

export const openAddress = (sealing: CaseKey, row: Pick<ContactRow, 'claimant' | 'address'>) =>
  sealing.openJson(row.address, placeOf('case_contacts.address', row)) as ContactAddress;

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
  const sealing = keyOf(ctx, record);
  const address: ContactAddress = { email, language, stop: newCaseSecret(services.random) };
  const of = { table: 'case_contacts', in: record.id, claimant: claimant.id, now } as const;
  await deleteContacts(db, { claimant: claimant.id });
  const room = await roomFor(db, { ...of, most: mostByOneWay });
  if (!room) throw refusal('state-conflict', 'email', 'way-full');
  const expiresAt = addHours(now, confirmHours);
  await insertContact(db, {
    claimant: claimant.id,
    sanction: record.id,
    address: sealing.sealJson(address, placeOf('case_contacts.address', { claimant: claimant.id })),
    stop: caseKey(address.stop),
    at: now,
    confirm_by: expiresAt,
    told: await newsIn(db, record.id),
    ...room,
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
  const { record, claimant } = await lockAsClaimant(ctx, secret);
  const contact = await contactOf(db, claimant.id);
  if (!contact) throw refusal('state-conflict', 'code', 'no-contact');
  const { tries, confirmed_at, confirm_by } = contact;
  if (confirmed_at) return { confirmed: true, triesLeft: mostContactTries - tries };
  const sealing = keyOf(ctx, record);
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

export async function removeContact(
  ctx: CaseContext,
  { key: secret }: CaseInput<'case.removeContact'>,
): Promise<CaseOutput<'case.removeContact'>> {
  const { claimant } = await lockAsClaimant(ctx, secret);
  return { removed: await deleteContacts(ctx.db, { claimant: claimant.id }) };
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
  claimant: ClaimantRow,
): Promise<CaseView['contact']> {
  const contact = await contactOf(ctx.db, claimant.id);
  if (!contact) return undefined;
  const { confirmed_at, confirm_by, at, failures } = contact;
  if (!confirmed_at && confirm_by <= ctx.now) return undefined;
  if (await isClosed(ctx.db, record.id)) return undefined;
  const sealing = keyOf(ctx, record);
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
