/** Crockford's base32: no letter that a hand or an eye takes for a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const characters = 32;

/**
 * A secret that opens a case (notice code, claim key, ticket secret): 160 random bits as eight groups of four. Anybody
 * who holds it reads the case; the registry stores only its hash.
 * @param random cryptographically random bytes
 */
export const newCaseSecret = (random: (bytes: number) => Uint8Array): string =>
  groupedSecret([...random(characters)].map((byte) => alphabet.charAt(byte & 31)).join(''));

/** The one spelling of a secret that is known without its dashes. */
export const groupedSecret = (text: string): string => text.match(/.{4}/g)?.join('-') ?? '';
