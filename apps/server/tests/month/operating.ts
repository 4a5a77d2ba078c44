import type { Hand } from './hand.ts';
import type { Month } from './month.ts';
import { daysBefore, evidence } from './sheets.ts';

/** Recalls that a platform forgot: an operator reads of them, and writes to its contact. */
export async function remindPlatform(month: Month): Promise<void> {
  const { deeds, people, outside, olu, pass } = month;
  await deeds.play('an overdue recall reminded', 1, async (done) => {
    for (const [leap, days] of [
      ['Seven days', 7],
      ['Three days', 3],
    ] as const) {
      await people.toStart(outside);
      await outside.click('button', leap);
      await outside.at('Sandbox');
      pass(days);
    }
    await olu.wake();
    await olu.click('link', 'Health');
    const remind = olu.find('link', /^Remind/);
    await olu.sees(remind);
    await olu.click('link', /^Remind/);
    done();
  });
}

/** Two operators let a platform in; its administrator enrols, and records once nobody objected. */
export async function letIn(month: Month): Promise<void> {
  const { deeds, people, olu, petra, outside, pass } = month;
  await deeds.play('a new platform, from the form to its first record', 1, async (done) => {
    await olu.wake();
    await olu.click('link', 'Let a platform in');
    await fillForm(olu);
    await olu.click('button', 'Make the invite');
    await olu.click('button', 'Sign and propose');
    await olu.reads(/Another operator/).waitFor();
    await petra.wake();
    await petra.click('link', /^Proposals/);
    await petra.sees(petra.find('button', 'Sign as the second operator'));
    await petra.click('button', 'Sign as the second operator');
    await petra.reads(/^Done: /).waitFor();
    await olu.click('button', 'Look again');
    const link = await olu.reads(/#\/enrol\?invite=/).innerText();
    const newcomer = await people.newcomer();
    await newcomer.follow(link);
    await newcomer.page.getByRole('navigation').waitFor();
    for (let weeks = 0; weeks < 3; weeks += 1) {
      await people.toStart(outside);
      await outside.click('button', 'Seven days');
      await outside.at('Sandbox');
      pass(7);
    }
    await firstRecord(newcomer, month.now());
    done();
  });
}

async function fillForm(by: Hand): Promise<void> {
  await by.type('Legal name', 'Quillshop', { exact: true });
  await by.type('Domain', 'quillshop.example', { exact: true });
  await by.type('Country of its seat', 'DE');
  await by.type('Group', 'quillshop', { exact: true });
  await by.type('Owners above 10 %', 'Quill Holding = 80');
  await by.type('Published policies', 'https://quillshop.example/rules');
  await by.type('Where creators complain', 'help@quillshop.example');
  await by.type('Contact for data protection', 'privacy@quillshop.example');
  await by.tick('checkbox', /I looked/);
}

async function firstRecord(by: Hand, now: Date): Promise<void> {
  await by.click('link', 'New record');
  await by.at('New record');
  await by.tick('radio', /Bulk spam/);
  await by.type('Identifier', 'first.of.all@mail.example', { exact: true });
  await by.typeDay('When control was proven', daysBefore(now, 20));
  await by.chooseFile('Choose files', evidence);
  await by.typeDay('The incident began', daysBefore(now, 30));
  await by.typeDay('The incident ended', daysBefore(now, 10));
  await by.choose('What you did on your own service', 'Account terminated');
  await by.type('Account of facts', 'Sent thousands of equal messages to strangers.');
  await by.tick('radio', 'Our own detection');
  await by.tick('radio', 'Adult');
  await by.tick('checkbox', /No public body/);
  await by.tick('checkbox', /We looked/);
  await by.click('button', 'Sign and record');
  await by.at('Notice to the creator');
}
