import { workbookOf, workbookOfTexts } from '@recourse/testkit';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readXlsx } from './read-xlsx.ts';

const most = { rows: 1000, unpackedBytes: 1_000_000 };
const cell = (cells: string): string => `<row r="1">${cells}</row>`;
const rowsOf = (sheetData: string, more: { shared?: string[]; is1904?: boolean } = {}) =>
  readXlsx(workbookOf({ sheetData, ...more }), most);

test('cells are read in their columns, shared texts and those of their own, without how they are pronounced', () => {
  const shared = [
    '<t>a &amp; b</t>',
    '<r><t>in </t></r><r><t>parts</t></r><rPh><t>spoken</t></rPh>',
  ];
  const cells =
    '<c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t>own</t></is></c>';
  expect(
    rowsOf(`${cell(cells)}<row r="2"/><row r="3"><c r="AA3" t="b"><v>1</v></c></row>`, { shared }),
  ).toEqual({
    rows: [
      ['a & b', '', 'in parts', 'own'],
      [...Array.from({ length: 26 }, () => ''), 'true'],
    ],
  });
});

test('a formula is read as its value, and never as the formula', () => {
  const cells =
    '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>HYPERLINK("http://x")</f><v>=x</v></c><c r="C1" t="e"><f>A0</f><v>#REF!</v></c>';
  expect(rowsOf(cell(cells))).toEqual({ rows: [['2', '=x', '#REF!']] });
});

test('a number with the format of a date is a day in UTC, with its time where it has one', () => {
  const day = '<c r="A1" s="1"><v>46082</v></c><c r="B1" s="2"><v>46082.5</v></c>';
  const numbers =
    '<c r="C1" s="3"><v>46082</v></c><c r="D1"><v>46082</v></c><c r="E1"><v>1.5E+3</v></c>';
  expect(rowsOf(cell(day + numbers))).toEqual({
    rows: [['2026-03-01', '2026-03-01T12:00:00Z', '46082', '46082', '1500']],
  });
  expect(rowsOf(cell('<c r="A1" s="1"><v>44620</v></c>'), { is1904: true })).toEqual({
    rows: [['2026-03-01']],
  });
});

test('a time of no day and the day that never was stay numbers, and a date in ISO 8601 is one in UTC', () => {
  const numbers =
    '<c r="A1" s="2"><v>0.5</v></c><c r="B1" s="1"><v>60</v></c><c r="C1" s="1"><v>61</v></c>';
  const texts = ['2026-03-01', '2026-03-01T00:00:00', '2026-03-01T12:30:00', '2026-03-01T12:30Z']
    .map((text) => `<c t="d"><v>${text}</v></c>`)
    .join('');
  expect(rowsOf(cell(numbers + texts))).toEqual({
    rows: [
      [
        '0.5',
        '60',
        '1900-03-01',
        '2026-03-01',
        '2026-03-01',
        '2026-03-01T12:30:00Z',
        '2026-03-01T12:30Z',
      ],
    ],
  });
});

test('what is no workbook is refused, and a part outside of it is not read', () => {
  const text = new TextEncoder().encode('<x/>');
  for (const bytes of [
    text,
    new Uint8Array(),
    zipSync({ 'a.xml': text }),
    zipSync({ 'xl/workbook.xml': text }),
  ]) {
    expect(readXlsx(bytes, most)).toEqual({ fault: 'no-sheet' });
  }
  const cut = workbookOfTexts([['a']]);
  expect(readXlsx(cut.subarray(0, cut.length / 2), most)).toEqual({ fault: 'no-sheet' });
});

test('an entity of the document stays text: nothing unfolds', () => {
  const sheet = cell('<c t="inlineStr"><is><t>&bomb;</t></is></c>');
  const { rows } = rowsOf(`<!DOCTYPE x [<!ENTITY bomb "boom">]>${sheet}`);
  expect(JSON.stringify(rows)).not.toContain('boom');
});

test('a file that unpacks to more than may be is refused, whatever size it states', () => {
  const bomb = workbookOf({ sheetData: cell(' '.repeat(1_100_000)) });
  expect(bomb.length).toBeLessThan(10_000);
  // Each header of the archive states the sizes of its part, and may lie.
  const view = new DataView(bomb.buffer, bomb.byteOffset, bomb.length);
  for (let at = 0; at < bomb.length - 30; at++) {
    const signature = view.getUint32(at, true);
    if (signature === 0x04034b50) view.setUint32(at + 22, 10, true);
    if (signature === 0x02014b50) view.setUint32(at + 24, 10, true);
  }
  expect(readXlsx(bomb, most)).toEqual({ fault: 'unpacks-too-large' });
});

test('a sheet of too many rows, or of a cell far to the right, is refused', () => {
  const row = '<row><c t="b"><v>1</v></c></row>';
  expect(rowsOf(row.repeat(most.rows + 1))).toEqual({ fault: 'too-many-rows' });
  expect(rowsOf(cell('<c r="XFD1"><v>1</v></c>'))).toEqual({ fault: 'too-many-cells' });
});
