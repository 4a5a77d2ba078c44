import {
  b64u32,
  concatBytes,
  EvidenceCommitment,
  FileHash,
  type DeliveredClass,
  type EvidenceClass,
  type EvidenceItem,
  type IssueCode,
} from '@recourse/protocol';
import { RecourseError } from './errors.ts';
import { randomSalt, type Random } from './random.ts';

/** Bytes of an item, at once or as a stream; at most 4 MiB. */
export type EvidenceSource =
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/** One item that proves the act. Its bytes stay with the platform until an appeal asks for them. */
export interface Evidence {
  /** Class of the taxonomy */
  readonly class: EvidenceClass;

  /** How many things the item lists, 1..1,000,000 */
  readonly count?: number | undefined;

  /** The bytes; they are hashed and never sent */
  readonly source: EvidenceSource;
  /**
   * The salt of an earlier record that rests on the same bytes. The two then commit to one item, and one reviewer
   * decides their appeals together. A platform told of both sees that they share it.
   */
  readonly salt?: string | undefined;
  /** Where you keep the bytes, such as a path. It goes into your journal, and nowhere else */
  readonly from?: string | undefined;
}

/** Keep it with the bytes: without the salt nobody can open the commitment, and you lose an appeal. */
export interface EvidenceOpening {
  /** Class of the taxonomy, or `complaint` */
  readonly class: DeliveredClass;

  /** The commitment in the statement, base64url */
  readonly commitment: string;
  /** 32 bytes as base64url */
  readonly salt: string;
  /** SHA-256 of the bytes in hex, to find the file again. Nobody else gets it: without a salt it could be guessed */
  readonly sha256?: string | undefined;
  /** As the evidence said it */
  readonly from?: string | undefined;
}

/** The registry's limit for one item; a larger one could be committed to and never delivered. */
const maxEvidenceBytes = 4 * 1024 * 1024;

export interface CommittedEvidence {
  readonly items: EvidenceItem[];
  readonly openings: EvidenceOpening[];
}

/** @throws RecourseError `invalid-input` for an empty item, one above 4 MiB, or a salt that is none */
export async function commitEvidence(
  evidence: readonly Evidence[],
  random: Random,
): Promise<CommittedEvidence> {
  const items: EvidenceItem[] = [];
  const openings: EvidenceOpening[] = [];
  for (const [at, item] of evidence.entries()) {
    const salt = item.salt ?? randomSalt(random);
    if (!b64u32.safeParse(salt).success) throw refused(`evidence.${at}.salt`, 'malformed');
    const { commitment, sha256 } = await commit(item.source, {
      salt,
      path: `evidence.${at}.source`,
    });
    const { class: name, count, from } = item;
    openings.push({
      class: name,
      commitment,
      salt,
      sha256,
      ...(from === undefined ? {} : { from }),
    });
    items.push({ class: name, commitment, ...(count === undefined ? {} : { count }) });
  }
  return { items, openings };
}

/** Commits to the complaint behind a home reversal. @throws RecourseError as {@link commitEvidence} */
export async function commitComplaint(
  { source, salt: given, from }: Omit<Evidence, 'class' | 'count'>,
  random: Random,
): Promise<EvidenceOpening> {
  const salt = given ?? randomSalt(random);
  const path = 'lifted.complaint';
  if (!b64u32.safeParse(salt).success) throw refused(`${path}.salt`, 'malformed');
  const opened = await commit(source, { salt, path: `${path}.source` });
  return { class: 'complaint', salt, ...opened, ...(from === undefined ? {} : { from }) };
}

async function commit(
  source: EvidenceSource,
  options: { salt: string; path: string },
): Promise<{ commitment: string; sha256: string }> {
  const commitment = new EvidenceCommitment(options.salt);
  const hash = new FileHash();
  for await (const chunk of boundedChunks(source, options.path)) {
    commitment.update(chunk);
    hash.update(chunk);
  }
  return { commitment: commitment.digest(), sha256: hash.digest() };
}

/** The whole of an item. @throws RecourseError `invalid-input` for an empty item or one above 4 MiB */
export async function readEvidence(source: EvidenceSource, path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of boundedChunks(source, path)) chunks.push(chunk);
  return concatBytes(...chunks);
}

async function* boundedChunks(source: EvidenceSource, path: string): AsyncIterable<Uint8Array> {
  let size = 0;
  for await (const chunk of chunksOf(source)) {
    size += chunk.length;
    if (size > maxEvidenceBytes) throw refused(path, 'too-big');
    yield chunk;
  }
  if (size === 0) throw refused(path, 'too-small');
}

async function* chunksOf(source: EvidenceSource): AsyncIterable<Uint8Array> {
  if (source instanceof Uint8Array) yield source;
  else if (source instanceof Blob) yield* chunksOfStream(source.stream());
  else if ('getReader' in source) yield* chunksOfStream(source);
  else yield* source;
}

/** Reads chunks by a reader: not every browser iterates streams. */
async function* chunksOfStream(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

const refused = (path: string, code: IssueCode): RecourseError =>
  new RecourseError('invalid-input', { issues: [{ path, code }] });
