import { concatBytes } from '@noble/hashes/utils.js';
import { fromBase64, toBase64 } from './bytes.ts';
import { LedgerError } from './errors.ts';
import { decodeText } from './text.ts';
import { isKeyName, keyId, type VerifierKey } from './verifier-key.ts';

/** Most signatures of a note that is read. */
const maxSignatures = 100;

/** One signature line, unverified: who is said to have signed. */
export interface NoteSignature {
  readonly name: string;
  /** Key id, uint32 */
  readonly id: number;
  /** The signature without the key id, at least one byte; its format is that of the key's type */
  readonly signature: Uint8Array;
}

/** Signed text, unverified. Nothing in it is to be believed before `verifyNote`. */
export interface Note {
  /** Ends in a newline; its UTF-8 bytes are signed */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/**
 * Reads text, an empty line, then a line `— <name> base64(key id || signature)` for each signature (signed-note,
 * "Format"). The last empty line separates, so text cannot pass for a signature. All of it is attacker-controlled.
 * @throws LedgerError `too-large` or `note-malformed`
 */
export function parseNote(data: Uint8Array | string): Note {
  const whole = decodeText(data, 'note-malformed');
  const border = whole.lastIndexOf('\n\n');
  if (border === -1) throw new LedgerError('note-malformed', 'no empty line');
  return {
    text: whole.slice(0, border + 1),
    signatures: parseSignatures(whole.slice(border + 2)),
  };
}

/**
 * Writes a note.
 * @throws LedgerError `too-large` or `note-malformed` for a note that {@link parseNote} would refuse
 */
export function encodeNote({ text, signatures }: Note): string {
  const encoded = `${text}\n${encodeSignatures(signatures)}`;
  if (parseNote(encoded).text !== text) throw new LedgerError('note-malformed', 'text has no end');
  return encoded;
}

/**
 * Reads signature lines on their own, as a witness answers with them (tlog-witness, "add-checkpoint").
 * @throws LedgerError `too-large` or `note-malformed`
 */
export function parseSignatures(data: Uint8Array | string): NoteSignature[] {
  const lines = decodeText(data, 'note-malformed').split('\n');
  if (lines.pop() !== '' || lines.length === 0) {
    throw new LedgerError('note-malformed', 'no signature, or no newline after it');
  }
  if (lines.length > maxSignatures) throw new LedgerError('note-malformed', 'too many signatures');
  const signatures = lines.map(parseSignature);
  // Twice the same key: two times for one cosignature, and a witness that could count twice.
  if (new Set(signatures.map(signerOf)).size < signatures.length) {
    throw new LedgerError('note-malformed', 'two signatures of one key');
  }
  return signatures;
}

/**
 * Writes signature lines on their own.
 * @throws LedgerError `too-large` or `note-malformed` for lines that {@link parseSignatures} would refuse
 */
export function encodeSignatures(signatures: readonly NoteSignature[]): string {
  const lines = signatures.map(({ name, id, signature }) => {
    const head = new DataView(new ArrayBuffer(4));
    head.setUint32(0, id);
    return `— ${name} ${toBase64(concatBytes(new Uint8Array(head.buffer), signature))}\n`;
  });
  const encoded = lines.join('');
  parseSignatures(encoded);
  return encoded;
}

/**
 * The note with more signatures. One of the same name and key id replaces the old one.
 * @throws LedgerError `too-large` or `note-malformed`
 */
export function addSignatures(
  note: Uint8Array | string,
  signatures: readonly NoteSignature[],
): string {
  const { text, signatures: old } = parseNote(note);
  const merged = new Map([...old, ...signatures].map((entry) => [signerOf(entry), entry]));
  return encodeNote({ text, signatures: [...merged.values()] });
}

/**
 * The note without the lines of other keys, which are unverified. Anybody may add such lines, and a false one makes the
 * note invalid for a reader who knows its key.
 * @throws LedgerError `too-large` or `note-malformed`, also where no line is left
 */
export function onlySignaturesOf(keys: readonly VerifierKey[], note: Uint8Array | string): string {
  const { text, signatures } = parseNote(note);
  const known = new Set(keys.map((key) => signerOf({ name: key.name, id: keyId(key) })));
  return encodeNote({
    text,
    signatures: signatures.filter((signature) => known.has(signerOf(signature))),
  });
}

/** Name and key id: a key, as far as a note can tell. */
export const signerOf = ({ name, id }: { name: string; id: number }): string => `${name}+${id}`;

function parseSignature(line: string): NoteSignature {
  const [dash, name, base64, ...more] = line.split(' ', 4);
  const bytes = base64 === undefined || more.length > 0 ? undefined : fromBase64(base64);
  if (dash !== '—' || name === undefined || !isKeyName(name)) {
    throw new LedgerError('note-malformed', 'not a signature line');
  }
  if (bytes === undefined || bytes.length < 5) {
    throw new LedgerError('note-malformed', 'not base64 of a key id and a signature');
  }
  return { name, id: new DataView(bytes.buffer).getUint32(0), signature: bytes.subarray(4) };
}
