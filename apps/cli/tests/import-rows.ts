import { writeFileSync } from 'node:fs';
import { columns, type Column } from '../src/import/columns.ts';

export type TestRow = Partial<Record<Column, string>>;

const dayMs = 86_400_000;
export const daysAgo = (days: number): string =>
  new Date(Math.floor(Date.now() / 1000) * 1000 - days * dayMs).toISOString();

/** A row that is in order; numbers make ids and identifiers. */
export const row = (n: number, overrides: TestRow = {}): TestRow => ({
  external_id: `case-${n}`,
  reason: 'fraud.phishing',
  action: 'account-terminated',
  incident_from: daysAgo(20),
  incident_to: daysAgo(10),
  decided_at: daysAgo(5),
  decided_by: 'human',
  kind: 'domain',
  identifier: `listed-${n}.example`,
  control: 'dns',
  proven_at: daysAgo(30),
  evidence_class: 'captured-artefact',
  evidence_text: `GET / of site ${n}: a page that asks for a seed phrase`,
  account: 'A counterfeit login page was served from this domain.',
  policy: '0',
  age: 'unknown',
  origin: 'own-detection',
  attest: 'no-authority no-takeover',
  ...overrides,
});

export function writeCsv(
  path: string,
  rows: readonly TestRow[],
  extra: readonly string[] = [],
): void {
  const cell = (text = ''): string => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map((row) => columns.map((name) => cell(row[name])).join(','));
  writeFileSync(path, [columns.join(','), ...lines, ...extra, ''].join('\n'));
}

export const writeNdjson = (path: string, rows: readonly TestRow[]): void =>
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
