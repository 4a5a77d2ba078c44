import { sql } from 'kysely';
import { changesSomething } from '../play.ts';
import { codesOfOthers } from './codes.ts';
import type { Law, Moment } from './law.ts';

// Laws 1, 2 and 5: what somebody else did spends nothing of a person's own: not their room, not their appeal, not their
// judge.

/** Looks at what honest people are refused, and at appeals that end without them. */
export const own: Law = async (moment) => {
  const { act, came, enemies } = moment;
  if (came.accepted) return changesSomething(act) ? endedWithout(moment) : undefined;
  if (enemies.has(act.by)) return undefined;
  if (came.code === 'state-conflict/too-many') return roomOfOthers(moment);
  if (came.code === 'state-conflict/too-many-codes') return codesOfOthers(moment);
  if (came.code === 'state-conflict/too-soon') return boundUnheard(moment);
  if (came.code.startsWith('state-conflict/too-many-')) return spentByOthers(moment);
  return act.op === 'review.claim' && came.code === 'not-found' ? noCase(moment) : undefined;
};

const mostTexts = 8;

/** Eight texts are each claimant's own. */
function roomOfOthers({ stage, act }: Moment) {
  if (act.op !== 'case.addInformation') return undefined;
  const { claimant } = act.refs;
  const written = stage.facts.done.filter(
    (done) => done.op === act.op && done.refs['claimant'] === claimant,
  );
  if (written.length >= mostTexts) return undefined;
  const what = `${act.by} wrote ${written.length} texts, and has no room for another`;
  return { law: 'own', kind: 'room of texts', what } as const;
}

/** Whoever never did something has all of what there is of it for them. */
function spentByOthers({ stage, act, came }: Moment) {
  if (stage.facts.done.some(({ by, op }) => by === act.by && op === act.op)) return undefined;
  const what = `${act.by} never did ${act.op}, and is refused as ${came.code}`;
  return { law: 'own', kind: `${act.op} spent by others`, what } as const;
}

/** A decision binds those who joined it, and had joined when its last gist was told. */
function boundUnheard({ stage, act }: Moment) {
  const claimant = stage.referred(act, 'claimant', 'claimant');
  if (act.op !== 'case.appeal' || !claimant || claimant.way === 'invited') return undefined;
  const { joined } = stage.facts;
  const isHeard = joined.some(
    ({ by, sanction }) => by === act.by && sanction === claimant.sanction,
  );
  if (isHeard) return undefined;
  const what = `${act.by} never appealed against ${claimant.sanction}, and is bound`;
  return { law: 'own', kind: 'bound unheard', what } as const;
}

/** An appeal ends as withdrawn once all who joined it withdrew. */
async function endedWithout({ stage, enemies }: Moment) {
  const { done } = stage.facts;
  const given = done.filter(({ op }) => op === 'case.withdrawAppeal');
  if (given.length === 0) return undefined;
  const { db } = stage.registry.services;
  const ended = await db
    .selectFrom('appeals')
    .select(['id', 'sanction', 'opened_at', 'closed_at'])
    .where('closed_as', '=', 'withdrawn')
    .execute();
  for (const { id, sanction, opened_at, closed_at } of ended) {
    const isDuring = (at: number): boolean =>
      at * 1000 >= opened_at.getTime() && at * 1000 <= (closed_at?.getTime() ?? 0);
    const left = stage.facts.joined.find(
      (one) =>
        one.sanction === sanction &&
        !enemies.has(one.by) &&
        isDuring(one.at) &&
        !given.some(({ by }) => by === one.by),
    );
    if (!left) continue;
    const what = `${left.by} joined ${id}, which ended as withdrawn, and withdrew nothing`;
    return { law: 'own', kind: 'withdrawn by others', what } as const;
  }
  return undefined;
}

/** A reviewer who is asked for work gets what waits, unless the submitter employs them or they had it before. */
async function noCase({ stage, act }: Moment) {
  const holder = stage.who(act.by).key?.holder ?? '';
  // Whoever joins a group brings its reviewers along.
  if (stage.facts.done.some(({ op }) => op === 'platforms.setGroup')) return undefined;
  const {
    rows: [waiting],
  } = await sql<{ id: string }>`
    select a.id from appeals a
    where a.closed_at is null and a.withdraws_at is null and a.evidence_lapses_at is null
      and a.undecided_at > ${stage.registry.now()}
      and not exists (select from assignments c where c.review = a.id)
      and not exists (select from assignments c where c.sanction = a.sanction and c.holder = ${holder})
      and not exists (select from disputes d where d.sanction = a.sanction and d.second = ${holder})
      and not exists (select from inspections u where u.sanction = a.sanction and ${holder} = any(u.deciders))
      and not exists (select from affiliations f where f.party = a.submitter and f.holder = ${holder})
    limit 1`.execute(stage.registry.services.db);
  if (!waiting) return undefined;
  const what = `${act.by} is given nothing, and ${waiting.id} waits for a reviewer`;
  return { law: 'own', kind: 'no judge', what } as const;
}
