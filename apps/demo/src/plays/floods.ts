import { randomBytes } from 'node:crypto';
import { utf8, type AppealGround, type Id } from '@recourse/protocol';
import { isRecourseError, type Recourse, type SanctionInput } from '@recourse/sdk';
import type { CaseClient } from '@recourse/sdk/case';
import { appealBy, claimByCode, fileAndNotify, newEmail, uphold, type Filing } from './acts.ts';
import { prepared, type Play } from './play.ts';
import type { Stage } from './stage.ts';

/** A record, and its creator who may appeal. */
interface Case {
  readonly by: string;
  readonly filed: Filing;
  readonly person: CaseClient;
  readonly key: string;
  appeal?: Id<'apl'>;
  openedAt?: Date;
  /** Days from the appeal to the decision */
  days?: number;
}

/** So many a day a platform files without asking a second person. */
const mostADay = 20;

/** Records of a platform, whose creators have a key each. */
async function fileAll(
  stage: Stage,
  flood: { by: string; count: number; over?: () => Partial<SanctionInput> },
): Promise<Case[]> {
  const platform = await stage.as(flood.by);
  const fileOne = async (): Promise<Case> => {
    const email = newEmail('creator');
    const filed = await fileAndNotify(stage, platform, { email, over: flood.over?.() ?? {} });
    const person = await stage.person();
    return { by: flood.by, filed, person, key: await claimByCode(person, filed.code) };
  };
  const all: Case[] = [];
  while (all.length < flood.count) {
    if (all.length > 0) await stage.advance(1);
    const length = Math.min(mostADay, flood.count - all.length);
    all.push(...(await Promise.all(Array.from({ length }, fileOne))));
  }
  return all;
}

const appealAll = (
  stage: Stage,
  cases: readonly Case[],
  ground: AppealGround = 'facts-wrong',
): Promise<unknown> =>
  Promise.all(
    cases.map(async (one) => {
      one.openedAt = stage.now();
      one.appeal = (await appealBy(one.person, one.key, { ground })).appeal;
    }),
  );

const reviewers = ['Panel', 'Panel:2', 'Panel:3'];
/** Every third day each of them decides two. */
const days = 5;

/** One reviewer takes and decides an appeal, as many as they can in a day; the submitter answers what it is asked for. */
async function work(stage: Stage, name: string, cases: ReadonlyMap<string, Case>): Promise<void> {
  const reviewer = await stage.as(name);
  const appeal = await taken(reviewer);
  const one = appeal && cases.get(appeal);
  if (!one) return;
  const submitter = await stage.as(one.by);
  await uphold({ reviewer, submitter, ...one, appeal });
  one.days = (stage.now().getTime() - one.openedAt!.getTime()) / 86_400_000;
}

async function taken(reviewer: Recourse): Promise<Id<'apl'> | undefined> {
  try {
    const took = await reviewer.review.take();
    return 'appeal' in took ? took.appeal : undefined;
  } catch (error) {
    if (isRecourseError(error)) return undefined;
    throw error;
  }
}

async function statesOf(stage: Stage, cases: readonly Case[], state: string): Promise<number> {
  const states = await Promise.all(
    cases.map(async ({ by, filed: { sanction } }) =>
      (await stage.as(by)).sanctions.get({ sanction }),
    ),
  );
  return states.filter((record) => record.state === state).length;
}

export const floodOfAppeals: Play = {
  name: 'flood-of-appeals',
  says: 'Eighty creators appeal at once against one platform, more than its panel of three decides in a month.',
  bound:
    'no record falls by lateness, the appeals of others are decided in time, and nobody else’s records are held',
  async run(stage) {
    const flooded = await fileAll(stage, { by: 'Harbour', count: 80 });
    const others = await fileAll(stage, { by: 'Tubely', count: 8 });
    await appealAll(stage, flooded);
    await appealAll(stage, others);
    const all = [...flooded, ...others];
    const byAppeal = new Map(all.map((one) => [one.appeal as string, one]));
    for (let day = 0; day < days; day++) {
      for (const reviewer of [...reviewers, ...reviewers]) await work(stage, reviewer, byAppeal);
      await stage.advance(3);
    }
    const late = others.filter(({ days }) => days === undefined || days > 30).length;
    const slowest = Math.ceil(Math.max(...others.map(({ days }) => days ?? 99)));
    const reversed = await statesOf(stage, all, 'reversed');
    const decided = flooded.filter(({ days }) => days !== undefined).length;
    prepared(decided < flooded.length, 'more was appealed than the panel decides');
    const [ofFlooded] = await fileAll(stage, { by: 'Harbour', count: 1 });
    const [ofOthers] = await fileAll(stage, { by: 'Tubely', count: 1 });
    const isHeld = async ({ by, filed }: Case): Promise<boolean> =>
      (await (await stage.as(by)).sanctions.get({ sanction: filed.sanction })).backlogged === true;
    const held = await isHeld(ofOthers!);
    return {
      held: late === 0 && reversed === 0 && !held,
      gained: `${reversed} records reversed by lateness; of ${others.length} appeals of others ${late} late, the slowest decided after ${slowest} days; their new records ${held ? 'held' : 'not held'}`,
      figures: {
        appeals: flooded.length,
        decided,
        reversed,
        others: others.length,
        late,
        slowest,
        heldOfFlooded: await isHeld(ofFlooded!),
        heldOfOthers: held,
      },
    };
  },
};

const impersonating = (salt?: string, bytes = randomBytes(12)): Partial<SanctionInput> => ({
  reason: 'identity.impersonation',
  evidence: [
    {
      class: 'claimant-verification',
      source: utf8(`made up for a play: ${bytes.toString('hex')}`),
      ...(salt === undefined ? {} : { salt }),
    },
  ],
});

export const expressionFlood: Play = {
  name: 'expression-flood',
  says: 'Creators appeal together on `expression`, so that records answer nobody while the panel has no time to look.',
  bound:
    'records on speech-adjacent codes with evidence of their own, until they are decided; never bulk messages or batches',
  async run(stage) {
    const by = 'Harbour';
    const alone = await fileAll(stage, { by, count: 4, over: () => impersonating() });
    const [bytes, salt] = [randomBytes(12), randomBytes(32).toString('base64url')];
    const over = () => impersonating(salt, bytes);
    const together = await fileAll(stage, { by, count: 6, over });
    const volume = utf8('made up for a play: volumes');
    const evidence = () => [{ class: 'volume-logs' as const, source: volume }];
    const bulk = () => ({ reason: 'network.bulk-spam' as const, evidence: evidence() });
    const spam = await fileAll(stage, { by, count: 4, over: bulk });
    await stage.advance(15);
    const all = [...alone, ...together, ...spam];
    prepared((await statesOf(stage, all, 'visible')) === all.length, 'the records answer checks');
    await appealAll(stage, all, 'expression');
    // Nobody decides on relief.
    await stage.advance(7);
    const suspended = {
      alone: await statesOf(stage, alone, 'suspended'),
      together: await statesOf(stage, together, 'suspended'),
      spam: await statesOf(stage, spam, 'suspended'),
    };
    prepared(suspended.alone > 0, 'relief that nobody decided is granted');
    return {
      held: suspended.together === 0 && suspended.spam === 0,
      gained: `of records on evidence of their own ${suspended.alone} of ${alone.length} suspended until decided; of a batch ${suspended.together} of ${together.length}, of bulk messages ${suspended.spam} of ${spam.length}`,
      figures: { appeals: all.length, ...suspended },
    };
  },
};
