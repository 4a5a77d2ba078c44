import type { Came, Thing } from '../acts/things.ts';
import { perform, type Act } from '../play.ts';
import type { Stage } from '../world/stage.ts';
import type { Broken } from './law.ts';

// Law 2: nobody's act worsens what another claimant may do. Law 5: after the notice nothing that either side does makes
// a reviewer ineligible.

/** Runs something, and takes back whatever it changed, in the registry and in what the hunt noted. */
export type Branch = <T>(run: () => Promise<T>) => Promise<T>;

/** What one claimant may do at an instant. */
interface Options {
  readonly claimant: Thing<'claimant'>;
  readonly isLive: boolean;
  /** Their open appeal, where they joined one */
  readonly appeal: string | undefined;
  readonly may: ReadonlySet<Option>;
  readonly judges: ReadonlySet<string>;
}

/** Appeal, join and erasure of a live record count as one: to be heard. */
const optionNames = ['be-heard', 'inform', 'read'] as const;
type Option = (typeof optionNames)[number];

const attempts: Readonly<Record<Exclude<Option, 'read'>, readonly Pick<Act, 'op' | 'literals'>[]>> =
  {
    'be-heard': [
      { op: 'case.appeal', literals: { ground: 'facts-wrong', how: 'plain' } },
      { op: 'case.join', literals: { ground: 'facts-wrong' } },
      { op: 'case.appeal', literals: { ground: 'facts-wrong', how: 'news' } },
      { op: 'case.appeal', literals: { ground: 'facts-wrong', how: 'reopen' } },
      { op: 'case.requestErasure', literals: { how: 'unsigned' } },
    ],
    inform: [{ op: 'case.addInformation', literals: { answers: false } }],
  };

/** The claimants whose options are watched: honest people, on records about themselves; the newest of each. */
export function watched(stage: Stage, enemies: ReadonlySet<string>): Thing<'claimant'>[] {
  const newest = new Map<string, Thing<'claimant'>>();
  for (const one of stage.all('claimant')) {
    const { holder, value } = one;
    if (holder === null || enemies.has(holder) || stage.record(value.sanction)?.about !== holder)
      continue;
    newest.set(`${holder} ${value.sanction} ${value.way}`, one);
  }
  return [...newest.values()].slice(-3);
}

/** Tries every option of those claimants, each in a branch of its own. */
export async function optionsOf(
  stage: Stage,
  claimants: readonly Thing<'claimant'>[],
  branch: Branch,
): Promise<Options[]> {
  const all: Options[] = [];
  let waiting: readonly number[] | undefined;
  const waitingNow = async () => (waiting ??= await waitingFor(stage));
  for (const claimant of claimants)
    all.push(await optionsOfOne(stage, claimant, { branch, waitingNow }));
  return all;
}

async function optionsOfOne(
  stage: Stage,
  claimant: Thing<'claimant'>,
  { branch, waitingNow }: { branch: Branch; waitingNow: () => Promise<readonly number[]> },
): Promise<Options> {
  const nothing = {
    claimant,
    appeal: undefined,
    may: new Set<Option>(),
    judges: new Set<string>(),
  };
  const view = await branch(() => openCase(stage, claimant));
  if (!view.result) return { ...nothing, isLive: true };
  const { state, appeals } = view.result.case;
  const isLive = ['held', 'visible', 'suspended'].includes(state);
  const appeal = appeals.find((one) => one.state === 'open' && one.joined)?.appeal;
  const isOpen = appeals.some((one) => one.state === 'open');
  const may = new Set<Option>(['read']);
  const done = { ...nothing, isLive, appeal, may };
  // On a record that ended nothing is compared.
  if (!isLive) return done;
  if (appeal !== undefined && (await isPossible(stage, claimant, { option: 'inform', branch })))
    may.add('inform');
  const before = isOpen ? [] : await waitingNow();
  const judges = isOpen ? undefined : await judgesOf(stage, claimant, { branch, before });
  if (judges || (await isPossible(stage, claimant, { option: 'be-heard', branch })))
    may.add('be-heard');
  return { ...done, judges: judges ?? new Set() };
}

const openCase = (stage: Stage, { holder, value }: Thing<'claimant'>) =>
  stage.caseCall(stage.who(holder ?? ''), 'case.open', { code: value.key });

async function isPossible(
  stage: Stage,
  claimant: Thing<'claimant'>,
  { option, branch }: { option: Option; branch: Branch },
): Promise<boolean> {
  if (option === 'read') return (await openCase(stage, claimant)).accepted;
  for (const attempt of attempts[option]) {
    const came = await branch(() => attemptOf(stage, claimant, attempt));
    if (came?.accepted) return true;
  }
  return false;
}

const attemptOf = (
  stage: Stage,
  claimant: Thing<'claimant'>,
  attempt: Pick<Act, 'op' | 'literals'>,
): Promise<Came | undefined> =>
  perform(stage, {
    id: 'probe',
    by: claimant.holder ?? '',
    refs: { claimant: claimant.id },
    ...attempt,
  });

const alwaysHonest = ['reviewer-2', 'reviewer-3', 'reviewer-4'] as const;

/** How many cases each of them could take now. */
async function waitingFor(stage: Stage): Promise<number[]> {
  const counts: number[] = [];
  for (const name of alwaysHonest) {
    const by = stage.who(name);
    const queue = by.key && (await stage.call(by, by.key, 'review.queue', {}));
    counts.push(queue?.result?.waiting.eligible ?? 0);
  }
  return counts;
}

/** Reviewers who could take an appeal that this claimant opens now. @returns nothing where they cannot open one */
async function judgesOf(
  stage: Stage,
  claimant: Thing<'claimant'>,
  { branch, before }: { branch: Branch; before: readonly number[] },
): Promise<ReadonlySet<string> | undefined> {
  return branch(async () => {
    const [appeal] = attempts['be-heard'];
    const opened = appeal && (await attemptOf(stage, claimant, appeal));
    if (!opened?.accepted) return undefined;
    const after = await waitingFor(stage);
    return new Set(alwaysHonest.filter((_, at) => (after[at] ?? 0) > (before[at] ?? 0)));
  });
}

const asIs: Branch = (run) => run();

/** Whether what a claimant lost is out of reach, tried for good: nothing is taken back. */
export async function optionsLost(stage: Stage, { lost }: Broken): Promise<boolean> {
  const claimant = stage.all('claimant').find(({ id }) => id === lost?.claimant);
  if (!lost || !claimant) return false;
  const judges = lost.options.filter((name) => name.startsWith('reviewer-'));
  if (judges.length > 0) {
    const before = await waitingFor(stage);
    const may = await judgesOf(stage, claimant, { branch: asIs, before });
    return judges.every((name) => !may?.has(name));
  }
  for (const option of optionNames.filter((name) => lost.options.includes(name))) {
    if (await isPossible(stage, claimant, { option, branch: asIs })) return false;
  }
  return true;
}

/** What an act of an enemy took from a claimant. */
export function lostBy(
  act: Act,
  { before, after, stage }: { before: readonly Options[]; after: readonly Options[]; stage: Stage },
): Broken | undefined {
  for (const earlier of before) {
    const now = after.find(({ claimant }) => claimant.id === earlier.claimant.id);
    if (!now || !earlier.isLive || !now.isLive) continue;
    const { holder, value } = earlier.claimant;
    const lost = lostOptions(earlier, now);
    const where = `${holder} (${value.way}) on ${value.sanction}`;
    if (lost.length > 0) {
      const what = `${act.by} took from ${where}: ${lost.join(', ')}`;
      return {
        law: 'one-step',
        kind: `${act.op} takes ${lost.join()}`,
        what,
        lost: { claimant: earlier.claimant.id, options: lost },
      };
    }
    const gone = lostJudges(stage, { earlier, now });
    if (gone.length > 0) {
      const what = `${act.by} took ${gone.join(', ')} as a judge from ${where}`;
      return {
        law: 'one-step',
        kind: `${act.op} takes a judge`,
        what,
        lost: { claimant: earlier.claimant.id, options: gone },
      };
    }
  }
  return undefined;
}

/** A decision of an appeal that they joined heard them; what it closed takes no information any more. */
function lostOptions(earlier: Options, now: Options): Option[] {
  const wasDecided = earlier.appeal !== undefined && now.appeal === undefined;
  return [...earlier.may].filter(
    (option) =>
      !now.may.has(option) &&
      (option === 'read' ||
        (!wasDecided && (option !== 'inform' || now.appeal === earlier.appeal))),
  );
}

/** Those who decided the record, or have it, judge it no more. */
function lostJudges(stage: Stage, { earlier, now }: { earlier: Options; now: Options }): string[] {
  if (now.judges.size === 0) return [];
  const { sanction } = earlier.claimant.value;
  const busy = new Set([
    ...stage.facts.decisions.filter((one) => one.sanction === sanction).map(({ by }) => by),
    ...stage.all('seat').map(({ value }) => value.by),
  ]);
  return [...earlier.judges].filter((name) => !now.judges.has(name) && !busy.has(name));
}
