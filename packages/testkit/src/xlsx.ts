import { zipSync } from 'fflate';

const encoder = new TextEncoder();
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

/** Cells as XML: a style 1 is a day, a style 2 a day with its time, a style 3 an amount of money. */
export interface WorkbookOptions {
  /** Content of the one sheet between `<sheetData>` and its end */
  readonly sheetData: string;
  readonly shared?: readonly string[];
  readonly is1904?: boolean;
}

/** A workbook as a spreadsheet program packs it. */
export const workbookOf = ({
  sheetData,
  shared = [],
  is1904 = false,
}: WorkbookOptions): Uint8Array =>
  zipSync({
    'xl/workbook.xml': encoder.encode(
      `<workbook xmlns="${main}"><workbookPr date1904="${is1904 ? 1 : 0}"/><sheets><sheet name="Export" sheetId="1" r:id="rId4"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': encoder.encode(
      '<Relationships><Relationship Id="rId4" Target="worksheets/sheet1.xml"/></Relationships>',
    ),
    'xl/styles.xml': encoder.encode(
      `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/><numFmt numFmtId="165" formatCode="&quot;days&quot;\\ 0.00"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
    ),
    'xl/sharedStrings.xml': encoder.encode(
      `<sst>${shared.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    ),
    'xl/worksheets/sheet1.xml': encoder.encode(
      `<x:worksheet xmlns:x="${main}"><x:sheetData>${sheetData}</x:sheetData></x:worksheet>`,
    ),
  });

/** A workbook of texts alone. */
export const workbookOfTexts = (rows: readonly (readonly string[])[]): Uint8Array =>
  workbookOf({
    sheetData: rows
      .map(
        (row) =>
          `<row>${row.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`,
      )
      .join(''),
  });
