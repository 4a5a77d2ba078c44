import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parse, type CsvError } from 'csv-parse';
import { CliError } from '../errors.ts';
import { unreadable } from '../profile/private-file.ts';
import { columns, isColumn, requiredColumns, type Column, type Row } from './columns.ts';

/** Reads the rows of a file one by one, however large it is. @throws CliError `file-unreadable`, `input-invalid` */
export async function* readRows(path: string): AsyncGenerator<Row> {
  const rows = path.endsWith('.csv') ? readCsv(path) : readNdjson(path);
  try {
    yield* rows;
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(path, error);
  }
}

export const isImportFile = (path: string): boolean => /\.(csv|ndjson|jsonl)$/.test(path);

interface CsvRecord {
  readonly record: string[];
  readonly info: { readonly lines: number; readonly bytes: number };
}

/** A row larger than this is a quote that was never closed. */
const maxRowBytes = 256 * 1024;

async function* readCsv(path: string): AsyncGenerator<Row> {
  const skipped: Row[] = [];
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: maxRowBytes,
    on_skip: (error) => {
      skipped.push(brokenRow(error));
      return undefined;
    },
  });
  const file = createReadStream(path);
  file.on('error', (error) => parser.destroy(error));
  file.pipe(parser);
  let header: Column[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      // The parser reads ahead: what it skipped further down waits for its turn.
      while ((skipped[0]?.line ?? Infinity) < info.lines) yield* skipped.splice(0, 1);
      if (header) yield rowOf(header, record, info);
      else header = readHeader(record);
    }
  } finally {
    file.destroy();
  }
  yield* skipped.splice(0);
  if (!header) throw noHeader([...requiredColumns]);
}

/** The error of the parser quotes the record, which holds an identifier: only its code and line go on. */
function brokenRow(error: CsvError | undefined): Row {
  const { lines, bytes } = (error ?? {}) as { lines?: unknown; bytes?: unknown };
  const code = (error?.code ?? 'broken').toLowerCase().replaceAll('_', '-');
  return { line: Number(lines ?? 0), position: Number(bytes ?? 0), values: {}, broken: code };
}

function readHeader(names: readonly string[]): Column[] {
  const header = names.map((name) => name.trim());
  const unknown = header.filter((name) => !isColumn(name));
  if (unknown.length > 0) {
    throw new CliError('input-invalid', {
      message: `The file has ${unknown.length} columns that are not known, the first is column ${header.indexOf(unknown[0] ?? '') + 1}.`,
      next: `Columns are: ${columns.join(', ')}. Leave out or rename the others.`,
    });
  }
  const missing = requiredColumns.filter((name) => !header.includes(name));
  if (missing.length > 0) throw noHeader(missing);
  return header.filter(isColumn);
}

const noHeader = (missing: readonly string[]): CliError =>
  new CliError('input-invalid', {
    message: `The first line must name the columns; missing: ${missing.join(', ')}.`,
    next: 'Add them. Each record states them: none of them has a default.',
  });

function rowOf(header: readonly Column[], record: readonly string[], info: CsvRecord['info']): Row {
  const at = { line: info.lines, position: info.bytes };
  if (record.length !== header.length) return { ...at, values: {}, broken: 'column-count' };
  return { ...at, values: stated(header.map((name, index) => [name, record[index]])) };
}

async function* readNdjson(path: string): AsyncGenerator<Row> {
  for await (const { text, ...at } of linesIn(path)) {
    if (text.trim() !== '') yield { ...at, ...jsonRow(text) };
  }
}

/** The lines of a file, each with the bytes up to its end. */
export async function* linesIn(
  path: string,
): AsyncGenerator<{ text: string; line: number; position: number }> {
  const file = createReadStream(path);
  let line = 0;
  let position = 0;
  try {
    for await (const text of createInterface({ input: file, crlfDelay: Infinity })) {
      line += 1;
      position += Buffer.byteLength(text) + 1;
      yield { text, line, position };
    }
  } finally {
    file.destroy();
  }
}

/** A member that is itself an object is no cell: what it would print as is refused by its column. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** One JSON object with the columns as members. */
export function jsonRow(text: string): Pick<Row, 'values' | 'broken'> {
  const json = parsed(text);
  if (json === undefined) return { values: {}, broken: 'not-json' };
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { values: {}, broken: 'not-an-object' };
  }
  const members = Object.entries(json);
  if (members.some(([name]) => !isColumn(name))) return { values: {}, broken: 'unknown-column' };
  return { values: stated(members) };
}

/** Undefined where it is no JSON, whose error would quote it. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function stated(members: readonly (readonly [string, unknown])[]): Row['values'] {
  const texts = members.flatMap(([name, value]) => {
    if (value === undefined || value === null) return [];
    const text = Array.isArray(value) ? value.join(' ') : textOf(value);
    return text.trim() === '' ? [] : [[name, text.trim()] as const];
  });
  return Object.fromEntries(texts);
}

/** The adjacent rows of one `external_id`: one sanction with one or several identifiers. */
export type RowGroup = readonly [Row, ...Row[]];

export async function* groupRows(rows: AsyncIterable<Row>): AsyncGenerator<RowGroup> {
  let group: [Row, ...Row[]] | undefined;
  for await (const row of rows) {
    if (group && belongs(row, group[0])) group.push(row);
    else {
      if (group) yield group;
      group = [row];
    }
  }
  if (group) yield group;
}

/** A row that cannot be read, or names no record, stands alone. */
function belongs(row: Row, first: Row): boolean {
  const id = row.values.external_id;
  return id !== undefined && id === first.values.external_id && !row.broken && !first.broken;
}
