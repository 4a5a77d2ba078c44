/** Crockford's base32: no letter that a hand or an eye takes for a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const characters = 32;

/**
 * A secret that opens a case (notice code, claim key, ticket secret): 160 random bits as eight groups of four. Anybody
 * who holds it reads the case; the registry stores only its hash.
 * @param random cryptographically random bytes
 */
export const newCaseSecret = (random: (bytes: number) => Uint8Array): string =>
  groupedSecret(secretCharacters(random(characters)));

/** One character a byte, by its lowest five bits. */
export const secretCharacters = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => alphabet.charAt(byte & 31)).join('');

/** The one spelling of a secret that is known without its dashes. */
export const groupedSecret = (text: string): string => text.match(/.{4}/g)?.join('-') ?? '';

const mostPasted = 400;

/**
 * Reads a secret of so many characters as a person may paste it: in capitals, with spaces or without dashes, with an o for
 * a zero, or the whole link. Undefined when it is none. `rest` is what stands behind it.
 */
export function typedSecret(
  text: string,
  length: number,
): { readonly secret: string; readonly rest: string } | undefined {
  const pasted = text.slice(0, mostPasted).toLowerCase().split('#').at(-1) ?? '';
  const bare = pasted.replaceAll(/[\s\u2010-\u2015-]/g, '');
  const exact = bare.slice(0, length).replaceAll('o', '0').replaceAll(/[il]/g, '1');
  const isSecret = exact.length === length && /^[0-9a-hjkmnp-tv-z]+$/.test(exact);
  return isSecret ? { secret: groupedSecret(exact), rest: bare.slice(length) } : undefined;
}
