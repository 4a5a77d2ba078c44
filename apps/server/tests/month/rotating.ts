import { longMs, type Hand } from './hand.ts';
import type { Month } from './month.ts';
import { daysBefore } from './sheets.ts';

/** Two operators announce the next key of tokens. Each platform renews its records by one act once it is open. */
export async function rotate(month: Month): Promise<void> {
  const { deeds, people, outside, olu, petra, hanna, tom, now, pass } = month;
  await deeds.play('a rotation, announced by two operators', 1, async (done) => {
    await olu.wake();
    await olu.click('link', 'Orders and keys');
    await olu.reads('This server has its secret.').waitFor();
    await olu.typeDay('Opens on', daysBefore(now(), -3));
    await olu.click('button', /Announce the next key of tokens$/);
    await olu.reads('Proposed. Another operator has to agree.').waitFor();
    await petra.wake();
    await petra.click('link', /^Proposals/);
    await petra.sees(petra.find('button', 'Sign as the second operator'));
    await petra.click('button', 'Sign as the second operator');
    await petra.reads(/^Done: /).waitFor();
    await people.toStart(outside);
    await outside.click('button', 'Seven days');
    await outside.at('Sandbox');
    pass(7);
    done();
  });
  await deeds.play('records of Harbour renewed by one act', ofHarbour(month), async (done) => {
    done(await renew(hanna));
  });
  await deeds.play('records of Tubely renewed by one act', ofTubely(month), async (done) => {
    done(await renew(tom));
  });
}

/** Half of those by hand are of Harbour. What was reversed needs no tokens. */
const ofHarbour = ({ imports, byHand, counts }: Month): number =>
  imports.hanna.length + Math.ceil(byHand.length / 2) - counts.appeals;

const ofTubely = ({ imports, byHand }: Month): number =>
  imports.tom.length + Math.floor(byHand.length / 2);

/** @returns how many records have new tokens */
async function renew(by: Hand): Promise<number> {
  await by.wake();
  await by.click('link', /^Inbox/);
  await by.sees(by.find('link', 'Renew your records'));
  await by.click('link', 'Renew your records');
  await by.click('button', /^Renew \d+ records/);
  const said = by.reads(/^Done: .*new tokens/);
  await said.waitFor({ timeout: longMs });
  return Number(/[\d,]+/.exec(await said.innerText())?.[0].replaceAll(',', ''));
}

/** Under the new key alone, a platform is told of the same people as before. */
export async function findUnderNewKey({ deeds, tom, imports }: Month): Promise<void> {
  const sought = imports.hanna.slice(0, 1);
  await deeds.play('checks once the old key has closed', sought.length, async (done) => {
    for (const address of sought) {
      await tom.wake();
      await tom.click('link', 'Check a person');
      await tom.type('Identifier', address, { exact: true });
      await tom.click('button', 'Check', { exact: true });
      await tom.reads('Harbour signed:').waitFor();
      await tom.tick('radio', 'Admitted', { exact: true });
      await tom.click('button', 'Report the outcome');
      await tom.reads(/^Reported: /).waitFor();
      done();
    }
  });
}
