import { Unzip, UnzipInflate } from 'fflate';
import { Parser } from 'saxen';

/** Why a workbook is not read. */
export type SheetFault = 'no-sheet' | 'unpacks-too-large' | 'too-many-rows' | 'too-many-cells';

export type ReadSheet =
  | { readonly rows: readonly (readonly string[])[]; readonly fault?: undefined }
  | { readonly rows?: undefined; readonly fault: SheetFault };

/** Bounds on what is read of a workbook: a small file can unpack to gigabytes. */
export interface SheetBounds {
  readonly rows: number;
  readonly unpackedBytes: number;
}

const mostCells = 2_000_000;
const mostColumns = 200;
const pushedAtOnce = 65_536;

/**
 * The rows of the first sheet, as text: of a formula its value, of a date its day in UTC, empty rows left out. The file is
 * somebody's. Nothing in it is run or followed, and sizes that it states are not believed.
 *
 * Source: ECMA-376, part 1, 18.3.1.4 (cells), 18.8.30 (formats of numbers).
 */
export function readXlsx(bytes: Uint8Array, most: SheetBounds): ReadSheet {
  try {
    const parts = unpacked(bytes, most.unpackedBytes);
    const book = bookIn(parts);
    return {
      rows: rowsIn(textOf(parts, book.sheet), {
        ...book,
        shared: sharedIn(parts),
        mostRows: most.rows,
      }),
    };
  } catch (error) {
    return { fault: error instanceof Refused ? error.fault : 'no-sheet' };
  }
}

class Refused extends Error {
  readonly fault: SheetFault;
  constructor(fault: SheetFault) {
    super(fault);
    this.fault = fault;
  }
}

type Parts = ReadonlyMap<string, string>;

/** The parts that are read. It counts what comes out: a header may state any size. */
function unpacked(bytes: Uint8Array, most: number): Parts {
  const parts = new Map<string, string>();
  let size = 0;
  const unzip = new Unzip((file) => {
    if (
      !/^xl\/(workbook|styles|sharedStrings|worksheets\/[^/]+|_rels\/workbook)\.xml(\.rels)?$/.test(
        file.name,
      )
    )
      return;
    const [decoder, texts] = [new TextDecoder(), new Array<string>()];
    file.ondata = (error, chunk, isLast) => {
      if (error) throw error;
      size += chunk.length;
      if (size > most) throw new Refused('unpacks-too-large');
      texts.push(decoder.decode(chunk, { stream: !isLast }));
      if (isLast) parts.set(file.name, texts.join(''));
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let at = 0; at < bytes.length; at += pushedAtOnce) {
    unzip.push(bytes.subarray(at, at + pushedAtOnce), at + pushedAtOnce >= bytes.length);
  }
  return parts;
}

function textOf(parts: Parts, name: string): string {
  const text = parts.get(name);
  if (text === undefined) throw new Refused('no-sheet');
  return text;
}

interface Book {
  /** Name of the part */
  readonly sheet: string;
  readonly startsAt1904: boolean;
  /** Whether each style shows a number as a date */
  readonly dates: readonly boolean[];
}

function bookIn(parts: Parts): Book {
  const ids: string[] = [];
  let startsAt1904 = false;
  eachTag(textOf(parts, 'xl/workbook.xml'), {
    open: (name, attributeOf) => {
      if (name === 'workbookPr') startsAt1904 = ['1', 'true'].includes(attributeOf('date1904'));
      if (name === 'sheet') ids.push(attributeOf('r:id'));
    },
  });
  const targets = new Map<string, string>();
  eachTag(textOf(parts, 'xl/_rels/workbook.xml.rels'), {
    open: (name, attributeOf) => {
      if (name === 'Relationship') targets.set(attributeOf('Id'), attributeOf('Target'));
    },
  });
  const target = targets.get(ids[0] ?? '') ?? '';
  const sheet = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
  return { sheet, startsAt1904, dates: datesIn(parts.get('xl/styles.xml') ?? '') };
}

/** Formats that every workbook has and none spells out. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) ||
  (id >= 27 && id <= 36) ||
  (id >= 45 && id <= 47) ||
  (id >= 50 && id <= 58);

/** A format shows a date where a letter of one stands outside quotes, brackets and escapes. */
const isDateFormat = (code: string): boolean =>
  /[dmyhs]/i.test(code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\.|_./g, ''));

function datesIn(styles: string): boolean[] {
  const own = new Map<string, boolean>();
  const dates: boolean[] = [];
  let isOfCells = false;
  eachTag(styles, {
    open: (name, attributeOf) => {
      if (name === 'numFmt')
        own.set(attributeOf('numFmtId'), isDateFormat(attributeOf('formatCode')));
      if (name === 'cellXfs') isOfCells = true;
      const id = attributeOf('numFmtId');
      if (name === 'xf' && isOfCells) dates.push(own.get(id) ?? isBuiltInDate(Number(id || 0)));
    },
    close: (name) => {
      if (name === 'cellXfs') isOfCells = false;
    },
  });
  return dates;
}

/** Texts that cells share, without what says how to pronounce them. */
function sharedIn(parts: Parts): string[] {
  const texts: string[] = [];
  let [isText, isSpoken] = [false, false];
  eachTag(parts.get('xl/sharedStrings.xml') ?? '', {
    open: (name) => {
      if (name === 'si') texts.push('');
      if (name === 'rPh') isSpoken = true;
      isText = name === 't' && !isSpoken;
    },
    close: (name) => {
      if (name === 'rPh') isSpoken = false;
      isText = false;
    },
    text: (text) => {
      if (isText) texts.push(`${texts.pop() ?? ''}${text}`);
    },
  });
  return texts;
}

interface Cell {
  readonly column: number;
  readonly type: string;
  readonly style: string;
  text: string;
}

interface SheetContext extends Book {
  readonly shared: readonly string[];
  readonly mostRows: number;
}

function rowsIn(sheet: string, book: SheetContext): string[][] {
  const rows: string[][] = [];
  let [cell, isValue, count]: [Cell | undefined, boolean, number] = [undefined, false, 0];
  let row: string[] = [];
  eachTag(sheet, {
    open: (name, attributeOf) => {
      if (name === 'row') row = [];
      if (name === 'c') {
        // A place far to the right would be a long row of nothing.
        const column = columnOf(attributeOf('r')) ?? row.length;
        cell = { column, type: attributeOf('t') || 'n', style: attributeOf('s'), text: '' };
        if (column >= mostColumns || ++count > mostCells) throw new Refused('too-many-cells');
      }
      isValue = name === 'v' || name === 't';
    },
    close: (name) => {
      isValue = false;
      if (name === 'row' && row.some((text) => text !== '')) rows.push(row);
      if (rows.length > book.mostRows) throw new Refused('too-many-rows');
      if (name !== 'c' || !cell) return;
      while (row.length < cell.column) row.push('');
      row[cell.column] = valueOf(cell, book);
    },
    text: (text) => {
      if (cell && isValue) cell.text += text;
    },
  });
  return rows;
}

/** `B7` is of the column 1. */
function columnOf(place: string): number | undefined {
  const [letters] = /^[A-Z]{1,3}/.exec(place) ?? [];
  return letters === undefined
    ? undefined
    : Array.from(letters).reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) -
        1;
}

function valueOf(cell: Cell, book: SheetContext): string {
  const { type, text } = cell;
  if (type === 's') return book.shared[Number(text)] ?? '';
  if (type === 'b') return text === '1' ? 'true' : 'false';
  // ISO 8601, as strict workbooks have it: without an offset, like every date of a workbook.
  if (type === 'd') return text.replace(/T00:00:00(\.0+)?Z?$/, '').replace(/(T[^Z]*)$/, '$1Z');
  return type === 'n' && text !== '' ? numberOf(cell, book) : text;
}

function numberOf({ style, text }: Cell, { dates, startsAt1904 }: SheetContext): string {
  const value = Number(text);
  if (dates[Number(style || 0)] === true && Number.isFinite(value)) {
    return dateOf(value + (startsAt1904 ? 1462 : 0));
  }
  return /e/i.test(text) ? String(value) : text;
}

const dayMs = 86_400_000;

/**
 * Days since the end of 1899, with a 29 February 1900 that never was. A day without time is written without. Below 1 it
 * is a time of no day, and stays a number.
 */
function dateOf(serial: number): string {
  if (serial < 1 || Math.floor(serial) === 60) return String(serial);
  const days = serial < 60 ? serial + 1 : serial;
  const at = new Date(Date.UTC(1899, 11, 30) + Math.round(days * 86_400) * 1000);
  if (Number.isNaN(at.getTime())) return String(serial);
  const text = at.toISOString();
  return at.getTime() % dayMs === 0 ? text.slice(0, 10) : text.replace('.000Z', 'Z');
}

/** Reads XML tag by tag. It knows no entity of the document's own, and fetches nothing. */
function eachTag(xml: string, { open, close, text }: TagHandlers): void {
  if (xml === '') return;
  const parser = new Parser();
  parser.on('openTag', (name, attributes, decode) => {
    open(localName(name), (wanted) => decode(attributes()[wanted] ?? ''));
  });
  parser.on('closeTag', (name) => close?.(localName(name)));
  parser.on('text', (value, decode) => text?.(decode(value)));
  parser.on('cdata', (value) => text?.(value));
  parser.on('error', () => {
    throw new Refused('no-sheet');
  });
  parser.parse(xml);
}

/** Some programs write `x:row`. */
const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

interface TagHandlers {
  readonly open: (name: string, attributeOf: (attribute: string) => string) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
}
