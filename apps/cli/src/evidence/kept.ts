import { hashText, type Id } from '@recourse/protocol';
import type { EvidenceOpening, EvidenceSource } from '@recourse/sdk';
import { fileJournal } from '@recourse/sdk/node';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError } from '../errors.ts';
import { readEvidence } from '../import/evidence.ts';
import { groupRows, linesIn, readRows } from '../import/read-rows.ts';
import {
  assertPrivate,
  fileExists,
  parseJson,
  readBytes,
  readPrivateFile,
  replacePrivateFile,
  unreadable,
} from '../profile/private-file.ts';

/** Openings that a submission kept, in the order of the statement. */
export interface KeptOpenings {
  readonly sanction: string;
  /** In an import: which rows of the file it came from */
  readonly externalId?: string;
  /** File of an import */
  readonly rows?: string;
  readonly evidence: readonly EvidenceOpening[];
}

/** Where an import keeps what opens its evidence, and the file that it was of. */
interface NotedImport {
  readonly journal: string;
  readonly rows: string;
}

/** Notes in the folder of the journal that an import has a journal of its own. */
export function noteImport(folder: string, noted: NotedImport): void {
  const path = join(folder, `import-${hashText(noted.journal)}.json`);
  replacePrivateFile(path, `${JSON.stringify(noted)}\n`);
}

/** Reads the openings of a sanction from the journal of the own party, or from that of one of its imports. */
export async function openingsKept(
  folder: string,
  sanction: Id<'snc'>,
): Promise<KeptOpenings | undefined> {
  const evidence = await fileJournal(folder).load(sanction);
  if (evidence) return { sanction, evidence };
  const names = fileExists(folder) ? readdirSync(folder) : [];
  for (const name of names.filter((name) => name.startsWith('import-'))) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a file of the owner alone, written by `noteImport`
    const { journal, rows } = parseJson(readPrivateFile(join(folder, name))) as NotedImport;
    if (!fileExists(journal)) continue;
    const openings = (await openingsInJournal(journal, new Set([sanction]))).get(sanction);
    if (openings) return { ...openings, ...(fileExists(rows) ? { rows } : {}) };
  }
  return undefined;
}

/** The bytes that are where the journal says: they may have changed since. */
export const bytesKept = ({ evidence }: KeptOpenings): Uint8Array[] =>
  evidence.flatMap(({ from }) => (from !== undefined && fileExists(from) ? [readBytes(from)] : []));

/** Those of the journal of an import, for every sanction asked for. @throws CliError of the file */
export async function openingsInJournal(
  path: string,
  sanctions: ReadonlySet<string>,
): Promise<Map<string, KeptOpenings>> {
  assertPrivate(path);
  const found = new Map<string, KeptOpenings>();
  try {
    for await (const { text } of linesIn(path)) {
      const { id, intent } = entryIn(text);
      if (id === undefined || !intent || !sanctions.has(intent.sanction)) continue;
      const { sanction, evidence } = intent;
      found.set(sanction, { sanction, externalId: id, evidence });
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return found;
}

interface JournalLine {
  readonly id?: string;
  readonly intent?: { readonly sanction: string; readonly evidence: readonly EvidenceOpening[] };
}

/** The last line may have been cut off by a crash: what it said was not acted on. */
function entryIn(line: string): JournalLine {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a file of the owner alone, written by the import
    return JSON.parse(line) as JournalLine;
  } catch {
    return {};
  }
}

/**
 * Reads openings from the output of `submit --json`, or from one file of an outbox: `{sanction, evidence: [{class,
 * commitment, salt}]}`.
 */
export function openingsInFile(path: string): KeptOpenings {
  const text = readPrivateFile(path);
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member used is checked below
    const { sanction, evidence } = JSON.parse(text) as Partial<KeptOpenings>;
    if (typeof sanction === 'string' && Array.isArray(evidence)) return { sanction, evidence };
  } catch {
    // No cause: a parser's message quotes salts.
  }
  throw new CliError('input-invalid', {
    message: `${path} does not hold what a submission kept.`,
    next: 'Give what recourse submit --json printed, or the file of the outbox of your SDK.',
  });
}

/** The evidence of one record of an import file, as its rows name it: bytes that may be those committed to. */
export async function bytesOfRows(path: string, externalId: string): Promise<Uint8Array[]> {
  for await (const group of groupRows(readRows(path))) {
    if (group[0].values.external_id !== externalId) continue;
    const evidence = readEvidence(group, { dir: dirname(path), issues: [] });
    return Promise.all(evidence.map(({ source }) => loaded(source)));
  }
  return [];
}

async function loaded(source: EvidenceSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
