import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromiumFolder, launchFrom } from '../browser/chromium.ts';
import { closeBooks, openBooks } from './books.ts';
import { Deeds } from './deeds.ts';
import type { Counts, Month } from './month.ts';
import { People } from './people.ts';
import { findAgain, importSheets, recordByHand } from './recording.ts';
import { appeal } from './appealing.ts';
import { forgetPassphrase, loseBrowser, namePeople } from './keys.ts';
import { goAway } from './holiday.ts';
import { checkLetter } from './letters.ts';
import { acknowledgeRecalls, decideAppeals, deliverEvidence, takeCases } from './reviewing.ts';
import { letIn, remindPlatform } from './operating.ts';
import { findUnderNewKey, rotate } from './rotating.ts';
import { checkPeople, tellCreators, waitOutHolds } from './telling.ts';
import { startSandbox } from './start-sandbox.ts';

/**
 * `npm run month`: plays a month's work at a sandbox, by the labels that people see. Prints how many clicks, keys and
 * seconds each deed takes, and writes them to `reports/month.json`. It fails where a deed was not done, or something was lost.
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '40' },
    imported: { type: 'string', default: '300' },
    notices: { type: 'string', default: '60' },
    appeals: { type: 'string', default: '20' },
    recalls: { type: 'string', default: '6' },
  },
});

const counts: Counts = {
  records: Number(values.records),
  imported: Number(values.imported),
  notices: Number(values.notices),
  appeals: Number(values.appeals),
  recalls: Number(values.recalls),
};

const seenFolder = 'reports/month';

const deeds = new Deeds();
const sandbox = await startSandbox();
const browser = await launchFrom(await chromiumFolder());
try {
  await play(await gather());
} finally {
  await browser.close();
  await sandbox.stop();
}
mkdirSync('reports', { recursive: true });
writeFileSync('reports/month.json', `${JSON.stringify(deeds.all, undefined, 2)}\n`);
process.exitCode = deeds.print() ? 0 : 1;

async function gather(): Promise<Month> {
  let days = 0;
  const people = new People(browser, sandbox.address, deeds);
  deeds.onFault = (deed) => keepPages(people, deed);
  return {
    counts,
    deeds,
    people,
    hanna: await people.desk('Hanna Brink'),
    jonas: await people.desk('Jonas Visser'),
    maud: await people.desk('Maud Dekker'),
    tom: await people.desk('Tom Adeyemi'),
    aoife: await people.desk('Aoife Byrne'),
    ines: await people.desk('Ines Duarte'),
    yusuf: await people.desk('Yusuf Demir'),
    olu: await people.desk('Olu Mensah'),
    petra: await people.desk('Petra Novak'),
    outside: await people.newcomer(),
    byHand: [],
    imports: { hanna: [], tom: [] },
    creators: [],
    now: () => new Date(Date.now() + days * 86_400_000),
    pass: (passed) => {
      days += passed;
    },
  };
}

async function play(month: Month): Promise<void> {
  const books = await openBooks(month);
  await recordByHand(month);
  await importSheets(month);
  await namePeople(month);
  await goAway(month);
  await tellCreators(month);
  await waitOutHolds(month);
  await checkPeople(month);
  await appeal(month);
  await takeCases(month);
  await deliverEvidence(month);
  await decideAppeals(month);
  await remindPlatform(month);
  await acknowledgeRecalls(month);
  await checkLetter(month);
  await rotate(month);
  await findAgain(month);
  await loseBrowser(month);
  await forgetPassphrase(month);
  await letIn(month);
  await findUnderNewKey(month);
  await closeBooks(month, books);
}

/** Pages as they were when a deed failed, for whoever looks for the reason. */
async function keepPages({ hands }: People, deed: number): Promise<void> {
  mkdirSync(seenFolder, { recursive: true });
  for (const [nth, { page }] of hands.entries()) {
    const path = join(seenFolder, `${deed}-${nth}.png`);
    const said = await page
      .getByRole('main')
      .ariaSnapshot()
      .catch(() => '');
    writeFileSync(join(seenFolder, `${deed}-${nth}.txt`), said);
    await page.screenshot({ path, fullPage: true }).catch(() => {});
  }
}
