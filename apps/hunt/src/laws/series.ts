import type { Facts } from '../world/stage.ts';
import type { Law } from './law.ts';

// Law 4: no single vote clears a series. Whoever ended or dismissed ten cases in a day decides the next with somebody.

const serial: ReadonlySet<string> = new Set(['reversed', 'amended', 'finding', 'dismissed']);
const alone = { inADay: 10, ofGroup: 30, groupDays: 30 };
const day = 86_400;

type Decision = Facts['decisions'][number];

/** From the eleventh in a day, and the thirty-first of one submitter in 30 days, a second confirms or a third decides. */
export const series: Law = async ({ stage, act, came }) => {
  if (act.op !== 'review.decide' || !came.accepted) return undefined;
  const { decisions } = stage.facts;
  const last = decisions.at(-1);
  if (!last?.isDecided) return undefined;
  const votes = decisions.filter(({ review }) => review === last.review);
  const one = votes.find((vote) => isSerial(decisions, vote));
  if (!one || votes.length >= 3 || isConfirmed(votes)) return undefined;
  const what = `${one.by} alone decided ${one.sanction} as one more of a series`;
  return { law: 'series', kind: one.outcome, what };
};

function isSerial(decisions: readonly Decision[], vote: Decision): boolean {
  if (!serial.has(vote.outcome)) return false;
  const before = decisions.slice(0, decisions.indexOf(vote)).filter(({ by }) => by === vote.by);
  const within = (days: number): Decision[] =>
    before.filter((one) => serial.has(one.outcome) && one.at > vote.at - days * day);
  const ofSubmitter = within(alone.groupDays).filter(
    ({ submitter }) => submitter === vote.submitter,
  );
  return within(1).length >= alone.inADay || ofSubmitter.length >= alone.ofGroup;
}

/** Two say the same, or both that the record is wrong. */
const isConfirmed = ([first, second]: readonly Decision[]): boolean =>
  first !== undefined &&
  second !== undefined &&
  (first.outcome === second.outcome || (first.cause !== undefined && second.cause !== undefined));
