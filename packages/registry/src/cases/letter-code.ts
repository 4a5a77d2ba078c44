import type { Letter } from '@recourse/protocol';
import { groupedSecret, secretCharacters, toNumericDate, typedSecret } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import type { Vault } from '../vault/vault.ts';
import { isSame } from './proof-code.ts';
import { righted } from './view-store.ts';

/** What a letter says, but for when it was signed. */
export type LetterFacts = Omit<Letter, 'iss' | 'iat' | 'submitter'>;

/** The second in which the record was made: it finds the few records that the rest is compared with. */
const placeLength = 8;
/** Of five bits each */
const macLength = 16;

/**
 * The code of a letter, to be typed from paper: 24 characters, of which 16 are a MAC of 80 bits over what the letter says.
 * Nothing is stored for it, and nobody can make one, or find a letter by trying, without the vault.
 */
export function letterCode(
  vault: Pick<Vault, 'proofOf'>,
  { sub, outcome, cause, endedAt }: Omit<LetterFacts, 'submitterName'>,
): string {
  const mac = vault.proofOf(`recourse/letter/1:${sub}:${outcome}:${cause}:${endedAt}`);
  const place = sub.slice('snc_'.length).slice(0, placeLength);
  return groupedSecret(place + secretCharacters(mac.subarray(0, macLength)));
}

/** Reads a code as a person may type it, or its whole address. Undefined when it is none. */
export function readLetterCode(typed: string): string | undefined {
  const code = typedSecret(typed, placeLength + macLength);
  return code?.rest === '' ? code.secret : undefined;
}

/** The letter of a code as {@link readLetterCode} gives it; undefined for every other code alike. */
export async function letterByCode(
  { db, vault }: { readonly db: Db; readonly vault: Pick<Vault, 'proofOf'> },
  code: string,
): Promise<LetterFacts | undefined> {
  const place = code.replaceAll('-', '').slice(0, placeLength);
  for (const { at, ...row } of await righted(db, place)) {
    const facts = { ...row, endedAt: toNumericDate(at) };
    if (isSame(letterCode(vault, facts), code)) return facts;
  }
  return undefined;
}
