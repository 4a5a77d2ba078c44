import type { IdentifierKind } from '@recourse/protocol';
import { canonicalize, IdentifierError } from '@recourse/protocol/identifiers';

export type ReadIdentifier =
  | { readonly canonical: string; readonly fault?: undefined }
  | { readonly canonical?: undefined; readonly fault: string };

/** The form of an identifier that is compared, or what is wrong with it. It knows domains and phone numbers: load it late. */
export function readIdentifier(kind: IdentifierKind, text: string): ReadIdentifier {
  try {
    return { canonical: canonicalize(kind, text) };
  } catch (error) {
    const code = error instanceof IdentifierError ? error.code : 'not-canonicalisable';
    return {
      fault:
        texts[code] ??
        `This is none, or has no form that can be compared. Write it as ${forms[kind]}.`,
    };
  }
}

const texts: Readonly<Record<string, string>> = {
  'shared-host': 'Strangers publish under this domain: a match on it would be a false one.',
  'not-registrable': 'Give the domain as it was registered, such as example.org.',
  'phone-range':
    'This number is of a premium, shared-cost, pager or satellite range. Give another one.',
  'ip-address': 'The registry holds no IP addresses.',
};

const forms: Readonly<Record<IdentifierKind, string>> = {
  email: 'name@example.org',
  phone: '+31 6 12345678',
  domain: 'example.org',
  account: 'acct:id@example.org',
  wallet: 'eip155:1:0x and 40 digits',
  iban: 'NL91 ABNA 0417 1643 00',
};
