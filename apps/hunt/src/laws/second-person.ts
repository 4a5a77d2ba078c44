import type { Thing } from '../acts/things.ts';
import type { Done, Stage } from '../world/stage.ts';
import { ofOperators, sayOf } from './one-vote.ts';

export type Ref = Thing<'record'>;

/** Acts by which claimants and reviewers change what a record answers. */
const concerning: ReadonlySet<string> = new Set([
  'appeals.respond',
  'case.appeal',
  'case.join',
  'case.requestErasure',
  'case.withdrawAppeal',
  'evidence.confirm',
  'evidence.deliver',
  'evidence.dispute',
  'evidence.reject',
  'evidence.settle',
  'orders.execute',
  'review.ask',
  'review.claim',
  'review.decide',
  'review.excuse',
  'review.recuse',
  'review.relieve',
  'sanctions.confirm',
  'sanctions.withdraw',
]);

/** Who did what about a record, of what is somebody's to do. Names are those of acts, so that two plays can be compared. */
export function fingerprintOf(stage: Stage, sanction: string): string {
  const submitter = stage.record(sanction)?.submitter;
  const acts = stage.facts.done.filter(
    (done) =>
      concerning.has(done.op) &&
      isAbout(stage, done, sanction) &&
      // What another platform does to a record is nobody's decision.
      (done.by === submitter || !stage.who(done.by).platform),
  );
  const names = acts.map(({ by, op, literals }) => [by, op, ...Object.values(literals)].join(' '));
  return [...new Set(names), bouncersOf(stage, sanction)].toSorted().join('\n');
}

function isAbout(stage: Stage, { id, refs }: Done, sanction: string): boolean {
  const named = new Set(Object.values(refs));
  // What it made is about a record, too: the seat of whoever took a case.
  return stage.things.some(
    (thing) =>
      (named.has(thing.id) || thing.id.startsWith(`${id}/`)) &&
      'sanction' in thing.value &&
      thing.value.sanction === sanction,
  );
}

/** A message came back once two operators say so; what one says alone is nobody's decision. */
function bouncersOf(stage: Stage, sanction: string): string {
  const subjects = stage.record(sanction)?.subjects ?? [];
  const reports = stage.facts.done.filter((done) => {
    const to = stage.referred(done, 'message', 'message')?.to;
    return done.op === 'sanctions.bounced' && subjects.some(({ value }) => value === to);
  });
  const operators = new Set(reports.map(({ by }) => by));
  return operators.size > 1 ? 'bounced' : '';
}

/** An order is about one record, and stands among the acts that concern it. */
const ofTwo: ReadonlySet<string> = new Set(
  [...ofOperators, 'platforms.restore', 'platforms.setQuota', 'taxonomy.enable'].filter(
    (op) => !concerning.has(op),
  ),
);

/** How often the panel or two operators decided about a party. */
export const timesDecided = (stage: Stage): number =>
  stage.facts.done.filter(
    (done) =>
      (done.op === 'review.vote' && stateOf(done.result) === 'closed') ||
      (ofTwo.has(done.op) && stateOf(done.result) === 'executed' && isByTwo(stage, done)),
  ).length;

/** The same was said by another before. */
const isByTwo = (stage: Stage, act: Done): boolean =>
  stage.facts.done.some(
    (done) => done.by !== act.by && done.op === act.op && sayOf(stage, done) === sayOf(stage, act),
  );

export const stateOf = (result: unknown): unknown =>
  typeof result === 'object' && result !== null && 'state' in result ? result.state : undefined;

/** Whether two records name one identifier. */
export const sharesWith = (one: Ref, other: Ref): boolean =>
  one.value.subjects.some(({ value }) => other.value.subjects.some((own) => own.value === value));
