import type { Hand } from './hand.ts';
import type { Month } from './month.ts';

/** Each creator comes by the mail that the registry wrote, in a browser of their own. */
export async function appeal(month: Month): Promise<void> {
  const { counts, deeds, people, imports, creators } = month;
  await deeds.play('appeals by creators, from the mail on', counts.appeals, async (done) => {
    for (const address of imports.hanna.slice(-counts.appeals)) {
      const hand = await people.newcomer();
      creators.push({ address, key: await appealOne(hand, address) });
      await hand.page.context().close();
      done();
    }
  });
}

async function appealOne(by: Hand, address: string): Promise<string> {
  await by.click('link', 'All that would have been sent');
  await by.at('Outbox');
  const code = codeTo(address, await by.page.getByRole('main').innerText());
  await by.click('link', 'Recourse');
  await by.click('link', 'Open your case');
  await by.type('Code from the notice', code);
  await by.click('button', 'Open the case');
  await by.click('button', 'Get your own key');
  await by.at('This is your key');
  const key = secretIn(await by.page.getByRole('main').innerText());
  await by.click('button', 'I have kept it: open the case');
  await by.click('button', /^Appeal/);
  await by.tick('radio', /It was not me|not mine|no account/i);
  await by.type('In your own words', 'I have never had an account there.');
  await by.click('button', 'Send the appeal');
  await by.page.getByRole('status').waitFor();
  return key;
}

const secret = /[0-9a-z]{4}(?:-[0-9a-z]{4}){7}/;

function codeTo(address: string, mails: string): string {
  const mail = mails.split(`To ${address}`)[1] ?? '';
  return secretIn(mail);
}

function secretIn(text: string): string {
  const [found] = secret.exec(text) ?? [];
  if (found === undefined) throw new Error('no code is shown');
  return found;
}
