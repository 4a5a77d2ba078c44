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
    // Its bucket of a day takes twenty records.
    if (n % 18 === 17) await stage.advance(1);
    const filed = await fileAndNotify(stage, harbour, { email: newEmail('creator') });
    const person = await stage.person();
    const { appeal } = await appealBy(person, await claimByCode(person, filed.code));
    all.push({ appeal, sanction: filed.sanction });
  }
  return all;
}

/** More than five recusals in 30 days need the panel’s admin. */
const mostRecusals = 5;
/** Assignments that one reviewer has at once, and that wait for the evidence of one group. */
const mostAssigned = 30;
/** Of a group’s appeals one of the ten that are due first is drawn. */
const drawnFrom = 10;

export const shoppingForCases: Play = {
  name: 'shopping-for-cases',
  says: 'A reviewer who wants one certain case takes every assignment, and gives cases back as often as allowed, until it comes.',
  bound: `${mostAssigned} assignments and ${mostRecusals} recusals in 30 days, each drawn by the registry`,
  async run(stage) {
    await stage.beginOnMonday();
    const others = await appealed(stage, mostAssigned + mostRecusals + drawnFrom);
    // Due a day after all others: an order among equals would be a draw of its own.
    await stage.advance(1);
    const last = await appealed(stage, 1);
    const all = [...others, ...last];
    const chosen = last[0]?.appeal;
    const found = await shop(await stage.as('Panel:2'), chosen);
    prepared(found.seen > 0, 'the reviewer is assigned something');
    const held =
      !found.reached && found.recusals <= mostRecusals && found.seen <= mostAssigned + mostRecusals;
    return {
      held,
      gained: `${found.seen} of ${all.length} cases seen, ${found.recusals} of them given back; the chosen one ${found.reached ? 'reached' : 'not reached'}`,
      figures: { waiting: all.length, ...found },
    };
  },
};

/** Takes, and gives back as long as the registry lets them, until the chosen case comes or none is given any more. */
async function shop(reviewer: Recourse, chosen: string | undefined) {
  const found = { seen: 0, recusals: 0, reached: false, stopped: 'never' };
  while (!found.reached && found.stopped === 'never') {
    let appeal: ReviewId | undefined;
    const taken = await outcomeOf(async () => {
      appeal = reviewIdOf(await reviewer.review.take());
    });
    if (!appeal) return { ...found, stopped: taken };
    found.seen += 1;
    found.reached = appeal === chosen;
    const back = { appeal, why: 'other-conflict' } as const;
    if (!found.reached && (await outcomeOf(() => reviewer.review.recuse(back))) === 'accepted') {
      found.recusals += 1;
    }
  }
  return found;
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
        // The panel may have inspections to make, too.
        if ('inspection' in taking) return;
        const { appeal, sanction } = taking;
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
