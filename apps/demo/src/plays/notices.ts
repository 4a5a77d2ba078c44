import { check, fileAndNotify, newEmail } from './acts.ts';
import { prepared, type Play } from './play.ts';

export const unwitnessedNotice: Play = {
  name: 'unwitnessed-notice',
  says: 'A submitter says that it notified the creator, and sends nothing.',
  bound: '`verify-identity`: no record answers `review` whose notice nobody saw',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const email = newEmail('victim');
    const filed = await fileAndNotify(stage, harbour, { email });
    await stage.advance(4);
    const { state } = await harbour.sanctions.get({ sanction: filed.sanction });
    prepared(state === 'visible', 'the record is visible');
    const { advice } = await check(stage, await stage.as('Tubely'), { email });
    const mails = (await stage.mailsTo(email)).length;
    const held = advice !== 'review' || mails > 0;
    return {
      held,
      gained: held
        ? `no more than ${advice}`
        : `the record answers ${advice}, and its creator got ${mails} messages`,
      figures: { advice, messagesToCreator: mails },
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
    const email = 'nobody@bounces.invalid.example';
    const filed = await fileAndNotify(stage, harbour, { email, domain });
    await stage.advance(4);
    const { state } = await harbour.sanctions.get({ sanction: filed.sanction });
    prepared(state === 'visible', 'the record is visible');
    const tubely = await stage.as('Tubely');
    const bounced = await check(stage, tubely, { email });
    const beside = await check(stage, tubely, { domain });
    const held = [bounced, beside].every(({ advice }) => advice !== 'review');
    return {
      held,
      gained: held
        ? `no more than ${beside.advice}`
        : `the victim’s domain answers ${beside.advice} by a notice to a dead address`,
      figures: { adviceOnBounced: bounced.advice, adviceOnDomain: beside.advice },
    };
  },
};
