import type { ActName } from '../acts/table.ts';
import type { Done, Stage } from '../world/stage.ts';
import type { Law } from './law.ts';

// What somebody said stands, and counts once: whoever relies on it reads the same afterwards.

interface Said {
  /** What it is said of, and by whom where each has a say; none where it may be said again */
  of(stage: Stage, done: Done): string | undefined;
  /** What lets it be said again */
  opens?(stage: Stage, done: Done): string | undefined;
  readonly promise: string;
}

const said: Partial<Record<ActName, Said>> = {
  'review.vote': {
    promise: 'three votes are three people',
    of: (stage, done) => `${done.by} ${stage.referred(done, 'item', 'item')?.item}`,
  },
  'appeals.respond': {
    promise: 'what a submitter answered stays what the reviewer and the creator read',
    of: (stage, done) =>
      done.literals['how'] === 'stand'
        ? stage.referred(done, 'appeal', 'appeal')?.appeal
        : undefined,
  },
  'matches.answer': {
    promise: 'what a submitter answered is what others went by',
    of: (stage, done) => stage.referred(done, 'inquiry', 'inquiry')?.question,
  },
  'recalls.acknowledge': {
    promise: 'the creator reads what each did, and it stays so',
    of: (stage, done) => stage.referred(done, 'recall', 'recall')?.recall,
  },
  'sanctions.withdraw': {
    promise: 'a record has one end, and one cause that counts',
    of: (stage, done) => stage.referred(done, 'record', 'record')?.sanction,
  },
  'platforms.leave': {
    promise: 'records end thirty days after the platform left',
    of: (_, { by }) => by,
  },
  'parties.object': {
    promise: 'for a year an objector makes no other against the same party',
    of: (_, { by, literals }) =>
      literals['ground'] === 'group-undisclosed' ? `${by} ${literals['to']}` : undefined,
  },
  'evidence.dispute': {
    promise: 'one dispute is looked at by one other reviewer',
    of: (stage, done) => stage.referred(done, 'seat', 'seat')?.appeal,
    // Delivered once more it may be disputed once more.
    opens: (stage, done) =>
      done.op === 'evidence.deliver' ? stage.referred(done, 'seat', 'seat')?.appeal : undefined,
  },
  'case.requestErasure': {
    promise: 'thirty days begin once',
    of: (stage, done) =>
      isOfEnded(done) ? stage.referred(done, 'claimant', 'claimant')?.key : undefined,
    opens: (stage, done) =>
      done.op === 'case.requestErasure' && done.literals['how'] === 'keep'
        ? stage.referred(done, 'claimant', 'claimant')?.key
        : undefined,
  },
};

const isOfEnded = ({ result }: Done): boolean =>
  typeof result === 'object' && result !== null && 'notBefore' in result;

export const once: Law = async ({ stage, act, came }) => {
  const rule = said[act.op];
  const last = stage.facts.done.at(-1);
  const name = rule && came.accepted && last && rule.of(stage, last);
  if (!rule || !last || !name) return undefined;
  const before = stage.facts.done.slice(0, -1);
  const opened = before.findLastIndex((done) => rule.opens?.(stage, done) === name);
  const isAgain = before
    .slice(opened + 1)
    .some((done) => done.op === act.op && rule.of(stage, done) === name);
  if (!isAgain) return undefined;
  return { law: 'once', kind: act.op, what: `${act.by} was heard twice: ${rule.promise}` };
};
