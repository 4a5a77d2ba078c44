import { disputeWords, type Thing, type Things } from '../acts/things.ts';
import type { Random } from '../draw/random.ts';
import { due, type Due, type IsHonest } from './policy.ts';
import type { Stage } from './stage.ts';

/** Submitters deliver, reviewers take, confirm, tell the gist and decide. */
export function* onReviews(stage: Stage, isHonest: IsHonest, random: Random): Generator<Due> {
  const reviewers = stage.cast.filter(({ kind, name }) => kind === 'reviewer' && isHonest(name));
  const seats = stage.all('seat');
  const seated = new Set<string>(seats.map(({ value }) => value.appeal));
  const appeals = stage.all('appeal');
  for (const { id, value } of appeals) yield* onAppeal({ stage, isHonest, random }, id, value);
  const isWaiting = appeals.some(({ value }) => !seated.has(value.appeal));
  if (isWaiting || random.happens(0.1)) {
    for (const { name } of reviewers) yield due(name, 'review.claim');
  }
  for (const seat of seats) yield* onSeat({ stage, isHonest, random }, seat);
  yield* onDisputes(
    stage,
    reviewers.map(({ name }) => name),
    random,
  );
  for (const { name } of reviewers) if (random.happens(0.1)) yield due(name, 'review.items');
  yield* onItems(stage, isHonest);
}

/** Whoever has a seat votes for the milder outcome: nobody is stopped in an honest world. */
function* onItems(stage: Stage, isHonest: IsHonest): Generator<Due> {
  for (const { id, holder, value } of stage.all('item')) {
    if (holder === null || !isHonest(holder) || !holder.startsWith('reviewer')) continue;
    const milder =
      { admission: 'admit', challenge: 'keep', group: 'keep', strikes: 'keep' }[value.kind] ??
      'refuse';
    yield due(holder, 'review.vote', { item: id }, { outcome: milder });
  }
}

interface Reviewing {
  readonly stage: Stage;
  readonly isHonest: IsHonest;
  readonly random: Random;
}

/** Submitters answer some appeals; whoever has one that speaks of expression says whether the record goes on. */
function* onAppeal(
  { stage, isHonest, random }: Reviewing,
  id: string,
  { sanction }: Things['appeal'],
): Generator<Due> {
  const submitter = stage.record(sanction)?.submitter;
  if (submitter !== undefined && isHonest(submitter) && random.happens(0.2))
    yield due(submitter, 'appeals.respond', { appeal: id }, { how: 'stand' });
  const isOfSpeech = stage.facts.done.some(
    (done) =>
      done.literals['ground'] === 'expression' &&
      stage.referred(done, 'claimant', 'claimant')?.sanction === sanction,
  );
  if (!isOfSpeech) return;
  const seats = stage.all('seat').filter(({ value }) => value.sanction === sanction);
  for (const { by } of seats.map(({ value }) => value))
    if (isHonest(by))
      yield due(by, 'review.relieve', { appeal: id }, { days: random.pick([14, 0]) ?? 0 });
}

function* onSeat({ stage, isHonest, random }: Reviewing, seat: Thing<'seat'>): Generator<Due> {
  const { sanction, by, appeal } = seat.value;
  const submitter = stage.record(sanction)?.submitter;
  // A submitter delivers what it has, of whichever side: it would lose by not doing so.
  if (isDecided(stage, seat)) return;
  if (submitter !== undefined) yield due(submitter, 'evidence.deliver', { seat: seat.id });
  if (!isHonest(by)) return;
  const about = stage.all('appeal').find((one) => one.value.appeal === appeal);
  if (about) yield due(by, 'review.ask', { seat: seat.id, appeal: about.id }, { kind: 'gist' });
  yield due(by, 'review.get', { seat: seat.id });
  yield due(by, 'evidence.open', { seat: seat.id });
  if (hasFile(stage, sanction)) yield due(by, 'review.file', { seat: seat.id });
  // Now and then a digest does not fit: somebody else looks.
  const found = random.happens(0.1) ? 'evidence.dispute' : 'evidence.confirm';
  yield due(by, found, { seat: seat.id });
  yield due(by, 'review.decide', { seat: seat.id }, { verdict: verdictOf(stage, seat, random) });
}

const hasFile = (stage: Stage, sanction: string): boolean =>
  stage.facts.done.some(
    (done) =>
      done.op === 'case.addFile' &&
      stage.referred(done, 'claimant', 'claimant')?.sanction === sanction,
  );

/** Somebody else repeats what a reviewer says of an item, and says what they see. */
function* onDisputes(stage: Stage, reviewers: readonly string[], random: Random): Generator<Due> {
  const isDisputed = stage.facts.done.some(({ op }) => op === 'evidence.dispute');
  for (const name of isDisputed ? reviewers : []) {
    yield due(name, 'evidence.recheck');
    for (const { id, holder } of stage.all('dispute')) {
      if (holder !== name) continue;
      yield due(name, 'evidence.disputed', { dispute: id });
      const says = random.pick(disputeWords) ?? 'fits';
      yield due(name, 'evidence.settle', { dispute: id }, { says });
    }
  }
}

const isDecided = ({ facts }: Stage, { value }: Thing<'seat'>): boolean =>
  facts.decisions.some(({ by, sanction }) => by === value.by && sanction === value.sanction);

/** An honest reviewer upholds what is true; what nobody could know is upheld now and then, too. */
function verdictOf(stage: Stage, { value }: Thing<'seat'>, random: Random): string {
  if (value.appeal.startsWith('itm')) return 'passed';
  const isUpheld = stage.record(value.sanction)?.about === 'accused' || random.happens(0.5);
  return isUpheld
    ? 'upheld'
    : (random.pick(['reversed:error', 'reversed:error', 'finding:error']) ?? 'upheld');
}
