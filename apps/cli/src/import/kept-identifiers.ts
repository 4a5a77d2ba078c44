import { createReadStream } from 'node:fs';
import { identifierKinds, type IdentifierKind } from '@recourse/protocol';
import { parse } from 'csv-parse';
import type { Creator } from '@recourse/sdk';
import { CliError } from '../errors.ts';
import { unreadable } from '../profile/private-file.ts';
import { linesIn, parsed } from './read-rows.ts';

type NamedIdentifiers = Partial<Record<IdentifierKind, string[]>>;

/** The identifiers of each record, by its sanction or the platform's own case id. */
export type KeptIdentifiers = ReadonlyMap<string, Creator<string>>;

/**
 * Reads which identifiers belong to which record: rows with `sanction` or `ref`, `kind` and `identifier`, one identifier a
 * row. Other columns are ignored, so that a file of an import serves once it names the sanctions.
 * @throws CliError `file-unreadable`, `input-invalid`; nothing of what was read is quoted
 */
export async function readKeptIdentifiers(path: string): Promise<KeptIdentifiers> {
  const identifiers = new Map<string, NamedIdentifiers>();
  let line = 0;
  try {
    for await (const row of path.endsWith('.csv') ? csvRows(path) : jsonRows(path)) {
      line += 1;
      add(identifiers, row, line);
    }
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(path, error);
  }
  return identifiers;
}

function add(
  identifiers: Map<string, NamedIdentifiers>,
  row: Readonly<Record<string, unknown>>,
  line: number,
): void {
  const kind = identifierKinds.find((kind) => kind === row['kind']);
  const value = textOf(row['identifier']);
  const names = [row['sanction'], row['ref']].map(textOf).filter((name) => name !== '');
  if (!kind || value === '' || names.length === 0) throw invalid(line);
  for (const name of names) {
    const named = identifiers.get(name) ?? {};
    identifiers.set(name, named);
    (named[kind] ??= []).push(value);
  }
}

async function* csvRows(path: string): AsyncGenerator<Record<string, unknown>> {
  const file = createReadStream(path);
  const parser = parse({ bom: true, columns: true, skip_empty_lines: true, trim: true });
  file.on('error', (error) => parser.destroy(error));
  yield* file.pipe(parser) as AsyncIterable<Record<string, unknown>>;
}

async function* jsonRows(path: string): AsyncGenerator<Record<string, unknown>> {
  for await (const { text } of linesIn(path)) {
    if (text.trim() !== '') yield { ...(parsed(text) as object | null | undefined) };
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

const invalid = (line: number): CliError =>
  new CliError('input-invalid', {
    message: `Record ${line} of the file does not say whose identifier it is, or which.`,
    next: `Give each row sanction or ref, kind (${identifierKinds.join(', ')}) and identifier.`,
  });
