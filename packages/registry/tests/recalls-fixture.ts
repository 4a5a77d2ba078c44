import { toNumericDate, type Id, type OpInput, type OpOutput } from '@recourse/protocol';
import {
  type TestAnswer,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { onItsOwn } from '../src/records/on-its-own.ts';
import { applyDueSteps } from '../src/records/apply-due-steps.ts';
import type { LockedRecord, TransitionContext } from '../src/records/transition-context.ts';
import { lockRecord } from '../src/records/lock-record.ts';
import { list, newElement, resultOf, subject } from './checks-fixture.ts';
import { withdraw } from './sanctions-harness.ts';

export const minutes = 60;
export const hours = 60 * minutes;
export const days = 24 * hours;

export interface ToldRecord {
  readonly sanction: Id<'snc'>;
  readonly token: string;
  readonly matches: readonly Id<'mat'>[];
}

/** A record of Harbour of which each of these platforms is told once. */
export async function tell(
  registry: TestRegistry,
  platforms: readonly TestPlatform[] = [registry.parties.tubely],
): Promise<ToldRecord> {
  const creator = subject('domain');
  const sanction = (await list(registry, registry.parties.harbour, {
    subjects: [creator],
  })) as Id<'snc'>;
  const matches: Id<'mat'>[] = [];
  for (const platform of platforms)
    matches.push(await tellAgain(registry, platform, creator.token!));
  return { sanction, token: creator.token!, matches };
}

/** The platform's own case id, as `ref` of each check. */
export const refOf = (platform: TestPlatform): string => `case-of-${platform.name}-0001`;

export async function tellAgain(
  registry: TestRegistry,
  platform: TestPlatform,
  token: string,
): Promise<Id<'mat'>> {
  const evaluated = await registry.call(platform.service, 'checks.evaluate', {
    purpose: 'signup',
    epochs: [1],
    blinded: [newElement()],
    provenAt: toNumericDate(registry.now()),
    ref: refOf(platform),
  });
  const { check } = resultOf(evaluated) as OpOutput<'checks.evaluate'>;
  const answer = await registry.call(platform.service, 'checks.match', {
    check,
    tokens: [{ epoch: 1, token }],
  });
  const [match] = (resultOf(answer) as OpOutput<'checks.match'>).matches;
  if (!match) throw new Error('nothing was told');
  return match.match;
}

/** Told, then withdrawn: each of the platforms owes an undo. */
export async function recallOf(
  registry: TestRegistry,
  platform: TestPlatform = registry.parties.tubely,
): Promise<ToldRecord & { recall: Id<'rcl'> }> {
  const record = await tell(registry, [platform]);
  resultOf(await withdraw(registry, record.sanction));
  const [recall] = await recallsOf(registry, record.sanction);
  return { ...record, recall: recall!.id as Id<'rcl'> };
}

/** Recalls of a sanction, the oldest version first. */
export const recallsOf = (registry: TestRegistry, sanction: string) =>
  registry.db
    .selectFrom('recalls')
    .selectAll()
    .where('sanction', '=', sanction)
    .orderBy('version')
    .orderBy('party')
    .execute();

export const acknowledge = (
  registry: TestRegistry,
  recall: string,
  acknowledgement: Partial<OpInput<'recalls.acknowledge'>> & { key?: TestKey } = {},
): Promise<TestAnswer> => {
  const { key = registry.parties.tubely.service, ...rest } = acknowledgement;
  return registry.call(key, 'recalls.acknowledge', {
    recall: recall as Id<'rcl'>,
    action: 'undone',
    copies: 'deleted',
    ...rest,
  });
};

/** One change of a locked sanction in a transaction of its own, as a call makes it. */
export function act<T>(
  registry: TestRegistry,
  sanction: string,
  change: (ctx: TransitionContext, record: LockedRecord) => Promise<T>,
): Promise<T> {
  return onItsOwn(registry.services, async (ctx) => {
    const record = await lockRecord(ctx, sanction);
    return change(ctx, await applyDueSteps(ctx, record!));
  });
}

/** Moves the clock to an hour (UTC) of the next such weekday, Sunday being 0. */
export function advanceTo(registry: TestRegistry, weekday: number, hour: number): void {
  const target = new Date(registry.now());
  target.setUTCHours(hour, 0, 0, 0);
  while (target <= registry.now() || target.getUTCDay() !== weekday) {
    target.setUTCDate(target.getUTCDate() + 1);
  }
  registry.advance((target.getTime() - registry.now().getTime()) / 1_000);
}

/** Entries of one type that wait for the ledger, in order. */
export async function entriesOf(
  registry: TestRegistry,
  type: string,
): Promise<Record<string, unknown>[]> {
  const rows = await registry.pendingEntries();
  return rows
    .map((entry) => JSON.parse(entry) as Record<string, unknown>)
    .filter((entry) => entry['type'] === type);
}
