import { outcomeOf, check, file, fileAndNotify, newEmail, sayNotified } from './acts.ts';
import { prepared, type Play } from './play.ts';

export const unwitnessedNotice: Play = {
  name: 'unwitnessed-notice',
  says: 'A submitter says that it notified the creator, and sends nothing.',
  bound: '`verify-identity`: a record whose notice nobody saw never answers `review`',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const email = newEmail('victim');
    const { sanction } = await file(stage, harbour, { email });
    const sentAt = Math.floor(stage.now().getTime() / 1000);
    const stated = { sanction, channel: 'web-message', language: 'en', sentAt } as const;
    const said = await outcomeOf(() => harbour.sanctions.stateNotice(stated));
    // Without an address it is believed, and worth less.
    const domain = `victim-${Date.now()}.example`;
    const bare = await file(stage, harbour, { domain });
    await sayNotified(stage, harbour, bare);
    await stage.advance(7);
    const { state } = await harbour.sanctions.get({ sanction: bare.sanction });
    prepared(state === 'visible', 'the record without an address is visible');
    const tubely = await stage.as('Tubely');
    const { advice } = await check(stage, tubely, { email });
    const beside = await check(stage, tubely, { domain });
    const mails = (await stage.mailsTo(email)).length;
    const held = said !== 'accepted' && advice === 'no-record' && beside.advice !== 'review';
    return {
      held,
      gained: held
        ? `nothing where there is an address, no more than ${beside.advice} where there is none`
        : `the record answers ${advice}, and its creator got ${mails} messages`,
      figures: { said, advice, adviceWithoutAddress: beside.advice, messagesToCreator: mails },
    };
  },
};

export const bouncedNotice: Play = {
  name: 'bounced-notice',
  says: 'A submitter notifies an address that bounces, recorded beside the victim’s own domain.',
  bound: '`verify-identity`, never `review`, for what the notice did not reach',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const domain = `victim-${Date.now()}.example`;
    const email = `nobody-${Date.now()}@bounces.invalid`;
    await fileAndNotify(stage, harbour, { email, domain });
    // Beside a victim: the submitter reaches an address of its own.
    const victim = newEmail('victim');
    await fileAndNotify(stage, harbour, { email: [newEmail('planted'), `${victim}.invalid`] });
    await stage.advance(20);
    const tubely = await stage.as('Tubely');
    const bounced = await check(stage, tubely, { email });
    const beside = await check(stage, tubely, { domain });
    const besidePlanted = await check(stage, tubely, { email: `${victim}.invalid` });
    const answers = [bounced, beside, besidePlanted].map((one) => one.advice);
    const held = answers.every((advice) => advice !== 'review');
    prepared(besidePlanted.advice !== 'no-record', 'the record with a planted address is visible');
    return {
      held,
      gained: held
        ? `no more than ${besidePlanted.advice}`
        : `an identifier that no notice reached answers ${answers.join(', ')}`,
      figures: {
        adviceOnBounced: bounced.advice,
        adviceOnDomain: beside.advice,
        adviceBesidePlanted: besidePlanted.advice,
      },
    };
  },
};
