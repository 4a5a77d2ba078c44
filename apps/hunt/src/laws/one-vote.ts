import { sql } from 'kysely';
import { changesSomething } from '../play.ts';
import type { Done, Stage } from '../world/stage.ts';
import type { Law, Moment } from './law.ts';

// Law 4: no single vote stops a party.

/** Nobody is stopped by fewer than two people: it counts those who named a cause, never those who might have. */
export const oneVote: Law = async ({ stage, act, came }) => {
  if (!came.accepted || !changesSomething(act)) return undefined;
  const alone = decidedAlone({ stage, act, came });
  if (alone) return alone;
  for (const stop of await stopsOf(stage)) {
    const people = new Set(peopleBehind(stage, stop));
    if (people.size >= 2) continue;
    const by = [...people].join() || 'nobody';
    const what = `${stop.name} is stopped (${stop.cause}) by ${by}`;
    return { law: 'one-vote', kind: stop.cause, what };
  }
  return undefined;
};

/** What stops, lets in or executes something: an operator alone does none of these. */
export const ofOperators: ReadonlySet<string> = new Set([
  'orders.execute',
  'panel.invite',
  'panel.remove',
  'platforms.leave',
  'platforms.reenrol',
  'platforms.register',
  'platforms.setGroup',
  'platforms.suspend',
]);

/** What takes two operators, or the panel, is done by more than one person. */
function decidedAlone({ stage, act, came }: Pick<Moment, 'stage' | 'act' | 'came'>) {
  const { state } = { state: undefined, ...(came.result as { state?: string } | undefined) };
  const isOperators =
    state === 'executed' && ofOperators.has(act.op) && !stage.who(act.by).platform;
  const isPanels = state === 'closed' && act.op === 'review.vote';
  if (!isOperators && !isPanels) return undefined;
  const what = sayOf(stage, act);
  const same = stage.facts.done.filter((done) => done.op === act.op && sayOf(stage, done) === what);
  if (new Set(same.map(({ by }) => by)).size >= 2) return undefined;
  return { law: 'one-vote', kind: act.op, what: `${act.by} alone decided: ${what}` } as const;
}

/** What an act is about, whoever does it. */
export const sayOf = (stage: Stage, act: Pick<Done, 'op' | 'refs' | 'literals'>): string =>
  act.op === 'review.vote'
    ? (stage.referred(act, 'item', 'item')?.item ?? '')
    : [act.op, ...Object.values(act.refs), ...Object.values(act.literals)].join(' ');

interface Stop {
  readonly name: string;
  readonly cause: string;
  readonly item: string | null;
}

/** Parties that record nothing, or whose new records are held until the panel voted. */
async function stopsOf(stage: Stage): Promise<Stop[]> {
  const { db } = stage.registry.services;
  const held = db
    .selectFrom('panel_items')
    .select(['party', sql<string>`'held-for-speech'`.as('cause'), 'id as item'])
    .where('kind', '=', 'speech')
    .where('closed_at', 'is', null);
  const stops: { party: string; cause: string; item: string | null }[] = await db
    .selectFrom('party_suspensions')
    .select(['party', 'cause', 'item'])
    .where('lifted_at', 'is', null)
    .unionAll(held)
    .execute();
  return stops.flatMap(({ party, ...stop }) => {
    const name = stage.partyOf(party)?.name;
    return name === undefined ? [] : [{ ...stop, name }];
  });
}

/** Causes that bring an item about speech. */
const speech = new Set(['expression', 'authority-origin']);

function peopleBehind({ facts }: Stage, { name, cause, item }: Stop): string[] {
  // What a submitter says itself stops it by its own word.
  const itself = facts.conceded.filter(({ by }) => by === name).flatMap(({ by }) => [by, 'itself']);
  const operators = facts.proposed.filter(({ party }) => party === name);
  const voters = facts.votes.filter((one) => one.item === item && one.outcome === 'suspend');
  const deciders = facts.decisions.filter(
    (one) => one.submitter === name && speech.has(one.cause ?? ''),
  );
  const named = [...operators, ...voters, ...(cause === 'held-for-speech' ? deciders : [])];
  return [...itself, ...named.map(({ by }) => by)];
}
