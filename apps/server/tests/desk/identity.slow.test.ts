import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { DeskHome } from './desk-home.ts';
import type { Desk } from './open-desk.ts';

/** Of everybody whom a sandbox enrols by a link. */
const passphrase = 'sandbox-passphrase';

let at: DeskHome;
let desk: Desk;

beforeAll(async () => {
  at = await DeskHome.start();
  desk = await at.openDesk({ of: 'Tubely', role: 'trust' });
}, 180_000);
afterAll(() => at?.close());

/** The first person of this browser, with a look at what its keys allow. */
const keysHere = (): Promise<unknown> =>
  desk.page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('recourse-desk');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const all = opening.result.transaction('people').objectStore('people').getAll();
      all.onsuccess = async () => {
        const [person] = all.result;
        const tried = await Promise.all(
          Object.values(person.open ?? {}).flatMap((key) =>
            ['jwk', 'pkcs8', 'raw'].map((format) =>
              crypto.subtle.exportKey(format, key).then(() => 'copied', () => 'refused'))),
        );
        resolve({ open: Object.keys(person.open ?? {}), tried: [...new Set(tried)], text: JSON.stringify(person) });
        opening.result.close();
      };
    };
  })`);

const unlock = async (typed: string): Promise<void> => {
  await desk.page.getByLabel('Passphrase').fill(typed);
  await desk.page.getByRole('button', { name: 'Unlock' }).click();
};

/** Has the browser make keys until the name of one, its thumbprint in base64url, begins with a hyphen. */
const hyphenKeys = `{
  const { subtle } = crypto;
  const generate = subtle.generateKey.bind(subtle);
  subtle.generateKey = async (...how) => {
    for (;;) {
      const pair = await generate(...how);
      const { crv, kty, x } = await subtle.exportKey('jwk', pair.publicKey);
      const text = new TextEncoder().encode(JSON.stringify({ crv, kty, x }));
      const [first] = new Uint8Array(await subtle.digest('SHA-256', text));
      if (first >> 2 === 62) return pair;
    }
  };
}`;

const elevenMinutesAgo = `localStorage.setItem('recourse-desk-input', String(Date.now() - 660_000))`;

describe('a browser is enrolled by a link', () => {
  test('and shows who acts, in which role, with which key', async () => {
    const { page } = desk;
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await page.getByText('of Tubely').waitFor();
    const header = await page.getByRole('banner').textContent();
    expect(header).toMatch(/Sample person, trust of Tubely · key ([\w-]{5} ){3}[\w-]{5}/);
    expect(await page.evaluate('location.href')).not.toContain('invite');
  });

  test('asks nothing while its key waits: refused calls are limited by source', () => {
    expect(desk.refused).toEqual([]);
  });

  test('whose keys sign and cannot be copied out of it', async () => {
    const found = await keysHere();
    expect(found).toMatchObject({ open: ['signing', 'storage'], tried: ['refused'] });
    expect((found as { text: string }).text).not.toMatch(/"d":/);
  });

  test('the same link opens the desk again, and no request holds the invite in its address', async () => {
    for (const { url } of desk.sent) expect(url).not.toContain('recourse-invite');
  });
});

test('one whose key begins with a hyphen works like any other', async () => {
  const invite = await at.invite({ of: 'Marketo', role: 'trust' });
  const admit = (): Promise<void> => at.addWaitingKeys('Marketo');
  const { page, context } = await at.openBy(invite, admit, { script: hyphenKeys });
  expect(await page.getByRole('banner').textContent()).toContain('key -');
  await context.close();
});

describe('the desk locks', () => {
  test('ten minutes after the last input, in every tab, and takes the usable keys away', async () => {
    const second = await desk.context.newPage();
    await second.goto(`${at.server.url}/desk/`);
    await second.getByRole('heading', { name: 'Inbox' }).waitFor();
    await desk.page.evaluate(elevenMinutesAgo);
    await desk.page.getByRole('heading', { name: 'The desk is locked' }).waitFor();
    await second.getByRole('heading', { name: 'The desk is locked' }).waitFor();
    expect(await keysHere()).toMatchObject({ open: [] });
    await second.close();
  });

  test('and opens by the passphrase alone', async () => {
    await unlock('not-the-passphrase');
    await desk.page.getByText('This is not the passphrase of this key.').waitFor();
    const ways = desk.page.getByText(
      'Ask an administrator of your party for an invite as yourself',
    );
    await ways.waitFor();
    expect(await axeFlaws(desk.page)).toEqual([]);
    await unlock(passphrase);
    await desk.page.getByRole('heading', { name: 'Inbox' }).waitFor();
    expect(await keysHere()).toMatchObject({ open: ['signing', 'storage'], tried: ['refused'] });
  });

  test('scrolling counts as input', async () => {
    const age = `Date.now() - Number(localStorage.getItem('recourse-desk-input'))`;
    await desk.page.evaluate(
      `localStorage.setItem('recourse-desk-input', String(Date.now() - 300_000))`,
    );
    const scrolled = async (): Promise<unknown> => {
      await desk.page.mouse.wheel(0, 300);
      return desk.page.evaluate(age);
    };
    await expect.poll(scrolled, { timeout: 10_000 }).toBeLessThan(240_000);
    expect(await desk.page.getByRole('heading', { name: 'Inbox' }).count()).toBe(1);
  });

  test('and keeps what was typed, sealed', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: 'New record' }).click();
    await page.getByRole('textbox', { name: 'Account of facts' }).fill('Written before the lock.');
    await page.getByRole('button', { name: 'Lock' }).click();
    await page.getByRole('heading', { name: 'The desk is locked' }).waitFor();
    const stored = await page.evaluate(`new Promise((resolve) => {
      const opening = indexedDB.open('recourse-desk');
      opening.onsuccess = () => {
        const all = opening.result.transaction('kept').objectStore('kept').getAll();
        all.onsuccess = () => {
          const texts = all.result.map((one) =>
            typeof one === 'string' ? one : one.data ? new TextDecoder().decode(one.data) : JSON.stringify(one));
          opening.result.close();
          resolve(texts.join(' '));
        };
      };
    })`);
    expect(stored).not.toContain('Written before');
    await unlock(passphrase);
    const account = page.getByRole('textbox', { name: 'Account of facts' });
    await account.waitFor();
    expect(await account.inputValue()).toBe('Written before the lock.');
  });
});

test('no page broke its policy or threw', () => {
  expect(desk.complaints).toEqual([]);
});

test('a browser whose key was revoked is refused, and is told what to do', async () => {
  const { kid } = (await desk.page.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open('recourse-desk');
    opening.onsuccess = () => {
      const all = opening.result.transaction('people').objectStore('people').getAll();
      all.onsuccess = () => resolve({ kid: all.result[0].kid });
    };
  })`)) as { kid: string };
  const admin = at.server.party('Tubely', 'trust', true);
  const { status } = await at.server.call(admin, 'keys.revoke', { kid, why: 'retired' });
  expect(status).toBe(200);
  await desk.page.goto('about:blank');
  await desk.page.goto(`${at.server.url}/desk/#/trust/records`);
  await desk.page.getByText('The key of this browser is not active.').first().waitFor();
});
