import type { LawName } from '../laws/law.ts';
import type { Act } from '../play.ts';
import type { Random } from '../draw/random.ts';
import { crowded } from './crowds.ts';
import { world, type Add, type Preparing } from './preparing.ts';

// Prepared states hold honest acts alone: what everybody was going to do anyhow, whoever turns out to be an enemy.

/** What may have happened beside: a state has some of them. */
const beside = {
  // First: what follows is news.
  reachable,
  asked,
  bookKept,
  copied,
  corroborated,
  drafted,
  heldByOperators,
  heldForSpeech,
  journalKept,
  objected,
  reversed,
  sharedAppeal,
  stolen,
  strangerDismissed,
  texted,
  vouched,
} as const satisfies Record<string, (state: Preparing) => void>;

/** Two records that answered, told to others: the victim came by a proven way, the sharer by a shared one alone. */
export function prepared(random: Random, laws: ReadonlySet<LawName>): Act[] {
  const acts: Act[] = [];
  const submitter = random.pick(['harbour', 'harbour', 'market']) ?? 'harbour';
  const checker =
    submitter === 'market' ? 'tubely' : (random.pick(['market', 'tubely']) ?? 'market');
  const reason =
    random.pick(['fraud.phishing', 'identity.impersonation', 'network.fake-accounts']) ??
    'fraud.phishing';
  const way = random.pick(['email+domain', 'email+domain', 'email+account']) ?? 'email+domain';
  const add: Add = (by, op, { refs = {}, ...literals } = {}) => {
    const id = `p${acts.length}`;
    acts.push({ id, by, op, refs, literals: literals as Act['literals'] });
    return id;
  };
  const record = `${add(submitter, 'sanctions.submit', { about: 'victim', way, reason })}/record/0`;
  add(submitter, 'sanctions.notify', { refs: { record }, language: 'en' });
  const mail = add(world, 'world.mail');
  const second = `${add(submitter, 'sanctions.submit', { about: 'sharer', way: 'account', reason })}/record/0`;
  add(submitter, 'sanctions.stateNotice', { refs: { record: second } });
  const handed = add(submitter, 'world.hand', { refs: { record: second }, to: 'sharer' });
  const claimant = `${add('victim', 'case.claim', { refs: { code: `${mail}/code/0` } })}/claimant/0`;
  const sharer = `${add('sharer', 'case.claim', { refs: { code: `${handed}/code/0` } })}/claimant/0`;
  for (let days = 0; days < 15; days += 3) add(world, 'world.wait', { hours: 72 });
  const [check = ''] = ['victim', 'sharer'].map((about) => {
    const made = `${add(checker, 'checks.evaluate', { about, purpose: 'signup' })}/check/0`;
    return add(checker, 'checks.match', { refs: { check: made } });
  });
  const state = { add, random, submitter, checker, record, claimant, sharer, check };
  if (random.happens(0.7)) appealed(state);
  for (const happened of random.some(Object.values(beside), 0.4)) happened(state);
  for (let days = 3 * random.below(4); days > 0; days -= 3) add(world, 'world.wait', { hours: 72 });
  if (random.happens(0.5)) add(world, 'world.mail');
  readAll(acts, add);
  // Last: what has a bound for a day is near it on that day.
  crowded(state, laws);
  return acts;
}

/** Everybody looks at what is theirs: what they then read is theirs to read. */
function readAll(acts: readonly Act[], add: Add): void {
  const entered = acts.filter(({ op }) => op === 'case.claim' || op === 'review.claim');
  for (const { id, by, op } of entered) {
    if (op === 'case.claim') add(by, 'case.open', { refs: { claimant: `${id}/claimant/0` } });
    else add(by, 'review.get', { refs: { seat: `${id}/seat/0` } });
  }
}

const mostTexts = 8;

/** Somebody else has a code of the platform, and joins: what they are to the victim nobody knows. */
function joinedBy({ add, submitter, record, random }: Preparing): string | undefined {
  const code = `${add(submitter, 'world.hand', { refs: { record }, to: 'flatmate' })}/code/0`;
  const claimant = `${add('flatmate', 'case.claim', { refs: { code } })}/claimant/0`;
  add('flatmate', 'case.join', { refs: { claimant }, ground: 'not-me' });
  // Some think better of it.
  if (random.happens(0.7)) return claimant;
  add('flatmate', 'case.withdrawAppeal', { refs: { claimant }, how: 'signed' });
  return undefined;
}

/** The victim appeals, a reviewer takes it, and the evidence is there. */
function appealed(state: Preparing): void {
  const { add, claimant, submitter, random } = state;
  const by = random.pick(['reviewer-1', 'reviewer-2']) ?? 'reviewer-2';
  const appeal = `${add('victim', 'case.appeal', { refs: { claimant }, ground: 'facts-wrong', how: 'plain' })}/appeal/0`;
  if (random.happens(0.3)) add('victim', 'case.addFile', { refs: { claimant } });
  const joined = random.happens(0.7) ? joinedBy(state) : undefined;
  const seat = `${add(by, 'review.claim')}/seat/0`;
  add(submitter, 'evidence.deliver', { refs: { seat } });
  add(by, 'evidence.confirm', { refs: { seat } });
  const says = (name: string, own: string, answers: boolean) =>
    add(name, 'case.addInformation', { refs: { claimant: own }, answers });
  // They have much to say, and take all of their room.
  if (joined !== undefined && random.happens(0.2))
    for (let n = 0; n < mostTexts; n++) says('flatmate', joined, false);
  if (random.happens(0.2)) return;
  add(by, 'review.ask', { refs: { seat, appeal }, kind: 'gist' });
  if (random.happens(0.2)) says('victim', claimant, true);
  if (joined !== undefined && random.happens(0.8)) says('flatmate', joined, true);
}

/** Whoever came by the code that was handed out appeals, and a reviewer has it. */
function sharedAppeal({ add, sharer: claimant, submitter, random }: Preparing): void {
  add('sharer', 'case.appeal', { refs: { claimant }, ground: 'not-me', how: 'plain' });
  const by = random.pick(['reviewer-1', 'reviewer-3']) ?? 'reviewer-3';
  const seat = `${add(by, 'review.claim')}/seat/0`;
  add(submitter, 'evidence.deliver', { refs: { seat } });
  // What was delivered does not fit its digest, as somebody else will have to say.
  add(by, random.happens(0.4) ? 'evidence.dispute' : 'evidence.confirm', { refs: { seat } });
}

/** A record of somebody else is reversed, and those who were told owe something. */
function reversed(state: Preparing): void {
  const verdict = 'reversed:error';
  decidedFor(state, {
    about: 'friend',
    reason: 'fraud.phishing',
    ground: 'facts-wrong',
    verdict,
  });
}

/** Two reviewers find that an authority asked for a record, and the panel has to look at its submitter. */
function heldForSpeech(state: Preparing): void {
  const { add, random } = state;
  const cause = 'authority-origin';
  const reason = 'network.fake-accounts';
  const verdict = `reversed:${cause}`;
  decidedFor(state, { about: 'accused', reason, ground: 'authority', verdict });
  for (const by of reviewers) {
    const seat = `${add(by, 'review.claim')}/seat/0`;
    add(state.submitter, 'evidence.deliver', { refs: { seat } });
    add(by, 'evidence.confirm', { refs: { seat } });
    add(by, 'review.decide', { refs: { seat }, verdict: `failed:${cause}` });
  }
  voted(state, random.happens(0.5) ? 'suspend' : 'refuse');
  const item = `${add(state.submitter, 'parties.standing')}/item/0`;
  if (random.happens(0.5)) add(state.submitter, 'parties.appealSuspension', { refs: { item } });
}

const reviewers = [1, 2, 3, 4, 5].map((at) => `reviewer-${at}`);

/** Whoever has a seat votes on what there is. */
function voted({ add }: Preparing, outcome: string): void {
  for (const by of reviewers) {
    const listed = add(by, 'review.items');
    add(by, 'review.vote', { refs: { item: `${listed}/item/0` }, outcome });
  }
}

function decidedFor(
  { add, submitter, checker }: Preparing,
  {
    about,
    reason,
    ground,
    verdict,
  }: { about: string; reason: string; ground: string; verdict: string },
): void {
  const filed = add(submitter, 'sanctions.submit', { about, way: 'email+domain', reason });
  add(submitter, 'sanctions.notify', { refs: { record: `${filed}/record/0` }, language: 'en' });
  const mail = add(world, 'world.mail');
  add(world, 'world.wait', { hours: 72 });
  const check = `${add(checker, 'checks.evaluate', { about, purpose: 'signup' })}/check/0`;
  add(checker, 'checks.match', { refs: { check } });
  const claimant = `${add(about, 'case.claim', { refs: { code: `${mail}/code/0` } })}/claimant/0`;
  add(about, 'case.appeal', { refs: { claimant }, ground, how: 'plain' });
  const seat = `${add('reviewer-5', 'review.claim')}/seat/0`;
  add(submitter, 'evidence.deliver', { refs: { seat } });
  add('reviewer-5', 'evidence.confirm', { refs: { seat } });
  add('reviewer-5', 'review.decide', { refs: { seat }, verdict });
  add(checker, 'recalls.list');
}

/** Whoever was told asks the submitter. */
function asked({ add, checker, check, random }: Preparing): void {
  add(checker, 'matches.ask', {
    refs: { match: `${check}/match/0` },
    asks: random.pick(['still-stands', 'amount-band']) ?? 'still-stands',
  });
}

/** Whoever was told records the same, and then the first record falls. */
function copied({ add, submitter, checker, record, claimant, random }: Preparing): void {
  const filed = add(checker, 'sanctions.submit', {
    about: 'victim',
    way: 'email',
    reason: 'fraud.phishing',
  });
  add(checker, 'sanctions.notify', { refs: { record: `${filed}/record/0` }, language: 'en' });
  // Or the next mail would bring its code, too, and whoever takes the first of that mail another's.
  add(world, 'world.mail');
  add(submitter, 'sanctions.withdraw', { refs: { record }, cause: 'error' });
  if (random.happens(0.5))
    add('victim', 'case.requestErasure', { refs: { claimant }, how: 'signed' });
  if (random.happens(0.5)) return;
  // It looked itself, later.
  add(world, 'world.wait', { hours: 24 });
  const refs = { record: `${filed}/record/0` };
  add(checker, 'sanctions.confirmEcho', { refs, basis: 'later' });
}

/** A platform that was told of nothing recorded the victim, too. */
function corroborated({ add, submitter, checker }: Preparing): void {
  const by = ['harbour', 'market', 'tubely'].find((name) => name !== submitter && name !== checker);
  const about = { about: 'victim', way: 'email', reason: 'fraud.scam' };
  const record = `${add(by ?? 'market', 'sanctions.submit', about)}/record/0`;
  add(by ?? 'market', 'sanctions.notify', { refs: { record }, language: 'en' });
  add(world, 'world.mail');
  add(world, 'world.wait', { hours: 72 });
}

function drafted({ add, submitter }: Preparing): void {
  add(submitter, 'sanctions.draft', { about: 'accused', way: 'email', reason: 'fraud.scam' });
}

/** News go to an address that the victim confirmed. */
function reachable({ add, claimant, record, submitter }: Preparing): void {
  const contact = add('victim', 'case.setContact', { refs: { claimant } });
  add('victim', 'case.confirmContact', { refs: { contact: `${contact}/contact/0` } });
  add(submitter, 'sanctions.get', { refs: { record } });
}

/** The panel has something to vote on, or voted. */
function objected(state: Preparing): void {
  const { add, submitter, random } = state;
  const named = { ground: 'group-undisclosed', group: 'tubely' };
  add('tubely', 'parties.object', { to: submitter, ...named });
  if (random.happens(0.5)) voted(state, 'keep');
  else for (const name of ['reviewer-2', 'reviewer-3', 'reviewer-4']) add(name, 'review.items');
}

/** What an appeal will need is kept, sealed to the submitter itself. */
function journalKept({ add, submitter, record }: Preparing): void {
  const sealing = `${add(submitter, 'journals.addKey')}/sealing/0`;
  add(submitter, 'journals.put', { refs: { record, sealing } });
}

/** Colleagues have a book together, and each of them has read it. */
function bookKept({ add, submitter, random }: Preparing): void {
  const sealing = `${add(submitter, 'journals.addKey')}/sealing/0`;
  for (const key of random.some(['trust', 'trust2', 'admin'], 0.6)) {
    const how = { key, after: 'newest', book: key === 'admin' ? 'names' : 'work' };
    add(submitter, 'journals.putBook', { refs: { sealing }, ...how });
  }
}

/** Somebody who was handed the code appealed, and had nothing to say. */
function strangerDismissed({ add, submitter, record }: Preparing): void {
  const code = `${add(submitter, 'world.hand', { refs: { record }, to: 'flatmate' })}/code/0`;
  const claimant = `${add('flatmate', 'case.claim', { refs: { code } })}/claimant/0`;
  add('flatmate', 'case.appeal', { refs: { claimant }, ground: 'procedure', how: 'plain' });
  const seat = `${add('reviewer-4', 'review.claim')}/seat/0`;
  add('reviewer-4', 'review.decide', { refs: { seat }, verdict: 'dismissed' });
}

/** Whoever got the code by text message says since when the number is theirs. */
function texted({ add, submitter }: Preparing): void {
  const about = { about: 'friend', way: 'phone', reason: 'fraud.scam' };
  const record = `${add(submitter, 'sanctions.submit', about)}/record/0`;
  add(submitter, 'sanctions.notify', { refs: { record }, language: 'en' });
  const mail = add(world, 'world.mail');
  const claimant = `${add('friend', 'case.claim', { refs: { code: `${mail}/code/0` } })}/claimant/0`;
  add('friend', 'case.numberSince', { refs: { claimant }, since: '2001-02-03' });
}

/** A platform says whose an account is, and the case opens. */
function vouched({ add }: Preparing): void {
  const about = { about: 'accused', way: 'account', reason: 'fraud.scam' };
  const filed = `${add('market', 'sanctions.submit', about)}/record/0`;
  add('market', 'sanctions.stateNotice', { refs: { record: filed } });
  const whose = { of: 'accused', at: 'tubely', for: 'accused' };
  const ticket = `${add('tubely', 'subjects.ticket', whose)}/ticket/0`;
  add('accused', 'case.ticket', { refs: { ticket } });
}

/** A platform says that a key was stolen, and ends what was signed by it. */
function stolen({ add, submitter, random }: Preparing): void {
  add(submitter, 'keys.revoke', { why: 'compromised', days: 30, which: 'trust2' });
  if (random.happens(0.5)) add(submitter, 'sanctions.void', { days: 30, which: 'trust2' });
}

/** Both operators do what takes two. */
function heldByOperators({ add }: Preparing): void {
  for (const by of ['operator-1', 'operator-2']) {
    add(by, 'platforms.register', { name: 'Late' });
    add(by, 'platforms.reenrol', { party: 'market' });
    add(by, 'platforms.suspend', { party: 'newcomer', what: 'checks' });
  }
}
