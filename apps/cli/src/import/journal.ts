import { randomBytes } from 'node:crypto';
import { statSync, truncateSync } from 'node:fs';
import type { SubmissionIntent } from '@recourse/sdk';
import { CliError } from '../errors.ts';
import { assertPrivate, fileExists } from '../profile/private-file.ts';
import { appendPrivate, lockFile, type AppendFile } from './files.ts';
import { linesIn } from './read-rows.ts';

/** A signed submission less its case code, which is kept in the file of case codes only. */
export type KeptIntent = Omit<SubmissionIntent, 'caseCode'>;

/**
 * One record in the journal. States: `prepared` (signed, perhaps sent), `drafting` (the bucket was empty: perhaps laid
 * down as a draft), then `submitted` or `drafted` when the registry answered; a draft becomes `submitted` when a second
 * holder confirmed it. `refused` had no effect and may be prepared anew.
 */
export interface JournalRecord {
  readonly state: 'prepared' | 'drafting' | 'submitted' | 'drafted' | 'refused';
  /** HMAC over the content of the row: the same record, or a changed one */
  readonly hash: string;
  readonly idem: string;
  readonly attempt: number;
  readonly sanction: KeptIntent['sanction'];
  /** Held as long as it may have to be sent again */
  readonly intent?: KeptIntent;
  readonly notified: boolean;
}

type Entry =
  | {
      readonly type: 'journal';
      readonly version: 1;
      /** 32 bytes, base64url: what records are called towards the registry is keyed with it */
      readonly secret: string;
      readonly origin: string;
      readonly party: string;
    }
  | {
      readonly type: 'prepared';
      readonly id: string;
      readonly hash: string;
      readonly idem: string;
      readonly attempt: number;
      readonly intent: KeptIntent;
    }
  | { readonly type: Step; readonly id: string };
type Step = 'drafting' | 'submitted' | 'drafted' | 'refused' | 'notified';

/** Owner of an import, and its registry */
interface Owner {
  readonly origin: string;
  readonly party: string;
}

interface OpenJournal {
  readonly secret: string;
  readonly file: AppendFile;
  readonly records: Map<string, JournalRecord>;
  readonly release: () => void;
}

/**
 * Journal of an import, so that the same command again adds nothing and a crash loses nothing: every signed statement
 * is on disk before its first attempt. It also keeps the salts that open the evidence: keep it as long as the sanctions
 * live.
 */
export class Journal {
  readonly #opened: OpenJournal;

  private constructor(opened: OpenJournal) {
    this.#opened = opened;
  }

  /** @throws CliError `file-exposed`, `journal-in-use`, `journal-invalid` when it is of another party or registry */
  static async open(path: string, owner: Owner): Promise<Journal> {
    assertPrivate(path);
    const release = lockFile(`${path}.lock`);
    try {
      const records = new Map<string, JournalRecord>();
      const isNew = !fileExists(path) || statSync(path).size === 0;
      const secret = isNew ? newSecret() : await replay(path, { owner, records });
      const file = appendPrivate(path);
      const first: Entry = { type: 'journal', version: 1, secret, ...owner };
      if (isNew) await file.append(first);
      return new Journal({ secret, file, records, release });
    } catch (error) {
      release();
      throw error;
    }
  }

  /** 32 bytes, base64url: hashes and idempotency keys are keyed with it */
  get secret(): string {
    return this.#opened.secret;
  }

  get(id: string): JournalRecord | undefined {
    return this.#opened.records.get(id);
  }

  /** Commit point: once this resolves, a crash at any later step is mended by sending the same statement again. */
  async prepared(
    id: string,
    named: Pick<JournalRecord, 'hash' | 'idem' | 'attempt'> & { intent: KeptIntent },
  ): Promise<JournalRecord> {
    return this.#write({ type: 'prepared', id, ...named });
  }

  /** Remembers a step of a record, durably. */
  async step(id: string, type: Step): Promise<JournalRecord> {
    return this.#write({ type, id });
  }

  async close(): Promise<void> {
    await this.#opened.file.close();
    this.#opened.release();
  }

  async #write(entry: Exclude<Entry, { type: 'journal' }>): Promise<JournalRecord> {
    const record = apply(this.#opened.records, entry);
    await this.#opened.file.append(entry);
    return record;
  }
}

function apply(
  records: Map<string, JournalRecord>,
  entry: Exclude<Entry, { type: 'journal' }>,
): JournalRecord {
  const next =
    entry.type === 'prepared' ? fresh(entry) : advanced(records.get(entry.id), entry.type);
  records.set(entry.id, next);
  return next;
}

function fresh({
  hash,
  idem,
  attempt,
  intent,
}: Extract<Entry, { type: 'prepared' }>): JournalRecord {
  const { sanction } = intent;
  return { state: 'prepared', hash, idem, attempt, intent, sanction, notified: false };
}

function advanced(record: JournalRecord | undefined, step: Step): JournalRecord {
  if (!record) throw new TypeError('a step of no record');
  if (step === 'notified') return { ...record, notified: true };
  if (step === 'drafting') return { ...record, state: step };
  // Answered: nothing of it is sent again, and millions of records fit into memory.
  const { intent: _, ...answered } = record;
  return { ...answered, state: step };
}

const newSecret = (): string => randomBytes(32).toString('base64url');

/** @returns the secret of the journal */
async function replay(
  path: string,
  { owner, records }: { owner: Owner; records: Map<string, JournalRecord> },
): Promise<string> {
  let whole = 0;
  let secret: string | undefined;
  const size = statSync(path).size;
  for await (const { text, position } of linesIn(path)) {
    // A crash may have cut off the last line; what it said had not been acted on.
    if (position > size) break;
    const entry = parsed(text, path);
    if (secret === undefined) secret = secretOf(entry, owner, path);
    else if (entry.type !== 'journal') apply(records, entry);
    whole = position;
  }
  if (secret === undefined) throw invalid(path);
  truncateSync(path, whole);
  return secret;
}

function parsed(line: string, path: string): Entry {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a file of the owner alone, written by this class
    return JSON.parse(line) as Entry;
  } catch {
    throw invalid(path);
  }
}

function secretOf(entry: Entry, owner: Owner, path: string): string {
  if (entry.type !== 'journal') throw invalid(path);
  if (entry.origin === owner.origin && entry.party === owner.party) return entry.secret;
  throw new CliError('journal-invalid', {
    message: `${path} belongs to an import of another party, or into another registry.`,
    next: 'Use the profile it was begun with, or name another journal with --journal.',
  });
}

const invalid = (path: string): CliError =>
  new CliError('journal-invalid', {
    message: `${path} is damaged.`,
    next: 'Restore it from a copy. Without it a second run cannot know what the first one sent.',
  });
