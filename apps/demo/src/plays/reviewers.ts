import { reviewIdOf, type ReviewId } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { appealBy, claimByCode, fileAndNotify, newEmail, outcomeOf } from './acts.ts';
import { prepared, type Play } from './play.ts';
import type { Stage } from './stage.ts';

/** Records of Harbour, each appealed by its creator; in the order of the appeals. */
async function appealed(stage: Stage, count: number) {
  const harbour = await stage.as('Harbour');
  const all = [];
  for (let n = 0; n < count; n++) {
    const filed = await fileAndNotify(stage, harbour, { email: newEmail('creator') });
    const person = await stage.person();
    const { appeal } = await appealBy(person, await claimByCode(person, filed.code));
    all.push({ appeal, sanction: filed.sanction });
  }
  return all;
}

/** More than five recusals in 30 days need the panel’s admin. */
const mostRecusals = 5;

export const shoppingForCases: Play = {
  name: 'shopping-for-cases',
  says: 'A reviewer who wants one certain case takes and gives back what is assigned until it comes.',
  bound: `${mostRecusals} recusals in 30 days`,
  async run(stage) {
    const all = await appealed(stage, 12);
    const chosen = all.at(-1)?.appeal;
    const reviewer = await stage.as('Panel:2');
    const { recusals, reached, stopped } = await shop(reviewer, chosen);
    prepared(recusals > 0 || reached, 'the reviewer is assigned something');
    const held = recusals <= mostRecusals;
    return {
      held,
      gained: held
        ? `${recusals} cases seen`
        : `${reached ? 'the chosen case' : 'no case'} after ${recusals} of ${all.length} given back`,
      figures: { waiting: all.length, recusals, reached, stopped },
    };
  },
};

/** Takes and gives back, until the chosen case comes or the registry gives no more. */
async function shop(reviewer: Recourse, chosen: string | undefined) {
  const mostTries = 40;
  for (let recusals = 0; recusals < mostTries; recusals++) {
    let taken: ReviewId | undefined;
    const outcome = await outcomeOf(async () => {
      taken = reviewIdOf(await reviewer.review.take());
      if (taken !== chosen) {
        await reviewer.review.recuse({ appeal: taken, why: 'other-conflict' });
      }
    });
    if (outcome !== 'accepted') return { recusals, reached: false, stopped: outcome };
    if (taken === chosen) return { recusals, reached: true, stopped: 'never' };
  }
  return { recusals: mostTries, reached: false, stopped: 'never' };
}

/** From the eleventh record that one reviewer reverses in a day, a second confirms. */
const mostReversals = 10;

export const serialReversals: Play = {
  name: 'serial-reversals',
  says: 'One reviewer reverses whatever they are assigned, all in one sitting, without looking at evidence.',
  bound: `${mostReversals} records a day`,
  async run(stage) {
    const all = await appealed(stage, 18);
    const harbour = await stage.as('Harbour');
    const reviewer = await stage.as('Panel');
    for (let taken = 0; taken < all.length; taken++) {
      const outcome = await outcomeOf(async () => {
        const taking = await reviewer.review.take();
        const { sanction } = taking;
        const appeal = reviewIdOf(taking);
        const decision = { appeal, sanction, outcome: 'reversed', cause: 'error' } as const;
        await reviewer.review.decide({ ...decision, reasons: 'Made up reasons.' });
      });
      if (outcome !== 'accepted') break;
    }
    let reversed = 0;
    for (const { sanction } of all) {
      if ((await harbour.sanctions.get({ sanction })).state === 'reversed') reversed += 1;
    }
    prepared(reversed > 0, 'the reviewer reverses something');
    return {
      held: reversed <= mostReversals,
      gained: `${reversed} of ${all.length} records reversed by one person in one sitting`,
      figures: { appeals: all.length, reversed },
    };
  },
};
