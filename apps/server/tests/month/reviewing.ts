import { longMs, type Hand } from './hand.ts';
import type { Month } from './month.ts';

/** Reviewers take what waits; appeals that rest on one file come together. */
export async function takeCases({ deeds, ines }: Month): Promise<void> {
  await deeds.play('a batch of appeals taken', 1, async (done) => {
    await take(ines);
    done();
  });
}

async function take(by: Hand): Promise<void> {
  await by.wake();
  await by.click('link', /^Queue/);
  await by.click('button', 'Next case');
  await by.click('button', 'I know nobody concerned');
  await by.at('The evidence');
}

/** Harbour seals the file to the reviewer who has the cases: once for all that rest on it. */
export async function deliverEvidence({ deeds, hanna }: Month): Promise<void> {
  await deeds.play('evidence delivered, once for the batch', 1, (done) => deliverAll(hanna, done));
}

async function deliverAll(by: Hand, done: () => void): Promise<void> {
  await by.wake();
  await by.click('link', /^Inbox/);
  await by.sees(by.find('link', 'Deliver evidence'));
  while (await by.find('link', 'Deliver evidence').isVisible()) {
    await by.click('link', 'Deliver evidence');
    await by.reads('✓ Fits').waitFor();
    await by.click('button', 'Seal and deliver 1 of 1');
    await by.reads(/^Delivered: /).waitFor();
    done();
    await by.click('link', /^Inbox/);
    await by.at('Inbox');
    await by.page.getByRole('table').waitFor();
  }
}

/** Each of a batch is decided by itself. After ten of one reviewer on a platform, another decides each, too. */
export async function decideAppeals({ counts, deeds, ines, yusuf, hanna }: Month): Promise<void> {
  await deeds.play('appeals decided', counts.appeals, async (done) => {
    let seconds = 0;
    for (let nth = 0; nth < counts.appeals; nth += 1) {
      await openNext(ines);
      if ((await decide(ines)) === 'decided') done();
      else seconds += 1;
    }
    if (seconds === 0) return;
    await take(yusuf);
    await deliverAll(hanna, () => {});
    for (; seconds > 0; seconds -= 1) {
      await openNext(yusuf);
      if ((await decide(yusuf)) === 'decided') done();
    }
  });
}

async function openNext(by: Hand): Promise<void> {
  await by.wake();
  await by.click('link', /^Queue/);
  await by.at('Assigned to you');
  const own = by.find('link', /^Appeal: /);
  if (await own.isVisible()) await by.click('link', /^Appeal: /);
  else await by.click('button', 'Next case');
  const asked = by.find('button', 'I know nobody concerned');
  const write = by.find('button', 'Go to the decision');
  await asked.or(write).first().waitFor();
  if (await asked.isVisible()) await by.click('button', 'I know nobody concerned');
}

async function decide(by: Hand): Promise<'decided' | 'another decides'> {
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
  const decided = by.reads('Decided: reversed.');
  const another = by.reads('Another reviewer decides too');
  await decided.or(another).first().waitFor();
  return (await decided.isVisible()) ? 'decided' : 'another decides';
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
