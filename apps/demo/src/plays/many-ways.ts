import { reviewIdOf } from '@recourse/protocol';
import { newCaseKey } from '@recourse/sdk/case';
import {
  appealBy,
  claimByCode,
  fileAndNotify,
  findByEmail,
  newEmail,
  outcomeOf,
  sayNotified,
  uphold,
} from './acts.ts';
import { plant } from './claimants.ts';
import { prepared, type Play } from './play.ts';
import type { Stage } from './stage.ts';

export const manyWays: Play = {
  name: 'many-ways',
  says: 'A scammer with two addresses in one record appeals by each, one after the other; and an accuser makes 100 claimants of one code, who all join.',
  bound:
    'one appeal a way in, each before other reviewers; 32 grounds for all claimants of one way, who keep nobody else out',
  async run(stage) {
    const { appeals, decidedAgain, state } = await appealByEach(stage);
    const { joined, victimJoins } = await joinWithoutEnd(stage);
    const isEachByAnother = appeals <= 3 && decidedAgain === 0 && state === 'visible';
    const held = isEachByAnother && joined <= 32 && victimJoins === 'accepted';
    return {
      held,
      gained: held
        ? `${appeals} appeals for 3 ways in, each before another reviewer, and the record answers on; ${joined} grounds of 100 claimants`
        : `${appeals} appeals, ${decidedAgain} before a reviewer who had decided one, the record is ${state}; ${joined} grounds of 100 claimants`,
      figures: {
        waysIn: 3,
        appeals,
        decidedAgain,
        record: state,
        claimants: 100,
        joined,
        victimJoins,
      },
    };
  },
};

const panel = ['Panel', 'Panel:2', 'Panel:3', 'Panel:4', 'Panel:5'];

/** Who decided an earlier one asks for the next appeal first; it goes to the first who is given it. */
async function appealByEach(stage: Stage) {
  const harbour = await stage.as('Harbour');
  const email = [1, 2].map((n) => newEmail(`scammer${n}`));
  const filed = await fileAndNotify(stage, harbour, { email });
  const person = await stage.person();
  const keys = [await claimByCode(person, filed.code)];
  for (const address of email) {
    const [found = newCaseKey()] = await findByEmail(stage, person, address);
    keys.push(found);
  }
  let [appeals, decidedAgain] = [0, 0];
  const decided = new Set<string>();
  for (const key of [...keys, ...keys]) {
    const opened = await appealBy(person, key).catch(() => undefined);
    if (!opened) continue;
    appeals += 1;
    const { appeal } = opened;
    const name = await takenBy(stage, { appeal, among: new Set([...decided, ...panel]) });
    if (decided.has(name)) decidedAgain += 1;
    decided.add(name);
    const reviewer = await stage.as(name);
    const hearing = { reviewer, submitter: harbour, filed, appeal, person, key };
    prepared((await uphold(hearing)) === 'upheld', `appeal ${appeals} is upheld`);
  }
  const { state } = await harbour.sanctions.get({ sanction: filed.sanction });
  return { appeals, decidedAgain, state };
}

async function takenBy(
  stage: Stage,
  { appeal, among }: { appeal: string; among: ReadonlySet<string> },
): Promise<string> {
  for (const name of among) {
    const reviewer = await stage.as(name);
    const taken = await reviewer.review.take().catch(() => undefined);
    if (taken && reviewIdOf(taken) === appeal) return name;
  }
  throw new Error('no reviewer is given the appeal');
}

async function joinWithoutEnd(stage: Stage) {
  const { filed, victims } = await plant(stage);
  await sayNotified(stage, await stage.as('Harbour'), filed);
  const accuser = await stage.person();
  await appealBy(accuser, await claimByCode(accuser, filed.code));
  let joined = 1;
  for (let n = 1; n < 100; n++) {
    const key = await claimByCode(accuser, filed.code);
    if ((await outcomeOf(() => joinBy(accuser, key))) === 'accepted') joined += 1;
  }
  const victim = await stage.person();
  const [own = ''] = await findByEmail(stage, victim, victims);
  prepared(own !== '', 'the victim’s address finds the case');
  return { joined, victimJoins: await outcomeOf(() => joinBy(victim, own)) };
}

const joinBy = (person: Awaited<ReturnType<Stage['person']>>, key: string) =>
  person.join({ key, ground: 'not-me', words: 'Made up words.' });
