import type { FileRow } from './columns.ts';
import type { SheetFault } from './read-xlsx.ts';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly FileRow[];
}

export type ReadTable =
  | { readonly table: Table; readonly fault?: undefined }
  | { readonly fault: string };

const mostBytes = 20_000_000;
const mostUnpacked = 100_000_000;
const mostRows = 50_000;

/** A CSV, or the first sheet of an XLSX, as rows under the names of its first line. What reads it is loaded then. */
export async function readTable(file: File): Promise<ReadTable> {
  if (file.size > mostBytes) return { fault: 'The file is larger than 20 MB. Split it.' };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { rows, fault } = isZip(bytes) ? await fromXlsx(bytes) : await fromCsv(bytes);
  if (fault !== undefined) return { fault };
  const [names = [], ...body] = rows;
  if (body.length > mostRows) return { fault: tooMany };
  const columns = [...new Set(names.map((name) => name.trim()).filter(Boolean))];
  if (columns.length === 0 || body.length === 0) return { fault: notATable };
  return { table: { columns, rows: body.map((row) => rowOf(names, row)) } };
}

type Lines =
  | { rows: readonly (readonly string[])[]; fault?: undefined }
  | { rows?: undefined; fault: string };

const tooMany = 'The file has more than 50,000 rows. Split it.';
const notATable =
  'This file has no line of column names with rows below. Save it as XLSX, or as CSV.';

/** The mark by which what would be a formula is text */
const guarded = /^'(?=[=+\-@])/;

/** A name of a column may be that of anything: each is a member of the row's own. */
const rowOf = (names: readonly string[], cells: readonly string[]): FileRow =>
  Object.fromEntries(
    names.map((name, index) => [name.trim(), (cells[index] ?? '').replace(guarded, '')]),
  );

const isZip = ([first, second]: Uint8Array): boolean => first === 0x50 && second === 0x4b;

const faultTexts: Readonly<Record<SheetFault, string>> = {
  'no-sheet': notATable,
  'too-many-rows': tooMany,
  'unpacks-too-large': 'The file unpacks to more than 100 MB. Save it as CSV in UTF-8.',
  'too-many-cells':
    'The sheet has more than 200 columns or two million cells. Delete what is not needed.',
};

async function fromXlsx(bytes: Uint8Array): Promise<Lines> {
  const { readXlsx } = await import('./read-xlsx.ts');
  const { rows, fault } = readXlsx(bytes, { rows: mostRows + 1, unpackedBytes: mostUnpacked });
  return fault === undefined ? { rows } : { fault: faultTexts[fault] };
}

/** UTF-8, or what Excel writes in Western Europe. No text of that code page is UTF-8 unless it is plain ASCII. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    if (bytes.includes(0)) throw new TypeError('binary');
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Where a comma separates decimals, Excel separates cells by semicolons. The line of names says which. */
const delimiterOf = (names: string): string => {
  const count = (one: string): number => names.split(one).length;
  return [',', ';', '\t'].reduce((most, one) => (count(one) > count(most) ? one : most));
};

async function fromCsv(bytes: Uint8Array): Promise<Lines> {
  const { parse } = await import('csv-parse/browser/esm/sync');
  try {
    const text = textOf(bytes);
    const delimiter = delimiterOf(text.slice(0, text.search(/[\r\n]|$/)));
    return { rows: parse(text, { bom: true, skip_empty_lines: true, delimiter }) };
  } catch {
    return { fault: notATable };
  }
}
