import {
  bookBlocks,
  bookJweSchema,
  concatBytes,
  fromUtf8,
  journalBlock,
  journalBlocks,
  journalJweSchema,
  thumbprint,
  utf8,
  type BookJwe,
  type BookName,
  type JournalJwe,
  type SealingKey,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { sealBytes, unsealBytes, type UnopenedReason } from '../evidence/seal.ts';
import type { PrivateSealingKey } from '../session/sealing-keys.ts';
import type { Colleague } from './colleagues.ts';

/** Which record a journal is of. It is additional data of the seal: put beside another record, nothing opens. */
export interface JournalPlace {
  readonly origin: string;
  readonly party: string;
  readonly sanction: string;
}

const placeBytes = ({ origin, party, sanction }: JournalPlace): Uint8Array =>
  // JSON, since a quoted part cannot run into the next one.
  utf8(JSON.stringify(['recourse/journal/1', origin, party, sanction]));

/** Which book of a platform something is. */
export interface BookPlace extends Omit<JournalPlace, 'sanction'> {
  readonly book: BookName;
}

const bookBytes = ({ origin, party, book }: BookPlace): Uint8Array =>
  utf8(JSON.stringify(['recourse/book/1', origin, party, book]));

/**
 * Seals a `recourse-journal+jwt`, filled up with spaces to one of four sizes.
 * @throws RecourseError `invalid-input` for one that is longer than the longest
 */
export async function sealJournal(
  compact: string,
  place: JournalPlace,
  to: readonly SealingKey[],
): Promise<JournalJwe> {
  const plain = filled(compact, { blocks: journalBlocks, path: 'journal' });
  return journalJweSchema.parse(await sealBytes(plain, to, placeBytes(place)));
}

/** Seals a `recourse-book+jwt`, filled up to one of eight sizes. */
export async function sealBook(
  compact: string,
  place: BookPlace,
  to: readonly SealingKey[],
): Promise<BookJwe> {
  const plain = filled(compact, { blocks: bookBlocks, path: 'book' });
  return bookJweSchema.parse(await sealBytes(plain, to, bookBytes(place)));
}

const space = 0x20;

function filled(compact: string, { blocks, path }: { blocks: number; path: string }): Uint8Array {
  const text = utf8(compact);
  const needed = Math.ceil(text.length / journalBlock);
  if (needed > blocks) {
    throw new RecourseError('invalid-input', { issues: [{ path, code: 'too-big' }] });
  }
  return concatBytes(text, new Uint8Array(needed * journalBlock - text.length).fill(space));
}

type Unsealed = Promise<{ compact: string } | { code: UnopenedReason }>;

/** Opens it by the own sealing key. Ciphertext and recipients are attacker-controlled: anybody can seal to a public key. */
export const unsealJournal = (
  jwe: JournalJwe,
  place: JournalPlace,
  key: PrivateSealingKey,
): Unsealed => unsealed(jwe, placeBytes(place), key);

export const unsealBook = (jwe: BookJwe, place: BookPlace, key: PrivateSealingKey): Unsealed =>
  unsealed(jwe, bookBytes(place), key);

async function unsealed(
  jwe: JournalJwe | BookJwe,
  place: Uint8Array,
  key: PrivateSealingKey,
): Unsealed {
  const plain = await unsealBytes(jwe, key, place);
  return typeof plain === 'string' ? { code: plain } : { compact: fromUtf8(plain).trimEnd() };
}

/** Whether everybody who is there now can open it, and nobody else. */
export const isSealedTo = (
  { recipients }: JournalJwe | BookJwe,
  colleagues: readonly Colleague[],
): boolean => {
  const kids = new Set(recipients.map(({ header }) => header.kid));
  return (
    kids.size === colleagues.length && colleagues.every(({ key }) => kids.has(thumbprint(key)))
  );
};
