import { dateForms, type InputFault, type ProtocolErrorCode } from '@recourse/protocol';
import type { IdentifierErrorCode } from '@recourse/protocol/identifiers';

const again = 'It does not verify. Load the page again and sign once more.';

/** What is wrong with the form of a field. */
export const ofForms = {
  required: 'Fill this in.',
  'not-allowed': 'Choose one of the allowed values.',
  'wrong-type': 'This does not have the right form.',
  malformed: 'This does not have the right form.',
  'unknown-member':
    'The desk sent something that this registry does not know. Load the page again.',
  'too-small': 'This is too small.',
  'too-big': 'This is too large; a file may have 4 MiB.',
  'too-short': 'This is too short.',
  'too-long': 'This is too long.',
  'too-many': 'There are too many.',
  'too-few': 'There are too few.',
} as const satisfies Record<InputFault, string>;

/** What is wrong with an identifier. */
export const ofIdentifiers = {
  'not-canonicalisable': 'This is no identifier of this kind.',
  'shared-host':
    'Strangers publish under this domain. Name the account there instead of the domain.',
  'not-registrable': 'Name the domain that was registered, without a host in front of it.',
  'phone-range': 'Numbers of this range reach no person: premium, shared cost, pager or satellite.',
  'ip-address': 'This registry never holds an IP address.',
} as const satisfies Record<IdentifierErrorCode, string>;

/** What the desk signed and the registry could not verify: the person at the screen can only sign again. */
export const ofArtefacts = {
  'base64url-invalid': again,
  'json-invalid': again,
  'jws-malformed': again,
  'header-invalid': again,
  'typ-mismatch': again,
  'alg-mismatch': again,
  'kid-mismatch': 'Another key signed this. Unlock the desk as the person who acts.',
  'signature-invalid': again,
  'signature-high-s': again,
  'key-invalid': 'This key cannot be used here. Enrol this browser again.',
  'key-weak': 'This key is too weak. Enrol this browser again.',
  'payload-invalid': again,
  'audience-mismatch': 'This was signed for another registry.',
  'issuer-mismatch': 'Another party signed this.',
  'chain-broken': 'A key that leads to this one is missing. Tell the operator of this registry.',
  'receipt-malformed': again,
  'receipt-mismatch': again,
  'commitment-mismatch': 'The text or an identifier is not what was committed to. Sign once more.',
  'opening-mismatch': 'This is not what the ledger committed to. Tell the review panel.',
  'evidence-invalid': 'This proves nothing of the ledger. Tell the review panel.',
} as const satisfies Record<ProtocolErrorCode, string>;

/** What is wrong with a date of a file; the desk finds it. */
export const ofDates = {
  'not-a-date': `This names no date. Write ${dateForms.join(', ')}.`,
  'two-digit-year': 'Write the year with four digits.',
  'order-unknown': 'Choose above which number is the day.',
  'orders-mixed':
    'This column has dates with the day first and dates with the month first. Write them as 2026-03-01.',
} as const;
