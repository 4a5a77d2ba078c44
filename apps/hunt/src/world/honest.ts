import { answersByQuestion } from '@recourse/protocol';
import type { Things } from '../acts/things.ts';
import type { Act } from '../play.ts';
import type { Random } from '../draw/random.ts';
import { repeated } from '../draw/repeat.ts';
import { habit } from './habits.ts';
import { onReviews } from './honest-reviews.ts';
import { due, type Due, type IsHonest, type Policy } from './policy.ts';
import type { Done, Stage } from './stage.ts';

const mostTries = 3;

/** How often an honest step is no duty. */
const beside = 0.12;

/** How often somebody does again what they did: the answer was slow, or got lost. */
const clicksTwice = 0.08;

/** The honest world is a policy: what is due, in no order that an enemy could count on. */
export function dueAct(policy: Policy, id: string): Act {
  const { random, tried } = policy;
  const other = random.happens(beside) ? habit(policy, policy.counts) : undefined;
  if (other) return { id, ...other };
  const isTheirs = (name: string): boolean => !policy.enemies.has(name);
  const again = random.happens(clicksTwice) ? repeated(policy, { id, isTheirs }) : undefined;
  if (again) return again;
  const due = duesOf(policy);
  const one = random.happens(0.2) ? undefined : newestOrAny(policy, due);
  if (one) tried.set(nameOf(one), (tried.get(nameOf(one)) ?? 0) + 1);
  return { id, ...(one ?? passing(random)) };
}

/** Each kind of duty as often, or what was just made first: a check lasts minutes. */
function newestOrAny({ stage, random }: Policy, due: readonly Due[]): Due | undefined {
  if (random.happens(0.7)) {
    const op = random.pick([...new Set(due.map((one) => one.op))]);
    return random.pick(due.filter((one) => one.op === op));
  }
  const place = ({ refs }: Due): number =>
    Math.max(
      -1,
      ...Object.values(refs).map((id) => stage.things.findIndex((one) => one.id === id)),
    );
  return due.toSorted((a, b) => place(b) - place(a))[0];
}

export function noteDone({ tried }: Policy, act: Act): void {
  // What was refused is tried anew once time passed.
  if (act.op === 'world.wait') tried.clear();
  else if (!hasRefs(act)) tried.delete(nameOf(act));
}

const hasRefs = ({ refs }: Due): boolean => Object.keys(refs).length > 0;
const nameOf = ({ by, op, refs }: Pick<Done, 'by' | 'op' | 'refs'>): string =>
  `${by} ${op} ${Object.values(refs).join(' ')}`;

/** Time goes on, mail arrives, jobs run. */
const passing = (random: Random): Due => {
  const op =
    random.pick(['world.wait', 'world.wait', 'world.mail', 'world.jobs'] as const) ?? 'world.wait';
  const hours = random.pick([1, 2, 12, 24, 24, 72]) ?? 24;
  return {
    by: 'operator-2',
    op,
    refs: {},
    literals: op === 'world.wait' ? { hours } : {},
  };
};

/** All that is due now: what was done is not, nor what was refused often today. */
export function duesOf(policy: Policy): Due[] {
  const done = doneBy(policy.stage);
  return [...dues(policy)].filter(
    (one) =>
      (policy.tried.get(nameOf(one)) ?? 0) < mostTries && !(hasRefs(one) && done.has(nameOf(one))),
  );
}

/** Names of what was done; what was destroyed or did not fit is delivered once more. */
function doneBy({ facts }: Stage): ReadonlySet<string> {
  const again = facts.done.findLastIndex(
    ({ op }) => op === 'evidence.reject' || op === 'evidence.settle',
  );
  const still = facts.done.filter(({ op }, at) => op !== 'evidence.deliver' || at > again);
  return new Set(still.map(nameOf));
}

function* dues({ stage, random, enemies }: Policy): Generator<Due> {
  const isHonest = (name: string): boolean => !enemies.has(name);
  yield* onRecords(stage, isHonest, random);
  yield* onCases(stage, isHonest, random);
  yield* onReviews(stage, isHonest, random);
  yield* onChecks(stage, isHonest, random);
  yield* onInquiries(stage, isHonest, random);
}

/** Honest platforms record what happened to them, notify, and hand the code over. */
function* onRecords(stage: Stage, isHonest: IsHonest, random: Random): Generator<Due> {
  const records = stage.all('record');
  if (records.length < 4) {
    for (const by of ['market', 'harbour'].filter(isHonest)) {
      const about = random.pick(['victim', 'sharer', 'accused']) ?? 'victim';
      const way = about === 'sharer' ? 'account' : 'email+domain';
      yield due(
        by,
        'sanctions.submit',
        {},
        {
          about,
          way,
          reason:
            random.pick(['fraud.phishing', 'fraud.scam', 'identity.impersonation']) ??
            'fraud.phishing',
        },
      );
    }
  }
  for (const { id, value } of records) {
    // What is written to its address is a matter of the registry; the platform of an enemy may leave it out.
    if (!isHonest(value.submitter)) continue;
    if (value.subjects.some(({ kind }) => kind === 'email' || kind === 'phone'))
      yield due(value.submitter, 'sanctions.notify', { record: id }, { language: 'en' });
    else yield due(value.submitter, 'sanctions.stateNotice', { record: id });
    yield due(value.submitter, 'world.hand', { record: id }, { to: value.about });
  }
}

/** Creators come by their ways, appeal or join, and answer what they are asked. */
function* onCases(stage: Stage, isHonest: IsHonest, random: Random): Generator<Due> {
  const isTheirs = (holder: string | null): holder is string =>
    holder !== null && isPerson(stage, holder) && isHonest(holder);
  for (const { id, holder } of stage.all('code')) {
    if (isTheirs(holder)) yield due(holder, 'case.claim', { code: id });
  }
  for (const { id, holder } of stage.all('ticket')) {
    if (isTheirs(holder)) yield due(holder, 'case.ticket', { ticket: id });
  }
  for (const { id, holder, value } of stage.all('claimant')) {
    if (!isTheirs(holder)) continue;
    if (mayDefend(stage, holder, value)) yield* onCase(stage, random, { id, holder, value });
    // People take days to answer.
    const isWilling = hasJoined(stage, holder, value) && random.happens(0.3);
    if (isWilling && isAsked(stage, value.sanction))
      yield due(holder, 'case.addInformation', { claimant: id }, { answers: true });
  }
}

const hasJoined = (stage: Stage, holder: string, { sanction }: Things['claimant']): boolean =>
  stage.facts.joined.some((one) => one.by === holder && one.sanction === sanction);

function* onCase(
  stage: Stage,
  random: Random,
  { id, holder, value }: { id: string; holder: string; value: Things['claimant'] },
): Generator<Due> {
  const grounds = ['facts-wrong', 'not-me', 'expression', 'authority', 'procedure'];
  const ground = random.pick(grounds) ?? 'procedure';
  const refs = { claimant: id };
  const isHere = (one: { sanction: string }): boolean => one.sanction === value.sanction;
  const appeals = stage.all('appeal').filter((appeal) => isHere(appeal.value));
  yield appeals.length > stage.facts.decisions.filter(isHere).length
    ? due(holder, 'case.join', refs, { ground })
    : due(holder, 'case.appeal', refs, { ground, how: 'plain' });
}

/** One of the cast: guests do nothing by themselves. */
const isPerson = ({ cast }: Stage, name: string): boolean =>
  cast.some((one) => one.name === name && one.kind === 'person');
const isAsked = (stage: Stage, sanction: string): boolean =>
  stage.all('question').some(({ value }) => value.sanction === sanction);

/** A person appeals against what is said about them, not about others. */
const mayDefend = (stage: Stage, holder: string, { sanction }: Things['claimant']): boolean =>
  stage.record(sanction)?.about === holder;

/** Honest platforms answer those who ask, and say that their keys are not lost. */
function* onInquiries(stage: Stage, isHonest: IsHonest, random: Random): Generator<Due> {
  for (const { id, value } of stage.all('inquiry')) {
    const submitter = stage.record(value.sanction)?.submitter;
    const answer = random.pick(answersByQuestion[value.asks]) ?? 'yes';
    if (submitter && isHonest(submitter))
      yield due(submitter, 'matches.answer', { inquiry: id }, { answer });
  }
  for (const { op, by, literals } of stage.facts.done) {
    // It never lost its keys.
    const party = String(literals['party']);
    if (op === 'platforms.reenrol' && isHonest(by) && isHonest(party))
      yield due(party, 'parties.keepKeys');
  }
}

/** Honest platforms ask about people who come, and do what they owe. */
function* onChecks(stage: Stage, isHonest: IsHonest, random: Random): Generator<Due> {
  for (const by of ['market', 'tubely'].filter(isHonest)) {
    if (random.happens(0.2)) {
      const about = random.pick(['victim', 'sharer', 'accused']) ?? 'victim';
      yield due(by, 'checks.evaluate', {}, { about, purpose: 'signup' });
    }
    yield* onAnswers(stage, by);
    if (random.happens(0.1)) yield due(by, 'recalls.list');
  }
}

function* onAnswers(stage: Stage, by: string): Generator<Due> {
  const own = <T extends { readonly holder: string | null }>(things: readonly T[]): T[] =>
    things.filter(({ holder }) => holder === by);
  for (const { id } of own(stage.all('check'))) yield due(by, 'checks.match', { check: id });
  for (const { id } of own(stage.all('match')))
    yield due(by, 'checks.report', { match: id }, { outcome: 'admitted' });
  for (const { id, value } of own(stage.all('recall'))) {
    const action =
      { undo: 'undone', pause: 'paused', correct: 'corrected' }[value.kind] ?? 'undone';
    yield due(by, 'recalls.acknowledge', { recall: id }, { action });
  }
}
