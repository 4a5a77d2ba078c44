import { actNames, isRead } from '../acts/table.ts';
import type { Stage } from '../world/stage.ts';
import type { Law, Moment } from './law.ts';
import { codesBeyond } from './codes.ts';
import { stateOf } from './second-person.ts';

// Law 6, of messages and of work: what a registry pays for and people have to read has a bound, whoever asks for it.

/** Counts messages, records, texts, questions and journals against the bounds that docs and pages state. */
export const budgets: Law = async (moment) => {
  const { act, came } = moment;
  if (!came.accepted) return undefined;
  const what = await beyond(moment);
  return what === undefined ? undefined : { law: 'budgets', kind: kindOf(act.op, what), what };
};

/** The same while a history is shrunk, so without names and figures. */
const kindOf = (op: string, what: string): string =>
  `${op}: ${what.replace(/^.* got /, '').replaceAll(/ \d+/g, '')}`;

function beyond(moment: Moment): Promise<string | undefined> | string | undefined {
  const { op } = moment.act;
  if (op === 'world.mail') return messagesBeyond(moment);
  if (op === 'sanctions.submit' || op === 'sanctions.confirm') return recordsBeyond(moment);
  if (op === 'case.addInformation') return textsBeyond(moment);
  if (op === 'case.setContact') return codesBeyond(moment);
  if (op === 'review.ask') return questionsBeyond(moment);
  return op === 'journals.put' ? journalsBeyond(moment) : undefined;
}

const day = 86_400;
const probationADay = 20;
const textsOfRecord = 2;

async function messagesBeyond(moment: Moment): Promise<string | undefined> {
  const { sent } = moment.stage.facts;
  // All of one run of the mail have the times at which they left.
  const begun = moment.stage.facts.done.at(-2)?.at ?? 0;
  const left = sent.filter(({ at }) => at >= begun);
  for (const { channel, to, submitter } of left) {
    const what =
      channel === 'news'
        ? newsBeyond(moment.stage, to)
        : (noticesBeyond(moment.stage, to) ??
          (channel === 'sms' ? await textMessagesBeyond(moment.stage, submitter) : undefined));
    if (what !== undefined) return what;
  }
  return undefined;
}

/** One message for each address and record, and one more after a bounce. */
function noticesBeyond(stage: Stage, to: string): string | undefined {
  const { sent, done } = stage.facts;
  const asked = new Set<string>();
  let again = 0;
  for (const one of done) {
    const record = one.op === 'sanctions.notify' ? one.refs['record'] : undefined;
    const subjects = stage.referred(one, 'record', 'record')?.subjects ?? [];
    if (record !== undefined && subjects.some(({ value }) => value === to)) asked.add(record);
    const isOfIt = stage.referred(one, 'message', 'message')?.to === to;
    if (one.op === 'sanctions.bounced' && isOfIt && cameOf(one.result) === 'written-again') again++;
  }
  const most = asked.size + again;
  const got = sent.filter((one) => one.to === to).length;
  return got > most ? `${to} got more messages than ${most}` : undefined;
}

const cameOf = (result: unknown): unknown =>
  typeof result === 'object' && result !== null && 'came' in result ? result.came : undefined;

/** Text messages of a platform and day. */
async function textMessagesBeyond(stage: Stage, submitter: string): Promise<string | undefined> {
  const { now, facts } = stage;
  const isToday = (at: number): boolean => Math.floor(at / day) === Math.floor(now / day);
  const got = facts.sent.filter(
    (one) => one.channel === 'sms' && one.submitter === submitter && isToday(one.at),
  ).length;
  const records = facts.done.filter(
    ({ op, by, at }) => isSubmission(op) && by === submitter && at > now - day,
  ).length;
  const isNew = await isInProbation(stage, submitter);
  const most = isNew ? probationADay : Math.max(probationADay, textsOfRecord * records);
  return got > most ? `${submitter} got more text messages than ${most} sent in a day` : undefined;
}

const quiet: ReadonlySet<string> = new Set([
  'case.find',
  'journals.addKey',
  'journals.put',
  'journals.putBook',
  'keys.add',
  'parties.attest',
  'parties.demand',
  'parties.setPolicies',
  'parties.witness',
  'people.invite',
  'world.hand',
  'world.mail',
]);

/** What is no news of any record; a check tells somebody. */
const isQuiet = (op: string): boolean =>
  quiet.has(op) || (op !== 'checks.match' && actNames.some((name) => name === op && isRead(name)));

/** One mail for all that happened since the last. */
function newsBeyond({ facts }: Stage, to: string): string | undefined {
  const mailed = facts.sent.filter((one) => one.channel === 'news' && one.to === to);
  const before = mailed.at(-2)?.at;
  if (before === undefined) return undefined;
  const isNews = facts.done.some(({ op, at }) => at >= before && !isQuiet(op));
  return isNews ? undefined : 'an address got news of nothing';
}

const isSubmission = (op: string): boolean =>
  op === 'sanctions.submit' || op === 'sanctions.confirm';

/** Twenty records a day in probation; twenty by one holder alone where operators set nothing else. */
async function recordsBeyond({ stage, act: { by, op } }: Moment): Promise<string | undefined> {
  const { now, facts } = stage;
  const today = facts.done.filter((one) => one.by === by && one.at > now - day);
  const alone = today.filter((one) => one.op === 'sanctions.submit').length;
  const all = today.filter((one) => isSubmission(one.op)).length;
  if (all > probationADay && (await isInProbation(stage, by)))
    return `${by} got more records into a day of its probation than ${probationADay}`;
  const isSet = facts.done.some(
    (one) => one.op === 'platforms.setQuota' && stateOf(one.result) === 'executed',
  );
  const isBeyond = op === 'sanctions.submit' && alone > probationADay && !isSet;
  return isBeyond
    ? `${by} got more records into a day by one holder than ${probationADay}`
    : undefined;
}

async function isInProbation(stage: Stage, name: string): Promise<boolean> {
  const { platform } = stage.who(name);
  const row = await stage.registry.services.db
    .selectFrom('parties')
    .select('probation_until')
    .where('id', '=', platform?.id ?? '')
    .executeTakeFirst();
  return (row?.probation_until?.getTime() ?? 0) > stage.now * 1000;
}

const mostTexts = 8;

/** Eight texts of each claimant for each appeal. */
function textsBeyond({ stage, act }: Moment): string | undefined {
  const claimant = stage.referred(act, 'claimant', 'claimant');
  if (!claimant) return undefined;
  const { done, texts } = stage.facts;
  const opened = done.findLast(
    (one) =>
      one.op !== 'case.join' &&
      appealOf(one.result) &&
      stage.referred(one, 'claimant', 'claimant')?.sanction === claimant.sanction,
  );
  const own = texts.filter(
    (one) => one.claimant === claimant.key && one.at >= (opened?.at ?? 0),
  ).length;
  return own > mostTexts ? `a claimant got room for more than ${mostTexts} texts` : undefined;
}

const appealOf = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'appeal' in result;

const mostQuestions = 10;
const roundDays = 10;

/** A round has ten questions, and lasts until the first of them is due. */
function questionsBeyond({ stage, act }: Moment): string | undefined {
  const { appeal } = act.refs;
  const asked = stage.facts.done.filter(
    (one) => one.op === act.op && one.by === act.by && one.refs['appeal'] === appeal,
  );
  let [begun, inRound] = [0, 0];
  for (const { at } of asked) {
    const isNext = at >= begun + roundDays * day;
    [begun, inRound] = isNext ? [at, 1] : [begun, inRound + 1];
  }
  return inRound > mostQuestions
    ? `${act.by} got more than ${mostQuestions} questions in`
    : undefined;
}

const mostJournals = 8;

/** One holder writes the journal of a record eight times. */
function journalsBeyond({ stage, act }: Moment): string | undefined {
  const { record } = act.refs;
  const written = stage.facts.done.filter(
    (one) => one.op === act.op && one.by === act.by && one.refs['record'] === record,
  ).length;
  return written > mostJournals
    ? `${act.by} got more than ${mostJournals} journals kept`
    : undefined;
}
