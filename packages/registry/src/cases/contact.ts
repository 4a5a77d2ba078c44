import type { Services } from '../context/context.ts';
import { placeOf, type CaseKey, type Vault } from '../vault/vault.ts';
import { canonicalForm } from './canonical-form.ts';
import { payCodeBack } from './code-mail-store.ts';
import type { ContactRow } from './contact-store.ts';
import type { Mail } from './context.ts';
import { shortCode } from './proof-code.ts';

type Proofs = Pick<Vault, 'proofOf'>;

/** The part of a contact that is sealed. */
export interface ContactAddress {
  readonly email: string;
  readonly language: string;
  /** Stops the mails, whoever has it: it stands at the end of each */
  readonly stop: string;
  /** When the day of its code began, in milliseconds; none where a server of the release before left it */
  readonly codeOf?: number;
}

export const openAddress = (sealing: CaseKey, row: Pick<ContactRow, 'claimant' | 'address'>) =>
  sealing.openJson(row.address, placeOf('case_contacts.address', row)) as ContactAddress;

/**
 * Makes the code of an address. Whoever asks for one on the same day gets the same: an enemy who types a creator's
 * address until nothing more is mailed there has only had that code mailed to the creator.
 */
export const confirmationCode = (vault: Proofs, { email, stop, codeOf }: ContactAddress): string =>
  shortCode(
    vault.proofOf(
      codeOf === undefined
        ? `recourse/contact/1:${stop}:${email}`
        : `recourse/contact/2:${codeOf}:${mailboxOf(email)}`,
    ),
  );

/** One form of the ways to write an address, so that a budget counts them together. */
export const mailboxOf = (email: string): string =>
  canonicalForm({ kind: 'email', raw: email }, 'email');

/** Under which the codes of a claimant, or of a mailbox, are counted. */
export const budgetOf = (vault: Proofs, owner: 'claimant' | 'mailbox', id: string): Uint8Array =>
  vault.proofOf(`recourse/code-mails/1:${owner}:${id}`);

/** Pays the mailbox a code back that could not be handed in. */
export async function notMailed(
  { db, clock, vault }: Pick<Services, 'db' | 'clock' | 'vault'>,
  { to, about }: Pick<Mail, 'to' | 'about'>,
): Promise<void> {
  if (about !== 'contact') return;
  await payCodeBack(db, { budget: budgetOf(vault, 'mailbox', mailboxOf(to)), now: clock() });
}
