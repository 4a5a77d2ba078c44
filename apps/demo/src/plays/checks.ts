import { appealBy, check, fileAndNotify, findByEmail, newEmail, outcomeOf } from './acts.ts';
import { prepared, type Play } from './play.ts';

export const watchTheTarget: Play = {
  name: 'watch-the-target',
  says: 'A submitter polls its own record, and sees when and where its target signs up.',
  bound: 'none, under five, or five and more; renewed weekly',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const email = newEmail('target');
    const { sanction } = await fileAndNotify(stage, harbour, { email });
    const seen: string[] = [];
    const look = async (): Promise<void> => {
      seen.push((await harbour.sanctions.get({ sanction })).toldPlatforms);
    };
    await look();
    for (const name of ['Tubely', 'Marketo']) {
      const { matches } = await check(stage, await stage.as(name), { email });
      prepared(matches.length === 1, `${name} is told`);
      await look();
    }
    const changes = new Set(seen).size - 1;
    return {
      held: changes === 0,
      gained:
        changes === 0
          ? 'nothing within the week'
          : `each of ${changes} signups, the moment it happens: ${seen.join(', ')}`,
      figures: { signups: 2, changesSeen: changes, seen: seen.join(' ') },
    };
  },
};

export const rebuildFromAnswers: Play = {
  name: 'rebuild-from-answers',
  says: 'An accuser enters the case by an address of its own in the record, and works out from the case who asked about the victim’s address.',
  bound: 'none, under five, or five and more, for identifiers that a claimant did not prove',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const [victims, planted] = [newEmail('victim'), newEmail('planted')];
    const { sanction } = await fileAndNotify(stage, harbour, { email: [victims, planted] });
    const { matches } = await check(stage, await stage.as('Tubely'), { email: victims });
    prepared(matches.length === 1, 'a platform is told of the victim');
    const accuser = await stage.person();
    const [key = ''] = await findByEmail(stage, accuser, planted);
    prepared(key !== '', 'the planted address opens the case');
    await appealBy(accuser, key);
    const opened = await accuser.open({ code: key });
    const told = opened.case.told ?? [];
    const names = told.map(({ name }) => name);
    const { party } = await stage.identity('Tubely');
    const inReceipt = async (): Promise<number> =>
      (await accuser.receipt({ key })).openings.filter((one) => one['party'] === party).length;
    const disclosed = await inReceipt();
    // The recall that it owes by the end has an opening, too.
    await harbour.sanctions.withdraw({ sanction, cause: 'error' });
    const recalled = await inReceipt();
    const held = names.length === 0 && disclosed === 0 && recalled === 0;
    const where = names.length > 0 ? `by name: ${names.join(', ')}` : 'by the receipt of the case';
    return {
      held,
      gained: held ? 'nothing' : `where the victim signed up, ${where}`,
      figures: { namesSeen: names.join(' '), platforms: names.length, disclosed, recalled },
    };
  },
};

export const askingBeyondEvaluation: Play = {
  name: 'asking-beyond-evaluation',
  says: 'A platform evaluates one identifier, which costs one unit, and asks under that check about many that it evaluated earlier.',
  bound: 'as many distinct tokens as the check evaluated',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const emails = Array.from({ length: 4 }, () => newEmail('target'));
    for (const email of emails) await fileAndNotify(stage, harbour, { email });
    const sent: string[] = [];
    const watched = stage.connect(await stage.identity('Tubely'), {
      fetch: (url, init) => {
        if (url.endsWith('/checks.match') && typeof init.body === 'string') sent.push(init.body);
        return fetch(url, init);
      },
    });
    for (const email of emails) await check(stage, watched, { email });
    const tokens = sent.flatMap((call) => tokensIn(call));
    prepared(tokens.length === emails.length, 'the tokens of earlier checks are known');
    const one = await check(stage, watched, { email: newEmail('nobody') });
    let told = 0;
    const outcome = await outcomeOf(async () => {
      const { matches } = await watched.checks.match({ check: one.check, tokens });
      told = matches.length;
    });
    const held = outcome !== 'accepted' && told === 0;
    return {
      held,
      gained: held ? 'nothing' : `${told} people looked up under a check that evaluated one`,
      figures: { evaluated: 1, asked: tokens.length, outcome, told },
    };
  },
};

/** The tokens of a signed call, as its sender has them. */
function tokensIn(call: string): { epoch: number; token: string }[] {
  const [, payload = ''] = call.split('.');
  const { in: input } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    in: { tokens: { epoch: number; token: string }[] };
  };
  return input.tokens;
}
