import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFlaws } from './axe.ts';
import { DeskHome } from './open-desk.ts';

let at: DeskHome;

beforeAll(async () => {
  at = await DeskHome.start();
}, 180_000);
afterAll(() => at?.close());

describe('a browser is enrolled by a link', () => {
  test('and shows who acts, in which role, with which key', async () => {
    const { page, complaints } = await at.openDesk({ of: 'Tubely', role: 'trust' });
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await page.getByText('of Tubely').waitFor();
    const header = await page.getByRole('banner').textContent();
    expect(header).toMatch(/Sample person, trust of Tubely · key ([\w-]{5} ){3}[\w-]{5}/);
    expect(await page.evaluate('location.href')).not.toContain('invite');
    expect(await axeFlaws(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
