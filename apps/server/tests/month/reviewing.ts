import { longMs, type Hand } from './hand.ts';
import type { Month } from './month.ts';

/** Reviewers take what waits; appeals that rest on one file come together. */
export async function takeCases({ deeds, ines }: Month): Promise<void> {
  await deeds.play('a batch of appeals taken', 1, async (done) => {
    await ines.wake();
    await ines.click('link', /^Queue/);
    await ines.click('button', 'Next case');
    await ines.click('button', 'I know nobody concerned');
    await ines.at('The evidence');
    done();
  });
}

/** Harbour seals the file to the reviewer who has the cases: once for all that rest on it. */
export async function deliverEvidence({ deeds, hanna }: Month): Promise<void> {
  await deeds.play('evidence delivered, once for the batch', 1, async (done) => {
    await hanna.wake();
    await hanna.click('link', /^Inbox/);
    await hanna.sees(hanna.find('link', 'Deliver evidence'));
    while (await hanna.find('link', 'Deliver evidence').isVisible()) {
      await hanna.click('link', 'Deliver evidence');
      await hanna.reads('✓ Fits').waitFor();
      await hanna.click('button', 'Seal and deliver 1 of 1');
      await hanna.reads(/^Delivered: /).waitFor();
      done();
      await hanna.click('link', /^Inbox/);
      await hanna.at('Inbox');
      await hanna.page.getByRole('table').waitFor();
    }
  });
}

/** Each of a batch is decided by itself; another reviewer takes what the first could not. */
export async function decideAppeals({ counts, deeds, ines }: Month): Promise<void> {
  await deeds.play('appeals decided', counts.appeals, async (done) => {
    for (let nth = 0; nth < counts.appeals; nth += 1) {
      await ines.wake();
      await ines.click('link', /^Queue/);
      await openNext(ines);
      await decide(ines);
      done();
    }
  });
}

async function openNext(by: Hand): Promise<void> {
  await by.at('Assigned to you');
  const own = by.find('link', /^Appeal: /);
  if (await own.isVisible()) await by.click('link', /^Appeal: /);
  else await by.click('button', 'Next case');
  const asked = by.find('button', 'I know nobody concerned');
  const write = by.find('button', 'Go to the decision');
  await asked.or(write).first().waitFor();
  if (await asked.isVisible()) await by.click('button', 'I know nobody concerned');
}

async function decide(by: Hand): Promise<void> {
  const fits = by.reads('✓ Digest fits');
  const missing = by.reads('Not delivered yet');
  await fits.or(missing).first().waitFor();
  // A case that was open before the platform delivered does not look again by itself.
  if (await missing.isVisible()) await by.click('button', 'Open the evidence again');
  await fits.waitFor();
  await by.click('button', 'Go to the decision');
  await by.tick('radio', /Reverse/);
  await by.tick('radio', 'Another person');
  // Asked where others rest on the same file.
  const tie = by.page.getByLabel('What ties this creator to the evidence');
  if (await tie.isVisible()) {
    await by.type('What ties this creator to the evidence', 'Nothing: the address is another.');
  }
  await by.type('Reasons', 'The page belongs to somebody else.', { exact: true });
  await by.click('button', /^Check/);
  await by.click('button', 'Sign and send');
  await by.reads('Decided: reversed.').waitFor();
}

/** Tubely undoes what it did to each person about whom it was told. */
export async function acknowledgeRecalls({ counts, deeds, tom }: Month): Promise<void> {
  await deeds.play('recalls acknowledged', counts.recalls, async (done) => {
    await tom.wake();
    await tom.click('link', /^Inbox/);
    const choose = tom.find('button', /^Choose \d+ recalls/);
    const one = tom.find('link', 'Acknowledge');
    await tom.sees(choose.or(one).first());
    if (counts.recalls === 1) await acknowledgeOne(tom);
    else await acknowledgeAll(tom, counts.recalls);
    done(counts.recalls);
  });
}

async function acknowledgeOne(by: Hand): Promise<void> {
  await by.click('link', 'Acknowledge');
  await by.tick('radio', /Undone/);
  await by.tick('radio', /Deleted/);
  await by.click('button', 'Sign and acknowledge');
  await by.reads(/^Acknowledged: undone/).waitFor();
}

async function acknowledgeAll(by: Hand, count: number): Promise<void> {
  await by.click('button', `Choose ${count} recalls`);
  await by.click('button', `Acknowledge (${count})`);
  await by.tick('radio', /Undone/);
  await by.tick('radio', /Deleted/);
  await by.click('button', `Sign and acknowledge ${count} recalls`);
  await by.reads(/^Done: /).waitFor({ timeout: longMs });
}
