import { readFile } from 'node:fs/promises';
import { toDay } from '@recourse/protocol';
import type { Locator, Page } from 'playwright-core';
import { workbookOf } from '@recourse/testkit';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { DeskHome } from './desk-home.ts';
import { platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { daysBefore } from './record-form.ts';
import { chooseTable, importColumns } from './screens.ts';
import { tick } from './tick.ts';

vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;
let desk: Desk;
let page: Page;

beforeAll(async () => {
  at = await DeskHome.start();
  desk = await at.openDesk({ of: 'Tubely', role: 'trust', admin: true });
  page = desk.page;
}, 240_000);
afterAll(() => at?.close());
beforeEach(() => at.go(page, '/trust/import'));

const day = (days: number): string => toDay(daysBefore(new Date(), days));

type Cells = Readonly<Record<string, string>>;

const whole: Cells = {
  reason: 'fraud.phishing',
  action: 'account-terminated',
  incident_from: '2026-02-01',
  incident_to: '2026-02-10',
  decided_at: '2026-02-20',
  kind: 'email',
  identifier: 'dated@mail.example',
  control: 'otp',
  proven_at: '2026-02-05',
  evidence_class: 'captured-artefact',
  evidence_file: 'page.html',
  account: 'Hosted a copy of the login page of a bank.',
  origin: 'own-detection',
  age: 'adult',
};

const linesOf = (rows: readonly Cells[]): string[][] => [
  [...importColumns],
  ...rows.map((over) => importColumns.map((name) => ({ ...whole, ...over })[name] ?? '')),
];

/** Chooses a table of these rows, each whole but for what it says itself. */
async function choose(...rows: Cells[]): Promise<void> {
  const csv = linesOf(rows).map((line) => line.join(','));
  await chooseTable(page, 'export.csv', csv.join('\n'));
  await page.getByRole('row').nth(rows.length).waitFor();
}

const row = (number: number): Locator => page.getByRole('row').nth(number);
const cell = (number: number, column: string): Promise<string> =>
  row(number)
    .getByRole('cell')
    .nth(2 + importColumns.indexOf(column))
    .innerText();
const state = (number: number): Promise<string> => row(number).getByRole('cell').nth(1).innerText();
const order = (name: string | RegExp): Locator => page.getByRole('radio', { name });

test('the grid shows in words the date that will be signed', async () => {
  await choose(
    { decided_at: '2026-03-01' },
    { decided_at: '2026-03-01T23:30-05:00' },
    { decided_at: '25/03/2026' },
  );
  expect(await cell(1, 'decided_at')).toBe('1 March 2026');
  expect(await cell(2, 'decided_at')).toContain('2 March 2026, 04:30 UTC');
  expect(await cell(3, 'decided_at')).toContain('25 March 2026');
  expect(await Promise.all([1, 2, 3].map(state))).toEqual(['Ready', 'Ready', 'Ready']);
});

test('no row is ready before the person chose the order of day and month, once for the file', async () => {
  await choose(
    { incident_to: '2.2.2026', decided_at: '01/03/2026' },
    { incident_to: '3.2.2026', decided_at: '02/03/2026' },
  );
  expect(await Promise.all([1, 2].map(state))).toEqual(['Mend', 'Mend']);
  expect(await page.getByRole('radiogroup').count()).toBe(1);
  await tick(order(/^Day first/));
  expect(await cell(1, 'decided_at')).toContain('1 March 2026');
  expect(await cell(2, 'incident_to')).toContain('3 February 2026');
  expect(await Promise.all([1, 2].map(state))).toEqual(['Ready', 'Ready']);
  await tick(order(/^Month first/));
  expect(await cell(1, 'decided_at')).toContain('3 January 2026');
  expect(await cell(2, 'incident_to')).toContain('2 March 2026');
});

test('one date that is possible in one order alone settles its column, and nobody is asked', async () => {
  await choose({ decided_at: '01/03/2026' }, { decided_at: '25/03/2026' });
  expect(await cell(1, 'decided_at')).toContain('1 March 2026');
  expect(await state(1)).toBe('Ready');
  expect(await page.getByRole('radiogroup').count()).toBe(0);
});

test('a column that is written in both orders is an error of its rows', async () => {
  await choose(
    { decided_at: '01/03/2026' },
    { decided_at: '25/03/2026' },
    { decided_at: '03/25/2026' },
    { decided_at: '2026-03-25' },
  );
  expect(await Promise.all([1, 2, 3, 4].map(state))).toEqual(['Mend', 'Mend', 'Mend', 'Ready']);
  expect(await cell(1, 'decided_at')).toContain('Write them as 2026-03-01');
});

test('what is no date, or has a year of two digits, is an error that says what is allowed', async () => {
  await choose(
    { decided_at: '2026-02-31' },
    { decided_at: '3' },
    { decided_at: 'March' },
    { decided_at: '2026-03-01T12:00' },
    { decided_at: '25/03/26' },
  );
  expect(await Promise.all([1, 2, 3, 4, 5].map(state))).toEqual(
    Array.from({ length: 5 }, () => 'Mend'),
  );
  for (const number of [1, 2, 3, 4]) {
    expect(await cell(number, 'decided_at')).toContain('Write 2026-03-01, 2026-03-01T12:00Z');
  }
  expect(await cell(5, 'decided_at')).toContain('four digits');
});

test('what Excel in Western Europe writes is read: semicolons, and letters of its code page', async () => {
  const account = 'Fälschte die Anmeldeseite; einer Bank.';
  const lines = linesOf([{ account, decided_at: '20.2.2026' }]);
  const csv = lines.map((line) => line.map((cell) => `"${cell}"`).join(';')).join('\r\n');
  await chooseTable(page, 'export.csv', new Uint8Array(Buffer.from(csv, 'latin1')));
  await row(1).waitFor();
  expect(await cell(1, 'account')).toBe(account);
  expect(await state(1)).toBe('Ready');
});

test('the template has every column, so that nobody maps one', async () => {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download a template' }).click();
  const names = (await readFile(await (await saving).path(), 'utf8')).trim().split(',');
  expect(names).toEqual(expect.arrayContaining(importColumns));
});

test('a row whose identifier is none of its kind is not ready', async () => {
  await choose(
    { identifier: 'not an address' },
    { kind: 'phone', identifier: '12' },
    { kind: 'domain', identifier: 'github.io' },
    { kind: 'iban', identifier: 'DE00 0000' },
    { kind: 'phone', identifier: '+31 6 12345678' },
  );
  expect(await Promise.all([1, 2, 3, 4, 5].map(state))).toEqual([
    'Mend',
    'Mend',
    'Mend',
    'Mend',
    'Ready',
  ]);
  expect(await cell(2, 'identifier')).toContain('+31 6 12345678');
});

test('a date of a workbook is the day that its cell shows, and a number is no date', async () => {
  const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const lines = linesOf([{ decided_at: 'date' }, { decided_at: 'number' }]).map((line) =>
    line
      .map((value) => {
        if (value === 'date') return '<c s="1"><v>46082</v></c>';
        return value === 'number' ? '<c><v>46082</v></c>' : text(value);
      })
      .join(''),
  );
  const sheetData = lines.map((line) => `<row>${line}</row>`).join('');
  await chooseTable(page, 'export.xlsx', workbookOf({ sheetData }));
  await row(2).waitFor();
  expect(await cell(1, 'decided_at')).toContain('1 March 2026');
  expect(await Promise.all([1, 2].map(state))).toEqual(['Ready', 'Mend']);
});

test('the date that the grid shows is the date that is signed, and the next file begins anew', async () => {
  // The newest day of the registry that can be read two ways.
  let day = new Date(Date.now() - 86_400_000);
  while (day.getUTCDate() > 12 || day.getUTCDate() === day.getUTCMonth() + 1) {
    day = new Date(day.getTime() - 86_400_000);
  }
  const [date, month] = [day.getUTCDate(), day.getUTCMonth() + 1];
  const written = `${date}.${month}.${day.getUTCFullYear()}`;
  const dates = ['incident_from', 'incident_to', 'decided_at', 'proven_at'];
  const signed = Object.fromEntries(dates.map((name) => [name, written]));
  await choose(signed);
  await tick(order(/^Day first/));
  for (const box of await page.getByRole('checkbox').all()) await tick(box);
  await page.getByRole('button', { name: 'Sign and record 1 of 1 row' }).click();
  const recorded = page.getByRole('link', { name: 'Recorded' });
  await recorded.waitFor({ timeout: 60_000 });
  const sanction = (await recorded.getAttribute('href'))?.split('/').at(-1) ?? '';
  const tubely = await platformOf(at.server, 'Tubely');
  const { result } = await tubely.call('sanctions.get', { sanction: sanction as `snc_${string}` });
  const [, payload = ''] = result.statement.split('.');
  const midnight = Math.floor(day.getTime() / 86_400_000) * 86_400;
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
    incident_from: midnight,
    incident_to: midnight,
    decided_at: midnight,
  });
  await choose({ identifier: 'other@mail.example' });
  expect(await state(1)).toBe('Ready');
});

test('rows beyond the records of a day are drafted, and what is left is a file that says why', async () => {
  const dates = {
    incident_from: day(30),
    incident_to: day(10),
    decided_at: day(5),
    proven_at: day(20),
  };
  const good = Array.from({ length: 24 }, (_, at) => ({
    ...dates,
    identifier: `many.${at}@mail.example`,
  }));
  await choose(...good, { ...dates, kind: 'phone', identifier: '+31' });
  for (const box of await page.getByRole('checkbox').all()) await tick(box);
  await page.getByRole('button', { name: 'Sign and record 24 of 25 rows' }).click();
  const title = page.getByText(/rows? (is|are) recorded, \d+ drafted$/);
  await title.waitFor({ timeout: 100_000 });
  const [recorded, drafted] = [...(await title.innerText()).matchAll(/\d+/g)].map(Number);
  expect(recorded! + drafted!).toBe(24);
  expect(recorded).toBeGreaterThan(0);
  expect(await page.getByRole('link', { name: 'Drafted', exact: true }).count()).toBe(drafted);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download 1 row that was not recorded' }).click();
  const left = await readFile(await (await saving).path(), 'utf8');
  expect(left.trim().split('\n')).toHaveLength(2);
  expect(left).toContain(`"'+31"`);
  expect(left).toContain('identifier: ');
  // All of them rest on one file: to the registry that is one item.
  const tubely = await platformOf(at.server, 'Tubely');
  const links = (await page.getByRole('link', { name: 'Recorded', exact: true }).all()).slice(0, 2);
  const items: unknown[] = [];
  for (const link of links) {
    const sanction = (await link.getAttribute('href'))!.split('/').at(-1) as `snc_${string}`;
    const { result } = await tubely.call('sanctions.get', { sanction });
    const [, payload = ''] = result.statement.split('.');
    items.push(JSON.parse(Buffer.from(payload, 'base64url').toString()).evidence[0].commitment);
  }
  expect(new Set(items).size).toBe(1);
});

test('nothing broke the policy or threw', () => {
  expect(desk.complaints).toEqual([]);
});
