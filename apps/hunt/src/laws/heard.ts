import type { Facts, Stage } from '../world/stage.ts';
import type { Act } from '../play.ts';
import type { Law } from './law.ts';

// Laws 1 and 2: an answer to a gist by somebody else spends nobody's own.

const tenDays = 10 * 86_400;

/** An appeal is upheld on confirmed evidence, against those alone who answered a gist of it, or had ten days to. */
export const heard: Law = async ({ stage, act, came, enemies }) => {
  const isUpheld = act.op === 'review.decide' && act.literals['verdict'] === 'upheld';
  const sanction = isUpheld && came.accepted ? stage.facts.decisions.at(-1)?.sanction : undefined;
  const record = sanction === undefined ? undefined : stage.record(sanction);
  if (!record) return undefined;
  const lacks = await lacksOf(stage, act);
  if (lacks) return { law: 'heard', kind: lacks, what: `${act.by} upheld ${sanction}: ${lacks}` };
  // A person may have come twice: what counts is that they were heard once.
  const theirs = stage.facts.joined.filter((one) => one.sanction === sanction);
  const unheard = theirs.find(({ by }) => by === record.about && !enemies.has(by));
  if (!unheard || wasHeard(stage, unheard)) return undefined;
  const what = `${act.by} upheld ${sanction} before ${unheard.by} had answered a gist, or had ten days to`;
  return { law: 'heard', kind: 'upheld unheard', what };
};

/** Silence is no evidence, and nothing is upheld on what the creator was not told of. */
async function lacksOf(stage: Stage, act: Act): Promise<string | undefined> {
  const seat = stage.referred(act, 'seat', 'seat');
  if (!seat?.appeal.startsWith('apl')) return undefined;
  const isTold = stage.facts.done.some(
    (done) =>
      done.op === 'review.ask' &&
      done.literals['kind'] === 'gist' &&
      stage.referred(done, 'appeal', 'appeal')?.appeal === seat.appeal,
  );
  if (!isTold) return 'no gist was told';
  const row = await stage.registry.services.db
    .selectFrom('appeals')
    .select('evidence_confirmed_at')
    .where('id', '=', seat.appeal)
    .executeTakeFirst();
  return row?.evidence_confirmed_at ? undefined : 'nobody confirmed the evidence';
}

function wasHeard(
  { facts, instant }: Stage,
  { sanction, by, at }: Facts['joined'][number],
): boolean {
  const gists = facts.asked.filter(
    (one) => one.sanction === sanction && one.kind === 'gist' && one.at >= at,
  );
  const isAnswered = (question: string): boolean =>
    facts.answered.some((answer) => answer.question === question && answer.by === by);
  // Whoever joined after the last gist is not bound by what it led to.
  return (
    gists.length === 0 ||
    gists.some((gist) => instant >= gist.at + tenDays || isAnswered(gist.question))
  );
}
