import { postgresAddress } from '@recourse/server/embedded-postgres';
import postgres from 'postgres';
import { appealBy, assignAppeal, claimByCode, fileAndNotify, newEmail, outcomeOf } from './acts.ts';
import { prepared, type Play } from './play.ts';

export const swappedCiphertexts: Play = {
  name: 'swapped-ciphertexts',
  says: 'An operator with the database moves the submitter’s sealed words to where the creator’s words are.',
  bound: 'nothing: a sealed text opens in its own place alone',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const filed = await fileAndNotify(stage, harbour, { email: newEmail('creator') });
    const person = await stage.person();
    const key = await claimByCode(person, filed.code);
    const words = 'It was not me.';
    const { appeal } = await appealBy(person, key, { words });
    const accusation = 'I did it, and would do it again.';
    await harbour.appeals.stand({ appeal, text: accusation });
    const reviewer = await stage.as('Panel');
    await assignAppeal(reviewer, appeal);
    const wordsRead = async () => {
      const shown = await reviewer.review.get({ appeal });
      return 'words' in shown ? shown.words : '';
    };
    prepared((await wordsRead()) === words, 'the reviewer reads the creator’s words');
    const at = postgresAddress(stage.registry.ownerUrl);
    const sql = postgres(at.url, { ...at.options, max: 1, onnotice: () => undefined });
    try {
      await sql`alter table appeals disable trigger user`;
      const moved = await sql`update appeals set words = response where id = ${appeal}`;
      prepared(moved.count === 1, 'the sealed value is moved');
    } finally {
      await sql.end();
    }
    let read = '';
    const outcome = await outcomeOf(async () => {
      read = await wordsRead();
    });
    const held = read !== accusation;
    return {
      held,
      gained: held
        ? 'nothing'
        : 'the reviewer reads the accuser’s words as the creator’s confession',
      figures: { outcome, readAsTheCreators: read === accusation },
    };
  },
};
