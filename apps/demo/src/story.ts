import { mkdirSync } from 'node:fs';
import { connectAs, type Environment, sandboxIdentity } from '@recourse/cli';
import type { Recourse } from '@recourse/sdk';
import { tellAppeals, type AppealStory } from './appeals/appeal-story.ts';
import { eventually } from './appeals/sandbox-time.ts';
import { checkRound, type CheckRound, type ExpectedMatch } from './check-round.ts';
import { importSamples, sanctionsIn, type ImportedSamples } from './import-samples.ts';
import { tryWhatIsRefused } from './refusals.ts';
import type { NameServer } from './name-server.ts';
import { nearMisses, sampleDomains, type SampleDomains } from './sample-domains.ts';
import type { StartedRegistry } from './started-registry.ts';
import type { Steps } from './steps.ts';

export interface StoryOptions {
  readonly registry: StartedRegistry;
  readonly nameServer: NameServer;
  /** Harbour's own files */
  readonly dir: string;
  readonly size: StorySize;
  readonly environment: Environment;
  readonly steps: Steps;
}

/** Facts that the story leaves behind, for the search and the summary. */
export interface StoryFacts {
  readonly imports: readonly ImportedSamples[];
  readonly round: CheckRound;
  readonly identifiers: readonly string[];
  readonly appeals: AppealStory;
}

export interface StorySize {
  /** Records of the block list */
  readonly records: number;
  /** So many go the way without a quota: the bucket, then drafts and a second holder */
  readonly firstPart: number;
  /** So many that are listed, and as many that are not */
  readonly checks: number;
  readonly appeals: number;
}

export const storySizes = {
  small: { records: 80, firstPart: 40, checks: 80, appeals: 3 },
  usual: { records: 1000, firstPart: 200, checks: 1000, appeals: 5 },
  full: { records: Number.POSITIVE_INFINITY, firstPart: 200, checks: 1000, appeals: 200 },
} as const satisfies Record<string, StorySize>;

/** Harbour records, Tubely checks, what must not work is tried; then creators appeal. */
export async function tellStory(options: StoryOptions): Promise<StoryFacts> {
  const { steps, size } = options;
  const domains = sampleDomains();
  introduce(domains, steps);
  const listed = domains.listed.slice(0, size.records);
  const imports = await record(options, listed);
  const expected = expectations(size, { domains, listed, imports });
  const round = await check(options, expected);
  steps.tell('\nWhat must not work');
  await tryWhatIsRefused(await sandboxIdentity(options.registry.dataDir, 'Harbour'), steps);
  const appeals = await appealAgainst(options, { imports, listed });
  return { imports, round, appeals, identifiers: expected.map(({ domain }) => domain) };
}

/** Against those that were recorded under the quota. */
async function appealAgainst(
  { registry, nameServer, steps, dir, size }: StoryOptions,
  { imports, listed }: { imports: readonly ImportedSamples[]; listed: readonly string[] },
): Promise<AppealStory> {
  const [, imported] = imports;
  if (!imported) throw new Error('nothing was imported');
  const domains = listed.slice(size.firstPart);
  const place = { registry, nameServer, dir };
  return tellAppeals({ ...place, steps, imported, domains, count: size.appeals });
}

function introduce({ total, listed, refused }: SampleDomains, steps: Steps): void {
  const reasons = Object.entries(refused).map(([code, count]) => `${code} ${count}`);
  steps.tell('Harbour, a hosting platform, terminated customers who served phishing pages.');
  steps.tell(
    'The domains are real: the block list of npm package eth-phishing-detect. Dates, evidence,',
  );
  steps.tell('accounts and notices are made up, and count for nothing outside this sandbox.');
  steps.tell(
    `${total} names on the list, ${listed.length} of them registrable domains; not taken: ${reasons.join(', ')}\n`,
  );
}

async function record(
  options: StoryOptions,
  listed: readonly string[],
): Promise<ImportedSamples[]> {
  const { dir, environment, registry, steps } = options;
  const { firstPart } = options.size;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const place = { dir, environment, sandbox: registry.dataDir };
  steps.tell(`Harbour imports ${listed.length} records`);
  const first = await importSamples({
    ...place,
    name: 'first',
    domains: listed.slice(0, firstPart),
  });
  const { imported: one } = first;
  steps.check(
    `${firstPart} without a quota: what one holder may not record alone, a second one confirmed`,
    one.tally.imported + one.tally.confirmed === firstPart && one.tally.refused === 0,
    `${one.tally.imported} at once, ${one.tally.confirmed} drafted and confirmed`,
  );
  await setQuota(registry, listed.length);
  const rest = listed.slice(firstPart);
  const second = await importSamples({ ...place, name: 'second', domains: rest });
  const { imported: two } = second;
  steps.check(
    `${rest.length} more under a quota that two people of the operator set in the public log`,
    two.tally.imported === rest.length && two.tally.refused === 0,
    `${timesOf(two.tally.milliseconds, 'a record')}, ${Math.round(rest.length / two.seconds)} a second`,
  );
  for (const { notified } of [first, second]) {
    const { tally } = notified;
    steps.check(
      'the same file again, now with notices: nothing recorded twice, every creator told',
      tally.imported + tally.drafted === 0 &&
        tally.before === tally.notified &&
        tally.refused === 0,
      `${tally.notified} notices`,
    );
  }
  return [first, second];
}

async function setQuota({ dataDir }: StartedRegistry, records: number): Promise<void> {
  const elementsPerDay = records * 4 + 100_000;
  for (const name of ['Harbour', 'Tubely']) {
    const { party } = await sandboxIdentity(dataDir, name);
    if (!party.startsWith('plt_')) continue;
    const submissionsPerDay = name === 'Harbour' ? records * 2 : 0;
    // Beyond the signups that a platform declared it takes two.
    for (const as of ['Operator:1', 'Operator:2']) {
      const operator = connectAs(await sandboxIdentity(dataDir, as));
      await operator.platforms.setQuota({
        party: `plt_${party.slice(4)}`,
        elementsPerDay,
        ...(submissionsPerDay > 0 ? { submissionsPerDay } : {}),
      });
    }
  }
}

interface Recorded {
  readonly domains: SampleDomains;
  readonly listed: readonly string[];
  readonly imports: readonly ImportedSamples[];
}

function expectations(
  { firstPart, checks }: StorySize,
  { domains, listed, imports }: Recorded,
): ExpectedMatch[] {
  const sanctions = imports.map((imported) => sanctionsIn(imported));
  const known = listed.map((domain, index): ExpectedMatch => {
    const isFirst = index < firstPart;
    const sanction = sanctions[isFirst ? 0 : 1]?.get(isFirst ? index : index - firstPart);
    return { domain, sanction };
  });
  const allowed = domains.allowed.slice(0, checks / 2);
  const unlisted = [...allowed, ...nearMisses(domains.listed, checks - allowed.length)];
  const strangers = unlisted.map((domain): ExpectedMatch => ({ domain, sanction: undefined }));
  return [...evenly(known, checks), ...strangers];
}

/** So many of them, spread over the whole list. */
const evenly = <T>(items: readonly T[], count: number): T[] =>
  items.filter(
    (_, index) =>
      Math.floor((index * count) / items.length) !==
      Math.floor(((index - 1) * count) / items.length),
  );

async function check(
  { registry, steps }: StoryOptions,
  expected: ExpectedMatch[],
): Promise<CheckRound> {
  const listed = expected.filter(({ sanction }) => sanction !== undefined).length;
  steps.tell(`\nTubely checks ${expected.length} domains at signup`);
  const tubely = connectAs(await sandboxIdentity(registry.dataDir, 'Tubely:service'));
  await waitForSet(tubely, { expected, steps });
  const round = await checkRound(tubely, shuffledBySeed(expected), () => undefined);
  steps.check(
    'exactly the listed ones match, each record verified: receipt, statement, commitment, key chain',
    round.wrong.length === 0 && round.matched === listed,
    `${round.matched} of ${listed}`,
  );
  const unlisted = expected.length - listed;
  steps.check(
    'the others, made up one letter away or from the allow list, have no record',
    round.silent === unlisted,
    `${round.silent} of ${unlisted}`,
  );
  steps.check(
    'the registry was asked about few of them: the others were ruled out by the prefix set',
    // About one in a hundred is asked by chance.
    round.asked <= 8 + 0.03 * unlisted,
    `${round.asked} of ${unlisted}`,
  );
  steps.tell(`  ${timesOf(round.milliseconds, 'a check')}`);
  return round;
}

/** The list is published every few seconds, and each time whole. */
async function waitForSet(
  tubely: Recourse,
  { expected, steps }: { expected: readonly ExpectedMatch[]; steps: Steps },
): Promise<void> {
  const newest = expected.findLast(({ sanction }) => sanction !== undefined);
  if (!newest) throw new Error('nothing was imported');
  const isListed = await eventually(async () => {
    await tubely.prefixes.renew();
    const provenAt = tubely.session.transport.now();
    const { matches } = await tubely.check(
      { domain: newest.domain },
      { purpose: 'signup', provenAt },
    );
    return matches.length > 0;
  }, 60);
  const sets = await tubely.prefixes.state();
  const count = sets.reduce((sum, set) => sum + (set.count ?? 0), 0);
  steps.check('the newest record is in the prefix set', isListed, `${count} prefixes`);
}

/** Listed and unlisted mixed, the same way each time. */
const shuffledBySeed = <T>(items: readonly T[]): T[] =>
  items
    .map((item, index) => ({ item, key: (index * 7919) % 20_011 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);

const timesOf = ({ p50, p99 }: { p50: number; p99: number }, label: string): string =>
  `${p50} ms ${label} (p99 ${p99} ms)`;
