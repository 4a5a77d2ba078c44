import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { nameServer, txt } from '../name-server.ts';
import { DeskHome } from './desk-home.ts';

const published = new Map<string, string>();
let names: Awaited<ReturnType<typeof nameServer>>;
let at: DeskHome;

beforeAll(async () => {
  names = await nameServer((name) => {
    const value = published.get(name);
    return value === undefined ? { answers: [] } : txt(name, [value]);
  });
  at = await DeskHome.start({ RECOURSE_DNS_SERVER: names.server });
}, 240_000);
afterAll(async () => {
  await at?.close();
  names?.close();
});

/** Elsewhere a name is looked up: those of a sandbox are reserved. */
async function noSandbox(): Promise<void> {
  const { ownerDb } = at.database.handles();
  await sql`alter table registry_facts disable trigger user`.execute(ownerDb);
  await sql`update registry_facts set value = 'production' where name = 'mode'`.execute(ownerDb);
}

test('the record of a new platform is looked for until it is there, by one press of its operator', async () => {
  const { page, complaints } = await at.openDesk({ of: 'Operator', role: 'operator' });
  await page.clock.install();
  await at.go(page, '/operator/invite');
  const fill = (label: string, text: string) => page.getByLabel(label).fill(text);
  await fill('Legal name', 'Acme');
  await fill('Domain', 'acme.example');
  await fill('Country of its seat', 'de');
  await page.getByLabel('Group', { exact: true }).fill('acme-2');
  await page.getByText('I looked: no state owns or directs it').click();
  await fill('Published policies', 'https://acme.example/rules');
  await fill('Where creators complain', 'help@acme.example');
  await fill('Contact for data protection', 'dpo@acme.example');
  await page.getByRole('button', { name: 'Make the invite' }).click();
  const value = await page.getByText(/^recourse-registration=[\w-]{43}$/).innerText();
  await noSandbox();
  await page.getByRole('button', { name: 'Sign and propose' }).click();
  await page.getByText('The registry does not see this record yet.').waitFor();
  expect(await axeFlaws(page)).toEqual([]);
  expect(names.asked).toEqual(['_recourse.acme.example']);
  await page.clock.runFor(16_000);
  await expect.poll(() => names.asked.length).toBe(2);
  await page.getByText('The registry does not see this record yet.').waitFor();
  published.set('_recourse.acme.example', value);
  await page.clock.runFor(16_000);
  await page.getByText('Proposed. Another operator has to agree.').waitFor();
  const asked = names.asked.length;
  await page.clock.runFor(60_000);
  expect(names.asked.length).toBe(asked);
  expect(complaints).toEqual([]);
}, 120_000);
