import { randomBytes } from 'node:crypto';
import { newCaseSecret, type Id } from '@recourse/protocol';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DeskHome } from './desk-home.ts';
import { creatorsOf, platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { recordAndTell } from './records.ts';
import { tick } from './tick.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Would run if a page took it for markup. Each field has its own. */
const hostile = (field: string): string =>
  `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> ${field}`;

let at: DeskHome;
let desks: Record<'platform' | 'reviewer' | 'creator', Desk>;
let appeal: Id<'apl'>;
let key: string;

beforeAll(async () => {
  at = await DeskHome.start();
  const harbour = await platformOf(at.server, 'Harbour');
  const source = Buffer.from(hostile('evidence'));
  const evidence = [{ class: 'captured-artefact' as const, source }];
  const more = { account: hostile('account'), evidence };
  const record = await recordAndTell(harbour, 'hostile.words@mail.example', more);
  const cases = creatorsOf(at.server);
  key = newCaseSecret((size) => randomBytes(size));
  await cases.claim({ code: record.caseCode, newKey: key });
  const claim = { ground: 'facts-wrong', words: hostile('words'), language: 'en' } as const;
  appeal = (await cases.call('appeal', { key, ...claim })).result.appeal;
  await cases.call('addInformation', { key, text: hostile('information') });
  const code = newCaseSecret((size) => randomBytes(size));
  const name = '<script>window.pwned=1</script> a name';
  await cases.call('invite', { key, code, name, as: 'representative' });
  desks = {
    platform: await at.openDesk({ of: 'Harbour', role: 'trust' }),
    reviewer: await at.openDesk({ of: 'Review panel', role: 'reviewer' }),
    creator: await at.profile(),
  };
  await takeAndAsk(desks.reviewer.page);
  await harbour.appeals.stand({ appeal, text: hostile('response') });
  const [opening] = record.evidence;
  if (opening) await harbour.evidence.deliver({ appeal, evidence: [{ source, opening }] });
  const { result } = await harbour.call('appeals.get', { appeal }, { as: 'trust' });
  const question = 'questions' in result ? result.questions[0]?.question : undefined;
  await cases.call('addInformation', {
    key,
    text: hostile('reply'),
    ...(question && { question }),
  });
}, 300_000);
afterAll(() => at?.close());

async function takeAndAsk(page: Page): Promise<void> {
  await page.goto(`${at.server.url}/desk/#/review/queue`);
  await page.getByRole('button', { name: 'Next case' }).click();
  await page.getByRole('button', { name: 'I know nobody concerned' }).click();
  await page.getByRole('button', { name: 'Ask the creator, or tell the gist' }).click();
  await tick(page.getByRole('radio', { name: 'A question' }));
  await page.getByRole('textbox', { name: 'Text for the creator' }).fill(hostile('question'));
  await page.getByRole('button', { name: 'Send to the creator' }).click();
  await page
    .getByText(/^Sent in the appeal against “.* of Harbour: the creator has until/)
    .waitFor();
}

const pages = {
  platform: async (page: Page) => {
    await page.goto(`${at.server.url}/desk/#/trust/appeals/${appeal}`);
    await page.reload();
  },
  reviewer: async (page: Page) => {
    await page.goto(`${at.server.url}/desk/#/review/cases/${appeal}`);
    await page.reload();
    await page.getByText('✓ Digest fits').waitFor();
  },
  creator: async (page: Page, part?: string) => {
    await page.goto(`${at.server.url}/case`);
    await page.locator('#case-code').fill(key);
    await page.getByRole('button', { name: 'Open the case' }).click();
    if (part) await page.locator(`nav.parts button[value=${part}]`).click();
  },
} as const;

/** Every text that a creator, a platform or a reviewer can enter, and who reads it where. */
const fields: readonly [field: string, reader: keyof typeof pages, part?: string][] = [
  ['words', 'platform'],
  ['question', 'platform'],
  ['reply', 'platform'],
  ['response', 'platform'],
  ['words', 'reviewer'],
  ['information', 'reviewer'],
  ['account', 'reviewer'],
  ['evidence', 'reviewer'],
  ['question', 'reviewer'],
  ['reply', 'reviewer'],
  ['response', 'reviewer'],
  ['account', 'creator'],
  ['words', 'creator', 'appeal'],
  ['question', 'creator', 'appeal'],
  ['a name', 'creator', 'access'],
];

test.each(fields)('%s is text for the %s', async (field, reader, part) => {
  const { page, complaints } = desks[reader];
  await pages[reader](page, part);
  await page.getByText(`</script> ${field}`).first().waitFor();
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  expect(await page.locator('img[src=x], main script').count()).toBe(0);
  expect(complaints).toEqual([]);
});
