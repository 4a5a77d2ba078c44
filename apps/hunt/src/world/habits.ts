import { rowOf, actNames, isRead, type ActName } from '../acts/table.ts';
import type { Literal } from '../acts/row.ts';
import type { Counts } from '../draw/counts.ts';
import { isOwn } from '../draw/own.ts';
import type { Due, Policy } from './policy.ts';

/** What honest people do beside what is due, with what is their own, and harms nobody. */
export const harmless: readonly ActName[] = [
  'case.addFile',
  'case.addInformation',
  'case.confirmContact',
  'case.find',
  'case.letter',
  'case.prove',
  'case.receipt',
  'case.requestErasure',
  'case.setContact',
  'case.stopContact',
  'evidence.recheck',
  'evidence.settle',
  'journals.addKey',
  'journals.put',
  'journals.putBook',
  'keys.add',
  'matches.answer',
  'matches.ask',
  'parties.attest',
  'parties.demand',
  'parties.keepKeys',
  'parties.setPolicies',
  'parties.witness',
  'people.invite',
  'sanctions.bounced',
  'sanctions.confirm',
  'sanctions.confirmEcho',
  'subjects.challenge',
];

const habits = [...harmless, ...actNames.filter((name) => isRead(name) && rowOf(name))];

/** One of them, of those that were accepted the least often so far. */
export function habit(policy: Policy, counts: Counts): Due | undefined {
  const { random } = policy;
  for (let n = 0; n < 12; n++) {
    const drawn = [random.pick(habits), random.pick(habits)].filter((one) => one !== undefined);
    const [op] = drawn.toSorted((a, b) => counts.of(a) - counts.of(b));
    const one = op && habitOf(policy, op);
    if (one) return one;
  }
  return undefined;
}

/** An operation by somebody honest, with what is their own. */
export function habitOf({ stage, random, enemies }: Policy, op: ActName): Due | undefined {
  const row = rowOf(op);
  if (!row) return undefined;
  const fit = stage.cast.filter(({ name, kind }) => row.who.includes(kind) && !enemies.has(name));
  for (const by of random.shuffled(fit)) {
    const refs: Record<string, string> = {};
    for (const [name, noun] of Object.entries(row.needs)) {
      const thing = random.pick(
        stage.things.filter((one) => one.noun === noun && isOwn(stage, by, one)).slice(-4),
      );
      if (thing) refs[name] = thing.id;
    }
    if (Object.keys(refs).length < Object.keys(row.needs).length) continue;
    const literals: Record<string, Literal> = {};
    for (const [name, from] of Object.entries(row.choices))
      literals[name] = random.pick(from) ?? '';
    return { by: by.name, op, refs, literals };
  }
  return undefined;
}
