import type { LawName } from '../laws/law.ts';
import { world, type Preparing } from './preparing.ts';

// A day of many: what has a bound of tens is near it, since drawing alone would not get there.

const crowd = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `guest-${String(from + at).padStart(2, '0')}`);

/** A platform records as many as it may in a day, and all of them are told by text message. */
function recordedAll({ add, random }: Preparing): void {
  const by = random.pick(['newcomer', 'harbour']) ?? 'newcomer';
  add(world, 'world.mail');
  for (const about of crowd(1, 20)) {
    const record = `${add(by, 'sanctions.submit', { about, way: 'phone', reason: 'fraud.scam' })}/record/0`;
    add(by, 'sanctions.notify', { refs: { record }, language: 'en' });
  }
  const mail = add(world, 'world.mail');
  // One comes back, and is written once more: on this day, or on the next.
  if (random.happens(0.5))
    add(world, 'sanctions.bounced', { refs: { message: `${mail}/message/1` } });
}

/** A reviewer dismisses ten appeals in a day, and others wait. */
function dismissedMany({ add, submitter }: Preparing): void {
  const guests = crowd(21, 33);
  add(world, 'world.mail');
  for (const about of guests) {
    const filed = add(submitter, 'sanctions.submit', { about, way: 'email', reason: 'fraud.scam' });
    add(submitter, 'sanctions.notify', { refs: { record: `${filed}/record/0` }, language: 'en' });
  }
  const mail = add(world, 'world.mail');
  for (const [at, by] of guests.entries()) {
    // Each message is a code to its reader, and an id that comes back with a bounce.
    const refs = { code: `${mail}/code/${2 * at}` };
    const claimant = `${add(by, 'case.claim', { refs })}/claimant/0`;
    add(by, 'case.appeal', { refs: { claimant }, ground: 'procedure', how: 'plain' });
    if (at >= 10) continue;
    const seat = `${add('reviewer-1', 'review.claim')}/seat/0`;
    add('reviewer-1', 'review.decide', { refs: { seat }, verdict: 'dismissed' });
  }
}

/** A small platform has a small bucket: both operators made it so. */
function fewUnits({ add, random }: Preparing): void {
  const party = random.pick(['harbour', 'tubely', 'newcomer']) ?? 'tubely';
  for (const by of ['operator-1', 'operator-2'])
    add(by, 'platforms.setQuota', { party, what: 'elements', most: 40 });
}

interface Crowd {
  /** Of what there is a bound of */
  readonly law: LawName;
  readonly happened: (state: Preparing) => void;
}

const crowds: readonly Crowd[] = [
  { law: 'budgets', happened: recordedAll },
  { law: 'series', happened: dismissedMany },
  { law: 'units', happened: fewUnits },
];

/** How often a state has a day of many: it takes as long as some histories. */
const ofMany = 0.25;
/** The same where a hunt looks at a few laws alone. */
const ofFewLaws = 0.6;
const few = 3;

/** A day of many, of what is looked at. */
export function crowded(state: Preparing, laws: ReadonlySet<LawName>): void {
  const { random } = state;
  const near = crowds.filter(({ law }) => laws.has(law));
  if (random.happens(laws.size > few ? ofMany : ofFewLaws)) random.pick(near)?.happened(state);
}
