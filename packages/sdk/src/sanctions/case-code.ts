import type { Random } from '../random.ts';

/** Crockford's base32: no letter that a hand or an eye takes for a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const characters = 32;
const group = 4;

/**
 * The secret that opens the creator's case: 160 random bits as eight groups of four. The registry is sent
 * its hash only; whoever holds the code reads the case, so it goes into the notice and nowhere else.
 */
export function newCaseCode(random: Random): string {
  const text = [...random(characters)].map((byte) => alphabet.charAt(byte & 31)).join('');
  return text.match(new RegExp(`.{${group}}`, 'g'))?.join('-') ?? '';
}

/** A fragment: browsers send it to no server, and it stands in no log. */
export const caseLink = (origin: string, code: string): string => `${origin}/case#${code}`;
