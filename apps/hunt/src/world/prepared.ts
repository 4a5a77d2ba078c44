import type { Act } from '../play.ts';
import type { Random } from '../draw/random.ts';
import type { Literal } from '../acts/row.ts';

// Prepared states hold honest acts alone: what everybody was going to do anyhow, whoever turns out to be an enemy.

/** Two records that answered, told to others: the victim came by a proven way, the sharer by a shared one alone. */
export function prepared(random: Random): Act[] {
  const acts: Act[] = [];
  const submitter = random.pick(['harbour', 'harbour', 'market']) ?? 'harbour';
  const reason =
    random.pick(['fraud.phishing', 'identity.impersonation', 'network.fake-accounts']) ??
    'fraud.phishing';
  const add = (
    by: string,
    op: Act['op'],
    { refs = {}, ...literals }: { refs?: Act['refs'] } & Record<string, Literal | Act['refs']> = {},
  ): string => {
    const id = `p${acts.length}`;
    acts.push({ id, by, op, refs, literals: literals as Act['literals'] });
    return id;
  };
  const world = 'operator-2';
  const first = `${add(submitter, 'sanctions.submit', { about: 'victim', way: 'email+domain', reason })}/record/0`;
  add(submitter, 'sanctions.notify', {
    refs: { record: first },
    language: 'en',
  });
  const mail = add(world, 'world.mail');
  const second = `${add(submitter, 'sanctions.submit', { about: 'sharer', way: 'account', reason })}/record/0`;
  add(submitter, 'sanctions.stateNotice', { refs: { record: second } });
  const handed = add(submitter, 'world.hand', {
    refs: { record: second },
    to: 'sharer',
  });
  const victim = `${add('victim', 'case.claim', { refs: { code: `${mail}/code/0` } })}/claimant/0`;
  add('sharer', 'case.claim', { refs: { code: `${handed}/code/0` } });
  for (let days = 0; days < 15; days += 3) add(world, 'world.wait', { hours: 72 });
  for (const about of ['victim', 'sharer']) {
    const check = `${add('market', 'checks.evaluate', { about, purpose: 'signup' })}/check/0`;
    add('market', 'checks.match', { refs: { check } });
  }
  if (random.happens(0.5)) appealed(add, victim, submitter);
  return acts;
}

type Add = (
  by: string,
  op: Act['op'],
  more?: { refs?: Act['refs'] } & Record<string, Literal | Act['refs']>,
) => string;

/** The victim appeals, a reviewer takes it, and the evidence is there. */
function appealed(add: Add, claimant: string, submitter: string): void {
  add('victim', 'case.appeal', {
    refs: { claimant },
    ground: 'facts-wrong',
    how: 'plain',
  });
  const seat = `${add('reviewer-2', 'review.claim')}/seat/0`;
  add(submitter, 'evidence.deliver', { refs: { seat } });
  add('reviewer-2', 'evidence.confirm', { refs: { seat } });
}
