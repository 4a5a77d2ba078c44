import { sql } from 'kysely';
import { changesSomething } from '../play.ts';
import type { Stage } from '../world/stage.ts';
import type { Law } from './law.ts';

// Law 4: no single vote stops a party.

/** Nobody is stopped by fewer than two people: it counts those who named a cause, never those who might have. */
export const oneVote: Law = async ({ stage, act, came }) => {
  if (!came.accepted || !changesSomething(act)) return undefined;
  for (const stop of await stopsOf(stage)) {
    const people = new Set(peopleBehind(stage, stop));
    if (people.size >= 2) continue;
    const by = [...people].join() || 'nobody';
    const what = `${stop.name} is stopped (${stop.cause}) by ${by}`;
    return { law: 'one-vote', kind: stop.cause, what };
  }
  return undefined;
};

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
