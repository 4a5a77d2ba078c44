import type { Hand } from './hand.ts';
import type { Month } from './month.ts';

/** Somebody is away: their rows are with a deputy, and are theirs again once they are back. */
export async function goAway({ deeds, hanna, jonas, now }: Month): Promise<void> {
  await deeds.play('a holiday: rows go to a deputy, and come back', 1, async (done) => {
    const rows = await takeAll(hanna);
    await hanna.click('link', 'Keys and people');
    await hanna.typeDay('First day', now());
    await hanna.typeDay('Last day', new Date(now().getTime() + 7 * 86_400_000));
    await hanna.choose('Who has the rows meanwhile', /Jonas Visser/);
    await hanna.click('button', 'Say that I am away');
    await hanna.reads(/^You, from/).waitFor();
    await hasMine(jonas, { rows, said: /You have it for Hanna Brink, who is away/ });
    await hanna.click('button', 'I am back: end my absence');
    await hanna.reads('Nobody said that they are away.').waitFor();
    await hasMine(jonas, { rows: 0, said: /Hanna Brink has it/ });
    await hasMine(hanna, { rows, said: /You have it/ });
    done();
  });
}

/** @returns how many rows there are */
async function takeAll(by: Hand): Promise<number> {
  await by.wake();
  await by.click('link', /^Inbox/);
  const choose = by.find('button', /^Choose \d+ notices/);
  await by.sees(choose);
  const rows = Number(/\d+/.exec(await choose.innerText())?.[0]);
  await by.click('button', /^Choose \d+ notices/);
  await by.click('button', `Take (${rows})`);
  await by.reads('You have it').waitFor();
  return rows;
}

interface Mine {
  readonly rows: number;
  /** What stands at a row once this browser knows of the change */
  readonly said: RegExp;
}

async function hasMine(by: Hand, { rows, said }: Mine): Promise<void> {
  await by.wake();
  await by.click('link', /^Inbox/);
  await by.click('button', 'Everybody’s');
  await by.sees(by.reads(said));
  await by.click('button', 'Mine');
  const seen =
    rows === 0 ? by.reads('You have no row.') : by.find('button', `Choose ${rows} notices`);
  await seen.waitFor();
  await by.click('button', 'Everybody’s');
}
