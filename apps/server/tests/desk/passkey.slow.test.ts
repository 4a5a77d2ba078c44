import { readFileSync } from 'node:fs';
import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFlaws } from '../browser/axe.ts';
import { DeskHome } from './desk-home.ts';
import type { Desk } from './open-desk.ts';
import { tick } from './tick.ts';

const passphrase = 'sandbox-passphrase';
const facts = 'Written before the passkey.';

let at: DeskHome;
let address: string;
let desk: Desk;
let devices: CDPSession;
let authenticatorId: string;

beforeAll(async () => {
  at = await DeskHome.start();
  // Passkeys belong to names, and to no address.
  address = `${at.server.url.replace('127.0.0.1', 'localhost')}/desk/`;
  desk = await open();
  devices = await desk.context.newCDPSession(desk.page);
  await devices.send('WebAuthn.enable');
  authenticatorId = await plugIn({ hasPrf: true });
}, 180_000);
afterAll(() => at?.close());

async function open(script?: string): Promise<Desk> {
  const invite = await at.invite({ of: 'Tubely', role: 'trust' });
  const options = { at: address, ...(script === undefined ? {} : { script }) };
  return at.openBy(invite, () => at.addWaitingKeys('Tubely'), options);
}

/** The fingerprint reader of a machine whose finger is always there. */
async function plugIn({ hasPrf }: { hasPrf: boolean }): Promise<string> {
  const added = await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  });
  return added.authenticatorId;
}

const lock = async (): Promise<void> => {
  await desk.page.evaluate(
    `localStorage.setItem('recourse-desk-input', String(Date.now() - 660_000))`,
  );
  await desk.page.getByRole('heading', { name: 'The desk is locked' }).waitFor();
};

const unlock = async (typed: string, { adding }: { adding: boolean }): Promise<void> => {
  const { page } = desk;
  const box = page.getByRole('checkbox', { name: 'From now on, unlock by a passkey' });
  if (adding) await tick(box);
  await page.getByLabel('Passphrase').fill(typed);
  await page.getByRole('button', { name: 'Unlock' }).click();
};

/** What this browser keeps of its people, as text. */
const keptText = (): Promise<unknown> =>
  desk.page.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open('recourse-desk');
    opening.onsuccess = () => {
      const all = opening.result.transaction('people').objectStore('people').getAll();
      all.onsuccess = () => { resolve(JSON.stringify(all.result)); opening.result.close(); };
    };
  })`);

/** The drafts that this browser keeps, sealed. */
const draftNames = (): Promise<unknown> =>
  desk.page.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open('recourse-desk');
    opening.onsuccess = () => {
      const all = opening.result.transaction('kept').objectStore('kept').getAllKeys();
      all.onsuccess = () => {
        resolve(all.result.filter((name) => String(name).includes('/drafts/')));
        opening.result.close();
      };
    };
  })`);

describe('a passkey', () => {
  test('is added by whoever knows the passphrase, and by nobody else', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: 'New record' }).click();
    await page.getByRole('textbox', { name: 'Account of facts' }).fill(facts);
    await expect.poll(draftNames).toHaveLength(1);
    await lock();
    await unlock('not-the-passphrase', { adding: true });
    await page.getByText('This is not the passphrase of this key.').waitFor();
    expect(await axeFlaws(page)).toEqual([]);
    expect(await keptText()).not.toContain('"credential"');
    await unlock(passphrase, { adding: true });
    await page.getByRole('textbox', { name: 'Account of facts' }).waitFor();
    expect(await keptText()).toContain('"credential"');
  });

  test('unlocks the desk, and the sealed drafts open', async () => {
    const { page } = desk;
    await lock();
    expect(await axeFlaws(page)).toEqual([]);
    await page.getByRole('button', { name: 'Use your passkey' }).click();
    const account = page.getByRole('textbox', { name: 'Account of facts' });
    await account.waitFor();
    await expect.poll(() => account.inputValue()).toBe(facts);
  });

  test('is no way into the backup', async () => {
    const { page } = desk;
    await page.goto(`${address}#/trust/people`);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download its backup' }).click(),
    ]);
    const backup = JSON.parse(readFileSync(await file.path(), 'utf8')) as object;
    expect(Object.keys(backup)).toContain('wrapped');
    expect(Object.keys(backup)).not.toContain('passkey');
  });

  test('that the device lost leaves the passphrase', async () => {
    const { page } = desk;
    await devices.send('WebAuthn.clearCredentials', { authenticatorId });
    await lock();
    await page.getByRole('button', { name: 'Use your passkey' }).click();
    await page.getByText('The passkey did not answer. Type the passphrase.').waitFor();
    await unlock(passphrase, { adding: false });
    await page.getByRole('heading', { name: 'Keys and people' }).waitFor();
    expect(await page.getByRole('heading', { name: 'The desk is locked' }).count()).toBe(0);
  });

  test('that somebody forgets is asked for no more, and what it opened is gone', async () => {
    const { page } = desk;
    await lock();
    await page.getByRole('button', { name: 'Forget the passkey' }).click();
    await page.getByRole('button', { name: 'Use your passkey' }).waitFor({ state: 'detached' });
    expect(await keptText()).not.toContain('"credential"');
  });

  test('of a device that computes no value for a desk is not taken', async () => {
    const { page } = desk;
    await devices.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    await plugIn({ hasPrf: false });
    await unlock(passphrase, { adding: true });
    await page.getByText('No passkey was made that can unlock the desk.').waitFor();
    expect(await keptText()).not.toContain('"credential"');
  });
});

test('a browser that cannot ask for such a value is offered none', async () => {
  const { page, context } = await open(`globalThis.timesAsked = 0;
    PublicKeyCredential.getClientCapabilities = async () => {
      timesAsked++;
      return { 'extension:prf': false };
    };`);
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('heading', { name: 'The desk is locked' }).waitFor();
  await expect.poll(() => page.evaluate('timesAsked')).toBeGreaterThan(0);
  expect(await page.getByRole('checkbox').count()).toBe(0);
  await context.close();
});

test('nothing of it breaks the policy of the desk', () => {
  expect(desk.complaints).toEqual([]);
});
