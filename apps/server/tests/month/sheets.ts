import { workbookOf } from '@recourse/testkit';
import type { ChosenFile } from './hand.ts';

// What a house tool exports: every row rests on the same file, so that to the registry it is one item.

const dayMs = 86_400_000;

const columns = [
  'reason',
  'action',
  'incident_from',
  'incident_to',
  'decided_at',
  'kind',
  'identifier',
  'control',
  'proven_at',
  'evidence_class',
  'evidence_file',
  'account',
  'origin',
  'age',
] as const;

export interface Sheet {
  readonly file: ChosenFile;
  readonly evidence: ChosenFile;
  readonly addresses: readonly string[];
}

interface Export {
  /** In front of the addresses */
  readonly name: string;
  readonly rows: number;
  readonly now: Date;
}

/** As Excel saves a CSV in Germany: semicolons, days first, and letters of its code page. */
export function csvSheet({ name, rows, now }: Export): Sheet {
  const addresses = addressesOf(name, rows);
  const lines = [
    columns.join(';'),
    ...addresses.map((address) => {
      const row = rowOf(address, now);
      return columns.map((column) => textOf(row[column])).join(';');
    }),
  ];
  const buffer = Buffer.from(lines.join('\r\n'), 'latin1');
  return { file: { name: `${name}.csv`, mimeType: 'text/csv', buffer }, evidence, addresses };
}

/** A workbook, with dates as Excel keeps them. */
export function xlsxSheet({ name, rows, now }: Export): Sheet {
  const addresses = addressesOf(name, rows);
  const lines = [
    columns.map((column) => inline(column)),
    ...addresses.map((address) => {
      const row = rowOf(address, now);
      return columns.map((column) => {
        const value = row[column];
        return value instanceof Date ? `<c s="1"><v>${serialOf(value)}</v></c>` : inline(value);
      });
    }),
  ];
  const sheetData = lines.map((cells) => `<row>${cells.join('')}</row>`).join('');
  const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  const buffer = Buffer.from(workbookOf({ sheetData }));
  return { file: { name: `${name}.xlsx`, mimeType, buffer }, evidence, addresses };
}

export const evidence: ChosenFile = {
  name: 'page.html',
  mimeType: 'text/html',
  buffer: Buffer.from('<p>A copy of the login page of a bank</p>'),
};

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * dayMs);

const addressesOf = (name: string, rows: number): string[] =>
  Array.from({ length: rows }, (_, at) => `${name}.${at + 1}@mail.example`);

type Row = Readonly<Record<(typeof columns)[number], string | Date>>;

const rowOf = (identifier: string, now: Date): Row => ({
  reason: 'fraud.phishing',
  action: 'account-terminated',
  incident_from: daysBefore(now, 30),
  incident_to: daysBefore(now, 18),
  decided_at: daysBefore(now, 5),
  kind: 'email',
  identifier,
  control: 'otp',
  proven_at: daysBefore(now, 24),
  evidence_class: 'captured-artefact',
  evidence_file: evidence.name,
  account: 'Fälschte die Anmeldeseite einer Bank.',
  origin: 'own-detection',
  age: 'adult',
});

const textOf = (value: string | Date): string =>
  value instanceof Date
    ? `${value.getUTCDate()}.${value.getUTCMonth() + 1}.${value.getUTCFullYear()}`
    : value;

const inline = (text: string | Date): string =>
  `<c t="inlineStr"><is><t>${textOf(text)}</t></is></c>`;

/** Days since the end of 1899, as Excel counts. */
const serialOf = (day: Date): number => Math.floor(day.getTime() / dayMs) + 25_569;
