/** Codes whose words are not the code with spaces. */
const special: Readonly<Record<string, string>> = {
  otp: 'a one-time code',
  payment: 'a payment',
  dns: 'a DNS record',
  signature: 'a signature',
  kyc: 'an identity check',
  email: 'email address',
  phone: 'phone number',
  iban: 'IBAN',
  'not-me': 'it was not me',
  recycled: 'the identifier changed hands',
  'facts-wrong': 'the facts are wrong',
  'verify-identity': 'verify the identity',
  'own-detection': 'our own detection',
  'user-report': 'a report by a user',
  'authority-request': 'a demand of an authority',
  'trusted-flagger': 'a trusted flagger',
  'no-notice': 'no notice in time',
  'one-other': 'one other group',
  several: 'several other groups',
  ncii: 'NCII',
};

/** The texts of the desks are English, whatever the language of the browser. */
const plurals = new Intl.PluralRules('en');

/** A number with the noun that goes with it. */
export const counted = (n: number, one: string, many: string): string =>
  `${n.toLocaleString()} ${plurals.select(n) === 'one' ? one : many}`;

/** A code of the protocol in words, without a capital. */
export const words = (code: string): string => special[code] ?? code.replaceAll(/[-_]/g, ' ');

/** The same at the beginning of a sentence or a cell. */
export const sentence = (code: string): string => {
  const text = words(code);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Words of a text that somebody typed, between spaces, commas and lines. */
export const wordsOf = (text: string): string[] =>
  text.split(/[\s,]+/).filter((word) => word !== '');
