import { newId, type Id } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DeskHome } from './desk-home.ts';
import { platformOf } from './members.ts';
import type { Desk } from './open-desk.ts';
import { recordAndTell } from './records.ts';

vi.setConfig({ testTimeout: 240_000 });

let at: DeskHome;
let harbour: Recourse;
let sanction: Id<'snc'>;
let caseCode: string;
let reviewer: Desk;

beforeAll(async () => {
  at = await DeskHome.start();
  harbour = await platformOf(at.server, 'Harbour');
  ({ sanction, caseCode } = await recordAndTell(harbour, 'nobody.looked@mail.example'));
  await suspendedLongAgo();
}, 240_000);
afterAll(() => at?.close());

const dayMs = 86_400_000;
const ago = (days: number): Date => new Date(Date.now() - days * dayMs);
const newItem = (): string =>
  newId('itm', { now: ago(40), random: (bytes) => new Uint8Array(randomBytes(bytes)) });

/** The panel suspended the platform forty days ago, and nobody has examined its record since. */
async function suspendedLongAgo(): Promise<void> {
  const { ownerDb } = at.database.handles();
  const [asked, examined] = [newItem(), newItem()];
  await ownerDb.transaction().execute(async (trx) => {
    await sql`alter table panel_items disable trigger panel_items_majority`.execute(trx);
    await sql`insert into panel_items (id, kind, party, votes, opened_at, due_at, closed_at, closed_by, outcome)
      select ${asked}, 'inquiry', party, 3, ${ago(70)}, ${ago(40)}, ${ago(40)}, 'votes', 'suspend'
      from sanctions where id = ${sanction}`.execute(trx);
    await sql`insert into party_suspensions (party, cause, since, item)
      select party, 'inquiry', ${ago(40)}, ${asked} from sanctions where id = ${sanction}`.execute(
      trx,
    );
    await sql`with r as (insert into reviews (id, sanction) values (${examined}, ${sanction}))
      insert into inspections (id, sanction, why, opened_at, due_at, suspension)
      values (${examined}, ${sanction}, 're-examination', ${ago(40)}, ${ago(10)}, ${asked})`.execute(
      trx,
    );
    await sql`alter table panel_items enable trigger panel_items_majority`.execute(trx);
  });
}

async function go(page: Page, path: string): Promise<string> {
  await page.goto(`${at.server.url}${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return (await page.locator('main').textContent()) ?? '';
}

test('the creator reads that nobody examined the record in time, and what a check hears', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { text } = await at.server.post('/case', `code=${encodeURIComponent(caseCode)}`, {
    headers,
  });
  const said =
    /Nobody examined it by [^.]*\. Until somebody does, platforms that ask are not told/g;
  // At the top, and beside the examination.
  expect(
    text
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
      .match(said),
  ).toHaveLength(2);
  expect(text).not.toContain('Paused');
});

test('the submitter reads it in its standing', async () => {
  const desk = await at.openDesk({ of: 'Harbour', role: 'trust' });
  await go(desk.page, '/desk/#/trust/standing');
  await desk.page.getByText('Nobody examined 1 of your records in time.').waitFor();
  expect(desk.complaints).toEqual([]);
});

test('the reviewer reads it beside the record', async () => {
  reviewer = await at.openDesk({ of: 'Review panel', role: 'reviewer' });
  const { page, complaints } = reviewer;
  await go(page, '/desk/#/review/queue');
  await page.getByRole('button', { name: 'Next case' }).click();
  await page.getByRole('button', { name: 'I know nobody concerned' }).click();
  await page.getByText('Its platform is suspended.').waitFor();
  await page.getByText(/^Nobody examined it in time\. Until you decide/).waitFor();
  expect(complaints).toEqual([]);
});

test('once the suspension is lifted, the creator reads that it counts as before, and no reviewer has it', async () => {
  const { ownerDb } = at.database.handles();
  await sql`update party_suspensions set lifted_at = ${new Date()}`.execute(ownerDb);
  const { page } = reviewer;
  await page.reload();
  await page.getByText('This case is no longer yours.').waitFor();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { text } = await at.server.post('/case', `code=${encodeURIComponent(caseCode)}`, {
    headers,
  });
  const plain = text.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
  expect(plain).toMatch(/the suspension of the platform was lifted.* It counts as before\./);
  expect(plain).not.toContain('Nobody examined it');
});
