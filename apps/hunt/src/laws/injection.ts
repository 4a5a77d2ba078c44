import { keyOf } from '../acts/keys.ts';
import type { Act } from '../play.ts';
import type { Stage } from '../world/stage.ts';
import type { Broken } from './law.ts';
import { fingerprintOf, timesDecided, sharesWith, type Ref } from './second-person.ts';

// An honest group's records and checks answer as in the same history without the enemies' acts, but for what a second
// person decided.

/** An honest act of a platform, and whether it was accepted. */
export interface Tried {
  readonly act: Pick<Act, 'id' | 'by' | 'op' | 'refs'>;
  readonly isAccepted: boolean;
}

/** What one play of a history came to: of records and acts by the names that both plays give them. */
export interface Outcome {
  readonly tried: ReadonlyMap<string, Tried>;
  /** What an honest check was answered, by its act and the name of a record */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly records: readonly RecordNow[];
  readonly ofEnemies: readonly EnemysRecord[];
  /** How often the panel or two operators decided about a party */
  readonly timesDecided: number;
}

interface EnemysRecord {
  readonly record: Ref;
  /** It corroborates: made after its probation, and before its submitter was told */
  readonly isOwnWord: boolean;
  readonly hasEnded: boolean;
}

interface Answer {
  readonly record: Ref;
  readonly advice: string;
  readonly isReasonTold: boolean;
  readonly corroboration: string;
}

interface RecordNow {
  readonly record: Ref;
  readonly state: string;
  readonly fingerprint: string;
}

interface MatchRead {
  readonly sanction: string;
  readonly advice: string;
  readonly statement?: string;
  readonly corroboration: string;
}

/** Reads what records of honest platforms came to, and what checks of honest platforms were answered about them. */
export async function outcomeOf(
  stage: Stage,
  enemies: ReadonlySet<string>,
  tried: Outcome['tried'],
): Promise<Outcome> {
  const isHonest = (name: string): boolean => !enemies.has(name);
  const records: RecordNow[] = [];
  for (const record of stage.all('record').filter(({ value }) => isHonest(value.submitter)))
    records.push(await recordNow(stage, record));
  const others = stage.all('record').filter(({ value }) => !isHonest(value.submitter));
  const ofEnemies = others.map((record) => ({
    record,
    isOwnWord: record.value.submitter !== 'newcomer' && !wasTold(stage, record),
    hasEnded: hasEnded(stage, record),
  }));
  const answers = answersIn(stage, { tried, records });
  return { tried, answers, records, ofEnemies, timesDecided: timesDecided(stage) };
}

async function recordNow(stage: Stage, record: Ref): Promise<RecordNow> {
  const { submitter, sanction } = record.value;
  const by = stage.who(submitter);
  const read = await stage.call(by, keyOf(by), 'sanctions.get', { sanction });
  const state = read.result?.state ?? read.code;
  return { record, state, fingerprint: fingerprintOf(stage, sanction) };
}

function answersIn(
  { facts }: Stage,
  { tried, records }: Pick<Outcome, 'tried' | 'records'>,
): Outcome['answers'] {
  const answers = new Map<string, Answer>();
  for (const { id, result } of facts.done) {
    if (tried.get(id)?.act.op !== 'checks.match') continue;
    for (const match of matchesIn(result)) {
      const found = records.find(({ record }) => record.value.sanction === match.sanction);
      if (!found) continue;
      const { advice, corroboration } = match;
      const isReasonTold = match.statement !== undefined;
      const { record } = found;
      answers.set(`${id} ${record.id}`, { record, advice, isReasonTold, corroboration });
    }
  }
  return answers;
}

/** Of an accepted `checks.match`. */
const matchesIn = (result: unknown): readonly MatchRead[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the output of the operation
  (result as { matches: readonly MatchRead[] }).matches;

/** @returns what enemies changed that no second person decided */
export function brokenBetween(without: Outcome, withThem: Outcome): Broken | undefined {
  // What the panel or two operators did about a party reaches all of its records.
  if (without.timesDecided !== withThem.timesDecided) return undefined;
  const found =
    refused(without, withThem) ??
    changedRecord(without, withThem) ??
    changedAnswer(without, withThem) ??
    [...without.answers].flatMap(([name, before]) => {
      const after = withThem.answers.get(name);
      return after ? (corroborated({ before, after }, [without, withThem]) ?? []) : [];
    })[0];
  return found && { law: 'injection', ...found };
}

type Changed = Omit<Broken, 'law'>;

/** What an honest platform may do, it may do beside any enemy. */
function refused(without: Outcome, withThem: Outcome): Changed | undefined {
  for (const [id, { act, isAccepted }] of without.tried) {
    if (!isAccepted || withThem.tried.get(id)?.isAccepted !== false) continue;
    const about = without.records.find(({ record }) => record.id === act.refs['record']);
    if (about && !isAlike(about.record, without, withThem)) continue;
    const what = `${act.by} is refused ${act.op}, and would not be without the enemies`;
    return { kind: `refused ${act.op}`, what };
  }
  return undefined;
}

function changedRecord(without: Outcome, withThem: Outcome): Changed | undefined {
  for (const { record, state } of without.records) {
    const now = withThem.records.find((one) => one.record.id === record.id);
    if (!now || now.state === state || !isAlike(record, without, withThem)) continue;
    const what = `${now.record.value.sanction} of ${record.value.submitter} is ${now.state}, and would be ${state}`;
    return { kind: `${state} is ${now.state}`, what };
  }
  return undefined;
}

function changedAnswer(without: Outcome, withThem: Outcome): Changed | undefined {
  const names = new Set([...without.answers.keys(), ...withThem.answers.keys()]);
  for (const name of names) {
    const [before, after] = [without.answers.get(name), withThem.answers.get(name)];
    const [act = ''] = name.split(' ');
    // What was not asked in both is not compared.
    if (![without, withThem].every(({ tried }) => tried.get(act)?.isAccepted)) continue;
    const record = before?.record ?? after?.record;
    if (!record || sayOf(before) === sayOf(after)) continue;
    if (!isAlike(record, without, withThem)) continue;
    const what = `${act} is answered ${sayOf(after)} about ${record.id}, and would be ${sayOf(before)}`;
    return { kind: `${sayOf(before)} becomes ${sayOf(after)}`, what };
  }
  return undefined;
}

const sayOf = (answer: Answer | undefined): string =>
  answer ? `${answer.advice}${answer.isReasonTold ? '' : ' without a reason'}` : 'nothing';

const levels = ['none', 'one-other', 'several'];

/**
 * An enemy's own true record corroborates, one for each enemy. What it made in its probation, or after it was told, does not;
 * and nothing that it does makes two honest platforms one.
 */
function corroborated(
  { before, after }: { before: Answer; after: Answer },
  [without, withThem]: readonly [Outcome, Outcome],
): Changed | undefined {
  const [was, is] = [before, after].map((one) => levels.indexOf(one.corroboration));
  if (was === undefined || is === undefined || was === is) return undefined;
  const others = withThem.records.filter((one) => sharesWith(one.record, after.record));
  if (others.some(({ record }) => !isAlike(record, without, withThem))) return undefined;
  const ofEnemies = withThem.ofEnemies.filter((one) => sharesWith(one.record, after.record));
  const enemies = ofEnemies.filter((one) => one.isOwnWord).map((one) => one.record.value.submitter);
  const most = was + new Set(enemies).size;
  const isFallen = is < was && ofEnemies.length === 0;
  if (!isFallen && is <= most) return undefined;
  const how = `${before.corroboration} becomes ${after.corroboration}`;
  const what = `${after.record.value.sanction} is corroborated otherwise: ${how}`;
  return { kind: `corroboration: ${how}`, what };
}

/** Whether its submitter had asked about one of its identifiers, and was answered with a record, before it was made. */
function wasTold(stage: Stage, { id, value }: Ref): boolean {
  const [made = ''] = id.split('/');
  const at = stage.facts.done.findIndex((done) => done.id === made);
  return stage.facts.done.slice(0, at).some((done) => {
    if (done.op !== 'checks.match' || done.by !== value.submitter) return false;
    const asked = stage.referred(done, 'check', 'check')?.identifiers ?? [];
    const isAbout = asked.some((one) => value.subjects.some((own) => own.value === one.value));
    return isAbout && matchesIn(done.result).length > 0;
  });
}

/**
 * Whether the same people did the same about a record in both plays. An appeal of an enemy, and what reviewers made of it,
 * is theirs to make; an enemy that ends its own record leaves those who followed it to confirm theirs.
 */
function isAlike(record: Ref, without: Outcome, withThem: Outcome): boolean {
  if (withThem.ofEnemies.some((one) => one.hasEnded && sharesWith(one.record, record)))
    return false;
  const [a, b] = [without, withThem].map(
    ({ records }) => records.find((one) => one.record.id === record.id)?.fingerprint,
  );
  return a === b;
}

const endings = new Set(['keys.revoke', 'sanctions.void', 'platforms.leave']);

/** As far as its submitter did something to that end. */
const hasEnded = ({ facts }: Stage, { value }: Ref): boolean =>
  facts.conceded.some(({ sanction }) => sanction === value.sanction) ||
  facts.done.some(({ op, by }) => endings.has(op) && by === value.submitter);
