import {
  changes as changesSchema,
  changesRoot,
  isJsonObject,
  parseStrictJson,
  verifyOpening,
  type Json,
  type Opening,
  type VerifiedReceipt,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';

/**
 * The ledger entries that a call caused. The receipt has their root; the openings stand here if they are 16 or fewer.
 */
export interface AnswerChanges {
  /** Number of entries */
  readonly count: number;
  /** RFC 6962 root, base64url */
  readonly root: string;

  /** The openings, which the SDK has verified */
  readonly openings?: readonly Opening[] | undefined;
}

/** A result that the registry signed. Keep the receipt: it proves the answer and its time. */
export interface Answer<T> {
  /** Answer of the operation */
  readonly result: T;

  /** The verified receipt */
  readonly receipt: VerifiedReceipt;

  /** Entries that a mutation caused */
  readonly changes?: AnswerChanges;
}

export interface AnswerBody {
  readonly result: Json;
  readonly changes?: AnswerChanges;
}

/** @throws RecourseError `answer-invalid` */
export function readAnswerBody(bytes: Uint8Array): AnswerBody {
  return withCode('answer-invalid', () => {
    const json = parseStrictJson(bytes);
    if (!isJsonObject(json) || json['result'] === undefined) throw invalid();
    const changes = changesSchema.optional().parse(json['changes']);
    return { result: json['result'], ...(changes ? { changes } : {}) };
  });
}

/**
 * Checks that the openings are the entries the receipt commits to, and open them. The registry could
 * otherwise log one thing and tell the caller another.
 * @throws RecourseError `commitment-invalid`
 */
export function verifyChanges(changes: AnswerChanges): void {
  const { openings } = changes;
  if (!openings) return;
  withCode('commitment-invalid', () => {
    const root = changesRoot(openings.map((opening) => opening.entry));
    if (openings.length !== changes.count || root !== changes.root) {
      throw new RecourseError('commitment-invalid');
    }
    openings.filter(isForCaller).forEach((opening) => verifyOpening(opening));
  });
}

/** Entries that name another party come bare: their salts are for that party. */
const isForCaller = (opening: Opening): boolean =>
  opening.refSalt !== undefined ||
  opening.pairSalt !== undefined ||
  opening.entrySalt !== undefined;

function withCode<T>(code: 'answer-invalid' | 'commitment-invalid', read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof RecourseError ? cause : new RecourseError(code, { cause });
  }
}

const invalid = (): RecourseError => new RecourseError('answer-invalid');
