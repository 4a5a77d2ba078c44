import { longMs, type Hand } from './hand.ts';
import type { Month } from './month.ts';
import { csvSheet, daysBefore, evidence, xlsxSheet, type Sheet } from './sheets.ts';

/** Each analyst records some, and has the registry write to each creator. */
export async function recordByHand(month: Month): Promise<void> {
  const { counts, deeds, hanna, jonas, tom, aoife } = month;
  const analysts = [hanna, jonas, tom, aoife];
  await deeds.play('records by hand, each with its notice', counts.records, async (done) => {
    for (let nth = 1; nth <= counts.records; nth += 1) {
      const by = analysts[nth % analysts.length] ?? hanna;
      const address = `by.hand.${nth}@mail.example`;
      const colleague = analysts[(nth % analysts.length) ^ 1] ?? jonas;
      await record(by, { address, ref: `case/${nth}`, now: month.now(), colleague });
      month.byHand.push(address);
      done();
    }
  });
}

interface ByHand {
  readonly address: string;
  readonly ref: string;
  readonly now: Date;
  /** Confirms what is beyond the records of a day */
  readonly colleague: Hand;
}

async function record(by: Hand, { address, ref, now, colleague }: ByHand): Promise<void> {
  await by.wake();
  await by.click('link', 'New record');
  await by.at('New record');
  await by.tick('radio', /Phishing/);
  await by.type('Identifier', address, { exact: true });
  await by.typeDay('When control was proven', daysBefore(now, 20));
  await by.chooseFile('Choose files', evidence);
  await by.typeDay('The incident began', daysBefore(now, 30));
  await by.typeDay('The incident ended', daysBefore(now, 10));
  await by.choose('What you did on your own service', 'Account terminated');
  await by.type('Account of facts', 'Hosted a copy of the login page of a bank.');
  await by.tick('radio', 'Our own detection');
  await by.tick('radio', 'Adult');
  await by.tick('checkbox', /No public body/);
  await by.tick('checkbox', /We looked/);
  await by.type('Your own case id', ref);
  await by.reads('Each comes back 24 hours after it was made.').waitFor();
  if (await by.find('button', 'Sign and record').isVisible()) {
    await by.click('button', 'Sign and record');
    await tell(by);
  } else {
    await by.click('button', 'Draft for a colleague to confirm');
    await by.page.getByRole('heading', { name: 'New record' }).waitFor({ state: 'detached' });
    await confirmDraft(colleague);
    await tell(colleague);
  }
}

async function confirmDraft(by: Hand): Promise<void> {
  await by.wake();
  await by.click('link', /^Inbox/);
  await by.sees(by.find('link', 'Confirm or return'));
  await by.click('link', 'Confirm or return');
  await by.click('button', 'Confirm', { exact: true });
  await by.click('link', 'Send the notice');
}

async function tell(by: Hand): Promise<void> {
  await by.at('Notice to the creator');
  await by.click('button', 'Have the registry write');
  await by.reads('the creator was told').waitFor();
}

/** Half of it is a CSV of Harbour, half a workbook of Tubely. Beyond the records of a day it takes a colleague. */
export async function importSheets(month: Month): Promise<void> {
  const { counts, deeds, hanna, jonas, tom, aoife, imports } = month;
  const half = Math.ceil(counts.imported / 2);
  const rest = counts.imported - half;
  await deeds.play('records by a CSV with semicolons', half, async (done) => {
    const sheet = csvSheet({ name: 'csv', rows: half, now: month.now() });
    await importSheet(hanna, jonas, sheet);
    imports.hanna.push(...sheet.addresses);
    done(half);
  });
  if (rest === 0) return;
  await deeds.play('records by an XLSX', rest, async (done) => {
    const sheet = xlsxSheet({ name: 'xlsx', rows: rest, now: month.now() });
    await importSheet(tom, aoife, sheet);
    imports.tom.push(...sheet.addresses);
    done(rest);
  });
}

const inWords = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

async function importSheet(by: Hand, colleague: Hand, sheet: Sheet): Promise<void> {
  const count = sheet.addresses.length;
  await by.wake();
  await by.click('link', 'Records');
  await by.click('link', 'Import');
  await by.chooseFile('Choose a CSV or XLSX', sheet.file);
  await by.chooseFile('Add the files of evidence', sheet.evidence);
  const asked = by.find('radio', /^Day first/);
  await by
    .reads(/^Ready$/)
    .or(asked)
    .waitFor();
  if (await asked.isVisible()) await by.tick('radio', /^Day first/);
  await by.reads(/^Ready$/).waitFor();
  await by.tick('checkbox', /No public body/);
  await by.tick('checkbox', /We looked/);
  await by.tick('checkbox', /A person of our team decided each/);
  await by.click('button', `Sign and record ${count} of ${inWords(count, 'row')}`);
  const said = by.reads(/rows? (is|are) recorded/);
  await said.waitFor({ timeout: longMs });
  const drafted = Number(/(\d+) drafted/.exec(await said.innerText())?.[1] ?? 0);
  if (drafted > 0) await confirmDrafts(colleague, drafted);
}

async function confirmDrafts(by: Hand, count: number): Promise<void> {
  await by.wake();
  await by.click('link', /^Inbox/);
  await by.sees(by.find('button', `Choose ${inWords(count, 'draft')}`));
  await by.click('button', `Choose ${inWords(count, 'draft')}`);
  await by.click('button', `Confirm (${count})`);
  await by.tick('checkbox', 'I read it, and have seen the evidence');
  await by.click('button', `Confirm ${inWords(count, 'draft')}`);
  await by.reads(/^Done: /).waitFor({ timeout: longMs });
}

/** What an analyst recorded is found by its identifier in their browser: nothing was lost. */
export async function findAgain({ deeds, byHand, imports, ...people }: Month): Promise<void> {
  const { hanna, jonas, tom, aoife } = people;
  const analysts = [hanna, jonas, tom, aoife];
  const ends = (all: readonly string[]): string[] => [...all.slice(0, 2), ...all.slice(-2)];
  const sought = [
    ...byHand.map(
      (address, at) => [analysts[(at + 1) % analysts.length] ?? hanna, address] as const,
    ),
    ...ends(imports.hanna).map((address) => [hanna, address] as const),
    ...ends(imports.tom).map((address) => [tom, address] as const),
  ];
  await deeds.play('records found again by identifier', sought.length, async (done) => {
    for (const [by, address] of sought) {
      await by.wake();
      await by.click('link', 'Records');
      await by.type('Reference, record id or identifier', address);
      await by.click('button', 'Find');
      await by.page.getByRole('row', { name: address }).first().waitFor();
      done();
    }
  });
}
