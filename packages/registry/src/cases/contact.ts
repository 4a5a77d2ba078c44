import { placeOf, type CaseKey, type Vault } from '../vault/vault.ts';
import type { ContactRow } from './contact-store.ts';
import { shortCode } from './proof-code.ts';

/** The part of a contact that is sealed. */
export interface ContactAddress {
  readonly email: string;
  readonly language: string;
  /** Stops the mails, whoever has it: it stands at the end of each */
  readonly stop: string;
}

export const openAddress = (sealing: CaseKey, row: Pick<ContactRow, 'claimant' | 'address'>) =>
  sealing.openJson(row.address, placeOf('case_contacts.address', row)) as ContactAddress;

/** Makes the code of an address as it was left this time: it stops with the next one. */
export const confirmationCode = (
  vault: Pick<Vault, 'proofOf'>,
  { email, stop }: ContactAddress,
): string => shortCode(vault.proofOf(`recourse/contact/1:${stop}:${email}`));
