import {
  concatBytes,
  fromUtf8,
  journalBlock,
  journalBlocks,
  journalJweSchema,
  utf8,
  type JournalJwe,
  type SealingKey,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { sealBytes, unsealBytes, type UnopenedReason } from '../evidence/seal.ts';
import type { PrivateSealingKey } from '../session/sealing-keys.ts';

/** Which record a journal is of. It is additional data of the seal: put beside another record, nothing opens. */
export interface JournalPlace {
  readonly origin: string;
  readonly party: string;
  readonly sanction: string;
}

const placeBytes = ({ origin, party, sanction }: JournalPlace): Uint8Array =>
  // JSON, since a quoted part cannot run into the next one.
  utf8(JSON.stringify(['recourse/journal/1', origin, party, sanction]));

const space = 0x20;

/**
 * Seals a `recourse-journal+jwt`, filled up with spaces to one of four sizes.
 * @throws RecourseError `invalid-input` for one that is longer than the longest
 */
export async function sealJournal(
  compact: string,
  place: JournalPlace,
  to: readonly SealingKey[],
): Promise<JournalJwe> {
  const text = utf8(compact);
  const blocks = Math.ceil(text.length / journalBlock);
  if (blocks > journalBlocks) {
    throw new RecourseError('invalid-input', { issues: [{ path: 'journal', code: 'too-big' }] });
  }
  const filling = new Uint8Array(blocks * journalBlock - text.length).fill(space);
  const sealed = await sealBytes(concatBytes(text, filling), to, placeBytes(place));
  return journalJweSchema.parse(sealed);
}

/** Opens it by the own sealing key. Ciphertext and recipients are attacker-controlled: anybody can seal to a public key. */
export async function unsealJournal(
  jwe: JournalJwe,
  place: JournalPlace,
  key: PrivateSealingKey,
): Promise<{ compact: string } | { code: UnopenedReason }> {
  const plain = await unsealBytes(jwe, key, placeBytes(place));
  return typeof plain === 'string' ? { code: plain } : { compact: fromUtf8(plain).trimEnd() };
}
