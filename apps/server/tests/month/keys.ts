import type { Hand } from './hand.ts';
import type { Month } from './month.ts';

/** The key that a desk shows of the person who acts, in groups as people read them out. */
async function keyOf(by: Hand): Promise<string> {
  await by.wake();
  const said = await by.page.getByRole('banner').innerText();
  const [, key] = /key ((?:[\w-]{5} ){3}[\w-]{5})/.exec(said.replaceAll(/\s+/g, ' ')) ?? [];
  if (key === undefined) throw new Error('no key is shown');
  return key;
}

/** An administrator names the people of the platform. */
export async function namePeople({ deeds, maud, hanna, jonas }: Month): Promise<void> {
  await deeds.play('people named by an administrator', 2, async (done) => {
    for (const [hand, name] of [
      [hanna, 'Hanna Brink'],
      [jonas, 'Jonas Visser'],
    ] as const) {
      const key = await keyOf(hand);
      await maud.wake();
      await maud.click('link', 'Keys and people');
      const row = maud.page.getByRole('row').filter({ hasText: key });
      await maud.click('link', 'Name this person', { in: row });
      await maud.type('Name', name, { exact: true });
      await maud.click('button', 'Save the name');
      await maud.reads(/^Named: /).waitFor();
      done();
    }
  });
}

/** Somebody lost a browser: they come back as themselves, and what they lost is revoked. */
export async function loseBrowser(month: Month): Promise<void> {
  const { deeds, maud, people, byHand } = month;
  await deeds.play('a lost browser', 1, async (done) => {
    const lost = await keyOf(month.jonas);
    await month.jonas.page.context().close();
    const jonas = await people.newcomer();
    await jonas.follow(await inviteAs(maud, /Jonas Visser/));
    await admit(maud, jonas);
    await revoke(maud, lost);
    await canRead(jonas);
    month.jonas = jonas;
    if (byHand.length > 0) done();
  });
}

/** Nobody can reset a passphrase: the browser is enrolled anew, by an invite as oneself. */
export async function forgetPassphrase({ deeds, maud, hanna }: Month): Promise<void> {
  await deeds.play('a forgotten passphrase', 1, async (done) => {
    const lost = await keyOf(hanna);
    await hanna.click('button', 'Lock', { exact: true });
    await hanna.at('The desk is locked');
    await hanna.type('Passphrase', 'What was it again?');
    await hanna.click('button', 'Unlock', { exact: true });
    await hanna.reads('This is not the passphrase of this key.').waitFor();
    const link = await inviteAs(maud, /Hanna Brink/);
    await hanna.click('link', 'enrol this browser anew');
    await hanna.type('Invite', link, { exact: true });
    await hanna.type('Your name', 'Hanna Brink', { exact: true });
    await hanna.type('Passphrase', 'four words or some more', { exact: true });
    await hanna.type('The same passphrase again', 'four words or some more');
    await hanna.click('button', 'Make my key');
    await admit(maud, hanna);
    await revoke(maud, lost);
    await canRead(hanna);
    done();
  });
}

async function inviteAs(admin: Hand, whom: RegExp): Promise<string> {
  await admin.wake();
  await admin.click('link', 'Keys and people');
  await admin.choose('Whom', whom);
  await admin.click('button', 'Make an invite');
  const link = await admin.reads(/#\/enrol\?invite=/).innerText();
  await admin.click('button', 'Invite somebody else');
  return link;
}

async function admit(admin: Hand, newcomer: Hand): Promise<void> {
  await newcomer.at('Your key');
  await admin.click('link', /^Inbox/);
  await admin.click('link', 'Keys and people');
  await admin.click('button', 'It is the same: add it');
  await admin.reads(/^Added: /).waitFor();
  await newcomer.page.getByRole('navigation').waitFor();
  await newcomer.page.getByRole('heading', { name: 'Your key' }).waitFor({ state: 'detached' });
}

async function revoke(admin: Hand, key: string): Promise<void> {
  const row = admin.page.getByRole('row').filter({ hasText: key });
  await admin.click('button', 'Revoke', { in: row });
  const asked = admin.page.getByRole('dialog');
  await admin.tick('radio', /Nobody uses it any more/, { in: asked });
  await admin.click('button', 'Revoke it', { in: asked });
  await admin.reads(/^Revoked: /).waitFor();
}

/** The own inbox opens with the new key. */
async function canRead(by: Hand): Promise<void> {
  await by.click('link', 'Records');
  await by.page
    .getByRole('row', { name: /Phishing/ })
    .first()
    .waitFor();
}
