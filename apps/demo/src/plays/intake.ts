import type { Recourse } from '@recourse/sdk';
import { newCaseKey } from '@recourse/sdk/case';
import {
  appealBy,
  check,
  claimByCode,
  fileAndNotify,
  newEmail,
  outcomeOf,
  type Filing,
} from './acts.ts';
import { prepared, type Play } from './play.ts';
import type { Stage } from './stage.ts';

/** A backlog is what no reviewer had for ten days, and more than so many. */
const limit = 20;
const backlogDays = 10;
/** A hold takes three days, and one that would end on a weekend ends on the Monday after it. */
const holdDays = 6;

/** Records of Harbour, each appealed by whoever it is about. No more than its bucket of a day at once. */
async function appealedRecords(stage: Stage, count: number): Promise<Filing[]> {
  const harbour = await stage.as('Harbour');
  const filed: Filing[] = [];
  for (let n = 0; n < count; n++) {
    if (n % 12 === 11) await stage.advance(1);
    const one = await fileAndNotify(stage, harbour, { email: newEmail('puppet') });
    const person = await stage.person();
    await appealBy(person, await claimByCode(person, one.code));
    filed.push(one);
  }
  return filed;
}

/** A record about somebody who has nothing to do with it, and whether a check tells of it. */
async function fresh(stage: Stage, by: Recourse) {
  const email = newEmail('bystander');
  const { sanction } = await fileAndNotify(stage, by, { email });
  const isTold = async (): Promise<boolean> => {
    const { matches } = await check(stage, await stage.as('Marketo'), { email });
    return matches.some((match) => match.sanction === sanction);
  };
  /** Moves to the instant that the record says: no hold ends on a day nobody works, and so none released on one. */
  const untilVisible = async (): Promise<void> => {
    const { visibleFrom } = await by.sanctions.get({ sanction });
    if (visibleFrom !== undefined) await stage.advanceTo(visibleFrom);
  };
  return { isTold, untilVisible };
}

/** How many of its records a group's backlog holds. */
const heldOf = async (by: Recourse): Promise<number> =>
  (await by.parties.standing({})).backlog.held;

/** Reviewers take cases until the backlog is over: how many they took. */
async function takeUntilReleased(stage: Stage, most: number): Promise<number> {
  const harbour = await stage.as('Harbour');
  for (let taken = 1; taken <= most; taken++) {
    await (await stage.as(`Panel:${1 + (taken % 2)}`)).review.take();
    const { backlog } = await harbour.parties.standing({});
    if (backlog.waiting <= backlog.limit) return taken;
  }
  return most + 1;
}

/** After a backlog of so many appeals: what is held, of whom, and what it takes until nothing is. */
async function besiege(stage: Stage, appeals: number) {
  const [harbour, tubely] = [await stage.as('Harbour'), await stage.as('Tubely')];
  await stage.advance(backlogDays + 1);
  const { backlog } = await harbour.parties.standing({});
  prepared(backlog.waiting > backlog.limit, 'too many appeals wait');
  const [own, other] = [await fresh(stage, harbour), await fresh(stage, tubely)];
  await stage.advance(holdDays);
  const figures = {
    appeals,
    waiting: backlog.waiting,
    ownTold: await own.isTold(),
    ownHeld: await heldOf(harbour),
    othersTold: await other.isTold(),
    othersHeld: await heldOf(tubely),
  };
  const assignments = await takeUntilReleased(stage, appeals);
  await stage.advance(holdDays);
  await own.untilVisible();
  const lost = (await heldOf(harbour)) > 0 || !(await own.isTold()) ? 1 : 0;
  return { ...figures, assignments, lost };
}

const nobodyElse = (others: { othersTold: boolean; othersHeld: number; lost: number }): boolean =>
  others.othersTold && others.othersHeld === 0 && others.lost === 0;

export const ownAppeals: Play = {
  name: 'own-appeals',
  says: 'A member appeals its own records by the codes that it hands out, so that the registry accepts nobody’s records.',
  bound: 'its own new records alone are held',
  async run(stage) {
    const appeals = limit + 4;
    await appealedRecords(stage, appeals);
    const found = await besiege(stage, appeals);
    prepared(!found.ownTold && found.ownHeld === 1, 'its own new record is held');
    const held = nobodyElse(found);
    return {
      held,
      gained: held
        ? `${found.ownHeld} record of its own held, until ${found.assignments} of ${appeals} appeals were taken`
        : `${found.othersHeld} records of others held, ${found.lost} lost`,
      figures: found,
    };
  },
};

export const sockPuppets: Play = {
  name: 'sock-puppets',
  says: 'Invented people, each with a record of their own, appeal against one platform, so that its new records answer nobody.',
  bound: 'one appeal a record and person who proved a way in; new records are held, never lost',
  async run(stage) {
    const appeals = limit + 6;
    const filed = await appealedRecords(stage, appeals);
    const uninvited = await withoutWay(stage);
    const twice = await againBy(stage, filed[0]!);
    const found = await besiege(stage, appeals);
    const held = nobodyElse(found) && uninvited !== 'accepted' && twice !== 'accepted';
    return {
      held,
      gained: `${found.ownHeld} new record held until ${found.assignments} of ${appeals} appeals were taken, ${found.lost} lost`,
      figures: { ...found, uninvited, twice },
    };
  },
};

/** Appeals by an invented secret. */
const withoutWay = async (stage: Stage): Promise<string> => {
  const person = await stage.person();
  return outcomeOf(() => appealBy(person, newCaseKey()));
};

/** Comes in once more, and opens a second appeal beside the first. */
const againBy = async (stage: Stage, { code }: Filing): Promise<string> => {
  const person = await stage.person();
  const key = await claimByCode(person, code);
  return outcomeOf(() => appealBy(person, key));
};
