import { placeOf, type CaseKey, type Vault } from '../vault/vault.ts';
import type { ContactRow } from './contact-store.ts';
import { shortCode } from './proof-code.ts';

/** What is sealed of a contact. */
export interface ContactAddress {
  readonly email: string;
  readonly language: string;
  /** Stops the mails, whoever has it: it stands at the end of each */
  readonly stop: string;
}

export const openAddress = (sealing: CaseKey, row: Pick<ContactRow, 'claimant' | 'address'>) =>
  sealing.openJson(row.address, placeOf('case_contacts.address', row)) as ContactAddress;

/** Of the address as it was left this time: the code stops with the next one. */
export const confirmationCode = (
  vault: Pick<Vault, 'proofOf'>,
  { email, stop }: ContactAddress,
): string => shortCode(vault.proofOf(`recourse/contact/1:${stop}:${email}`));
