import type { Hand } from './hand.ts';
import type { Month } from './month.ts';

/** A creator who was cleared prints the letter, and whoever refused them checks it. */
export async function checkLetter({ deeds, people, creators }: Month): Promise<void> {
  await deeds.play('a letter printed, and verified by its code', 1, async (done) => {
    const [creator] = creators;
    if (!creator) throw new Error('nobody appealed');
    const hand = await people.newcomer();
    await openWithKey(hand, creator.key);
    await hand.click('button', 'Show the letter');
    await hand.at('Letter');
    const address = await hand.page.getByRole('link', { name: /\/letter#/ }).innerText();
    const pdf = await hand.page.pdf();
    if (pdf.length === 0) throw new Error('nothing was printed');
    await verify(hand, address.trim());
    await hand.page.context().close();
    done();
  });
}

async function verify(by: Hand, address: string): Promise<void> {
  await by.click('link', /\/letter#/);
  await by.page.getByRole('textbox').first().fill(address);
  await by.click('button', /^Check/);
  await by.page
    .getByRole('status')
    .getByText(/genuine/i)
    .waitFor();
}

/** A creator comes back with the key that they kept. */
async function openWithKey(by: Hand, key: string): Promise<void> {
  await by.click('link', 'Recourse');
  await by.click('link', 'Open your case');
  await by.type('Code from the notice', key);
  await by.click('button', 'Open the case');
}
