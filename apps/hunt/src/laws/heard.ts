import type { Facts, Stage } from '../world/stage.ts';
import type { Law } from './law.ts';

// Laws 1 and 2: an answer to a gist by somebody else spends nobody's own.

const tenDays = 10 * 86_400;

/** An appeal is upheld against those alone who answered a gist, or had ten days to. */
export const heard: Law = async ({ stage, act, came, enemies }) => {
  const isUpheld = act.op === 'review.decide' && act.literals['verdict'] === 'upheld';
  const sanction = isUpheld && came.accepted ? stage.facts.decisions.at(-1)?.sanction : undefined;
  const record = sanction === undefined ? undefined : stage.record(sanction);
  if (!record) return undefined;
  // A person may have come twice: what counts is that they were heard once.
  const theirs = stage.facts.joined.filter((one) => one.sanction === sanction);
  const unheard = theirs.find(({ by }) => by === record.about && !enemies.has(by));
  if (!unheard || wasHeard(stage, unheard)) return undefined;
  const what = `${act.by} upheld ${sanction} before ${unheard.by} had answered a gist, or had ten days to`;
  return { law: 'heard', kind: 'upheld unheard', what };
};

function wasHeard({ facts, now }: Stage, { sanction, by, at }: Facts['joined'][number]): boolean {
  const gists = facts.asked.filter(
    (one) => one.sanction === sanction && one.kind === 'gist' && one.at >= at,
  );
  const isAnswered = (question: string): boolean =>
    facts.answered.some((answer) => answer.question === question && answer.by === by);
  // Whoever joined after the last gist is not bound by what it led to.
  return (
    gists.length === 0 ||
    gists.some((gist) => now >= gist.at + tenDays || isAnswered(gist.question))
  );
}
