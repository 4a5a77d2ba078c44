import { longMs, type Hand } from './hand.ts';
import type { Month } from './month.ts';

/** All notices of an import by one act; the last to be written are those whose creators appeal. */
export async function tellCreators(month: Month): Promise<void> {
  const { counts, deeds, tom, hanna, imports } = month;
  await deeds.play('notices of Tubely at once', imports.tom.length, (done) => tellAll(tom, done));
  await deeds.play('notices of Harbour at once', counts.notices, (done) => tellAll(hanna, done));
}

async function tellAll(by: Hand, done: (times: number) => void): Promise<void> {
  await by.wake();
  await by.click('link', /^Inbox/);
  const choose = by.find('button', /^Choose \d+ notices/);
  await by.sees(choose);
  await by.click('button', /^Choose \d+ notices/);
  await by.click('button', /^Tell the creators/);
  await by.choose('Language of these creators', 'English');
  await by.click('button', /^Have the registry write to/);
  const said = by.reads(/^Done: [\d,]+ creators? (is|are) written to/);
  await said.waitFor({ timeout: longMs });
  done(Number(/[\d,]+/.exec(await said.innerText())?.[0].replaceAll(',', '')));
}

/** A hold is three days, and never ends on a weekend. */
export async function waitOutHolds({ people, outside, deeds, pass }: Month): Promise<void> {
  await deeds.play('holds waited out, by the clock of the sandbox', 1, async (done) => {
    for (let times = 0; times < 2; times += 1) {
      await people.toStart(outside);
      await outside.click('button', 'Three days');
      await outside.at('Sandbox');
      pass(3);
    }
    done();
  });
}

/** Tubely asks about people whom Harbour recorded, and is told. */
export async function checkPeople(month: Month): Promise<void> {
  const { counts, deeds, tom, imports } = month;
  await deeds.play('checks with a match, each with its outcome', counts.recalls, async (done) => {
    for (const address of imports.hanna.slice(-counts.recalls)) {
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
