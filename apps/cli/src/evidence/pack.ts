import {
  b64u32,
  EvidenceCommitment,
  deliveredClassNames,
  idSchema,
  isId,
  maxEvidenceItems,
  peekArtefact,
  sanctionStatementSchema,
  utf8,
  type DeliveredClass,
} from '@recourse/protocol';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { CliError } from '../errors.ts';
import { keepPrivateFile, readBytes, readPrivateFile, readText } from '../profile/private-file.ts';
import type { EvidenceOpening } from '@recourse/sdk';
import type { KeptOpenings } from './kept.ts';

/** One item of evidence with what opens its commitment. Whoever holds both can show what was committed to. */
const itemSchema = z.object({
  /** Index in the statement */
  item: z.int().min(0).lt(maxEvidenceItems),
  class: z.enum(deliveredClassNames),
  commitment: b64u32,
  /** 32 bytes as base64url */
  salt: b64u32,
  /** With the bytes, beside `pack.json`. A pack may come from others: a path would read files that are none of its own */
  file: z.string().regex(/^[\w-][\w.-]*$/),
});

/** `pack.json` of a folder with the evidence of one sanction, to keep or to hand on until an appeal asks for it. */
const packSchema = z.object({
  version: z.literal(1),
  sanction: idSchema('snc'),
  items: z.array(itemSchema).max(maxEvidenceItems),
});
type EvidencePack = z.infer<typeof packSchema>;

export const packFile = 'pack.json';

/** H("recourse/evidence/1" || salt || bytes) */
const commitmentOf = (salt: string, bytes: Uint8Array): string =>
  new EvidenceCommitment(salt).update(bytes).digest();

/**
 * Every opening of a submission with the bytes that it commits to, found among the candidates.
 * @throws CliError `evidence-unfit` when the bytes of an item are not there, as they were or at all
 */
export function matched(
  { sanction, evidence }: KeptOpenings,
  candidates: readonly Uint8Array[],
): { readonly opening: EvidenceOpening; readonly bytes: Uint8Array }[] {
  if (!isId('snc', sanction) || evidence.length === 0) throw nothingKept(sanction);
  return evidence.map((opening, item) => {
    const { salt, commitment } = opening;
    const bytes = candidates.find((candidate) => commitmentOf(salt, candidate) === commitment);
    if (!bytes) throw notThere(item, opening, candidates.length);
    return { opening, bytes };
  });
}

/** Whether every item is among the candidates. */
export const fitsAll = (
  evidence: readonly EvidenceOpening[],
  candidates: readonly Uint8Array[],
): boolean =>
  evidence.every(({ salt, commitment }) =>
    candidates.some((candidate) => commitmentOf(salt, candidate) === commitment),
  );

/** Makes a pack; the same one again changes nothing. @throws CliError as `matched`: then nothing is written */
export function writePack(
  dir: string,
  { kept, candidates }: { kept: KeptOpenings; candidates: readonly Uint8Array[] },
): EvidencePack {
  const found = matched(kept, candidates).map(({ opening, bytes }, item) => {
    const { class: name, commitment, salt } = opening;
    return { bytes, entry: { item, class: name, commitment, salt, file: `item-${item}.bin` } };
  });
  const items = found.map(({ entry }) => entry);
  const pack = packSchema.parse({ version: 1, sanction: kept.sanction, items });
  // The list comes last: a folder without one was not finished.
  for (const { bytes, entry } of found) keepPrivateFile(join(resolve(dir), entry.file), bytes);
  keepPrivateFile(join(resolve(dir), packFile), utf8(`${JSON.stringify(pack, null, 2)}\n`));
  return pack;
}

export const nothingKept = (sanction: string): CliError =>
  new CliError('input-invalid', {
    message: `Nothing was kept of ${sanction}.`,
    next: 'Use the profile and the machine that submitted it, have its author run recourse evidence share, or name its file: --journal of an import, or --openings of another program.',
  });

function notThere(
  item: number,
  { class: name, from, sha256 }: EvidenceOpening,
  count: number,
): CliError {
  const was = from === undefined ? '' : ` It was ${from}.`;
  const hash = sha256 === undefined ? '' : ` sha256sum prints ${sha256} of it.`;
  return new CliError('evidence-unfit', {
    message: `Item ${item} (${name}): none of ${count} files or texts is what was committed to.${was}`,
    next: `Restore the bytes exactly as they were when the sanction was submitted, or name the file: --bytes FILE.${hash}`,
  });
}

/** An item of a pack, and whether its bytes are what was committed to. */
type PackedItem = z.infer<typeof itemSchema> & { bytes: Uint8Array; fits: boolean };

/** @throws CliError `file-unreadable`, `file-exposed`, `input-invalid` */
export function readPack(dir: string): PackedItem[] {
  const path = join(resolve(dir), packFile);
  return packIn(readPrivateFile(path), path).items.map((item) => {
    const bytes = readBytes(join(resolve(dir), item.file));
    return { ...item, bytes, fits: commitmentOf(item.salt, bytes) === item.commitment };
  });
}

function packIn(text: string, path: string): EvidencePack {
  try {
    return packSchema.parse(JSON.parse(text));
  } catch {
    // No cause: a parser's message quotes the file, which holds salts.
    throw new CliError('input-invalid', {
      message: `${path} is no pack of evidence.`,
      next: 'Make it with recourse evidence pack, and name its folder.',
    });
  }
}

interface VerifiedItem {
  readonly item: number;
  readonly class?: DeliveredClass;
  readonly commitment: string;
  readonly verdict: 'fits' | 'wrong-bytes' | 'not-committed-to' | 'not-in-pack';
}

/**
 * One verdict an item: of the pack alone, or of the pack and the list it should open.
 * @param committed commitments in the order of the statement
 */
export function verifyPack(
  items: readonly PackedItem[],
  committed?: readonly string[],
): VerifiedItem[] {
  const verdicts = items.map(({ item, class: name, commitment, fits }): VerifiedItem => {
    const isCommitted = committed === undefined || committed[item] === commitment;
    const verdict = isCommitted ? (fits ? 'fits' : 'wrong-bytes') : 'not-committed-to';
    return { item, class: name, commitment, verdict };
  });
  const packed = new Set(items.map(({ item }) => item));
  const missing = (committed ?? []).flatMap((commitment, item): VerifiedItem[] =>
    packed.has(item) ? [] : [{ item, commitment, verdict: 'not-in-pack' }],
  );
  return [...verdicts, ...missing];
}

/**
 * Commitments that a pack is compared with: the evidence of a statement, or a list; none when neither is named.
 * @throws CliError `input-invalid`, `file-unreadable`
 */
export function committedIn(files: {
  statement?: string;
  commitments?: string;
}): readonly string[] | undefined {
  const { statement, commitments } = files;
  const path = statement ?? commitments;
  if (path === undefined) return undefined;
  const text = readText(path).trim();
  try {
    return statement === undefined ? inList(JSON.parse(text)) : inStatement(text);
  } catch {
    throw new CliError('input-invalid', {
      message: `${path} holds no commitments.`,
      next: 'Give a statement as sanctions.get shows it, or a JSON array of commitments.',
    });
  }
}

/** Reads the evidence of a statement, and nothing else: whoever has the directory says whose statement it is. */
function inStatement(text: string): string[] {
  const form = { typ: 'recourse-sanction+jwt', schema: sanctionStatementSchema } as const;
  return peekArtefact(text, form).payload.evidence.map(({ commitment }) => commitment);
}

const inList = (json: unknown): string[] =>
  z
    .array(z.union([b64u32, z.object({ commitment: b64u32 })]))
    .parse(json)
    .map((one) => (typeof one === 'string' ? one : one.commitment));
