import { encodeCheckpoint } from '@recourse/ledger';
import { toBase64url, type Id, type SealingKey } from '@recourse/protocol';
import type { TestAnswer, TestKey, TestPlatform, TestRegistry } from '@recourse/testkit';
import { Sequencer } from '@recourse/registry';
import { randomBytes } from 'node:crypto';
import { isDrawn } from '@recourse/protocol/review';
import { readStanding } from '../src/panel/rates-store.ts';
import { quarterOf } from '../src/review/draw.rules.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { advanceTo, assign, decide, seal, takeWithKey } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { drain, newSigner } from './ledger-fixture.ts';
import { byBoth } from './parties-operator-fixtures.ts';
import { logAndSign } from './recovery-fixture.ts';

export interface TakenInspection {
  readonly item: Id<'itm'>;
  readonly sanction: Id<'snc'>;
  readonly why: string;
  readonly key: SealingKey;
  readonly by: TestKey;
}

/** The inspection that is assigned, taken with a fresh key. */
export async function takeInspection(
  registry: TestRegistry,
  by: TestKey = registry.parties.panel[0],
): Promise<TakenInspection> {
  const { inspection: item, ...assigned } = resultOf(await assign(registry, by)) as {
    inspection: Id<'itm'>;
    sanction: Id<'snc'>;
    why: string;
  };
  const { answer, sealing } = await takeWithKey(registry, by, item);
  resultOf(answer);
  const { sanction, why } = assigned;
  return { item, sanction, why, key: sealing, by };
}

export const deliverInspection = async (
  registry: TestRegistry,
  {
    item,
    key,
    from = registry.parties.harbour,
  }: Pick<TakenInspection, 'item' | 'key'> & { from?: TestPlatform },
): Promise<TestAnswer> =>
  registry.call(from.service, 'evidence.deliver', {
    appeal: item,
    item: 0,
    jwe: await seal([key]),
  });

/** What a reviewer decides of an inspection; of evidence that fits they say so first. */
export async function examine(
  registry: TestRegistry,
  inspection: { by: TestKey; item: Id<'itm'>; outcome: 'passed' | 'failed' },
): Promise<TestAnswer> {
  const { by, item, outcome } = inspection;
  if (outcome === 'passed') await registry.call(by, 'evidence.confirm', { appeal: item });
  const { sanction } = await registry.db
    .selectFrom('reviews')
    .select('sanction')
    .where('id', '=', item)
    .executeTakeFirstOrThrow();
  return decide(registry, { by, sanction, appeal: item, decision: { outcome } });
}

/** To the start of the next quarter, of which the ledger signs a checkpoint: what it draws is drawn. */
export async function intoNextQuarter(registry: TestRegistry): Promise<void> {
  const { start } = quarterOf(registry.now());
  advanceTo(registry, new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 3)));
  // An entry of this quarter, so that a checkpoint of it is signed.
  await byBoth(registry, 'platforms.setQuota', {
    party: registry.parties.market.id as Id<'plt'>,
    submissionsPerDay: 9,
  });
  await logAndSign(registry, await newSigner());
  // Signed on the clock of the test.
  await registry.ownerDb.updateTable('ledger_checkpoints').set({ at: registry.now() }).execute();
  await settleDue(registry.services);
}

/** How many appeals count about Harbour, and how many of them against it. */
export const countedOf = async (registry: TestRegistry): Promise<[number, number]> => {
  const { id } = registry.parties.harbour;
  const { decided, reversed } = await readStanding(registry.db, id, registry.now());
  return [decided, reversed];
};

export const inspectionRows = (registry: TestRegistry) =>
  registry.db
    .selectFrom('inspections')
    .select(['outcome', 'closed_as'])
    .where('closed_at', 'is not', null)
    .orderBy('closed_at')
    .execute();

/** Logs what waits, and serves a checkpoint of it that draws the decision of an appeal, or does not. */
export async function serveAnd(
  registry: TestRegistry,
  options: { appeal: string; draws: boolean },
): Promise<void> {
  await drain(new Sequencer(registry.db));
  const { leaf } = await registry.db
    .selectFrom('redecisions')
    .select('leaf')
    .where('appeal', '=', options.appeal)
    .executeTakeFirstOrThrow();
  const { size } = await registry.db
    .selectFrom('ledger_state')
    .select('size')
    .executeTakeFirstOrThrow();
  let root = randomBytes(32);
  while (isDrawn({ root: toBase64url(root), leaf: toBase64url(leaf) }) !== options.draws) {
    root = randomBytes(32);
  }
  const text = encodeCheckpoint({ origin: 'registry.test/ledger', size, root, extensions: [] });
  const note = `${text}\n— registry.test/ledger ${Buffer.alloc(68).toString('base64')}\n`;
  const at = registry.now();
  await registry.ownerDb.insertInto('ledger_checkpoints').values({ size, note, at }).execute();
  await registry.ownerDb.insertInto('ledger_served').values({ size }).execute();
  await settleDue(registry.services);
}
