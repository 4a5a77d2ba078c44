import type { Id, OpOutput } from '@recourse/protocol';
import type { TestKey, TestPlatform, TestRegistry } from '@recourse/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { askNew, resultOf, startCheckRegistry } from './checks-fixture.ts';
import { entriesOf, refusalOf } from './parties-fixtures.ts';
import { platformId } from './parties-operator-fixtures.ts';
import { tell } from './recalls-fixture.ts';
import { build, day, notify, sqlState, submit, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
let harbour: TestPlatform;
let tubely: TestPlatform;
beforeEach(async () => {
  registry = await startCheckRegistry();
  ({ harbour, tubely } = registry.parties);
  return () => registry.close();
});

const leave = (by: TestKey, party = platformId(registry.parties.harbour)) =>
  registry.call(by, 'platforms.leave', { party });
const get = async (sanction: string) =>
  (
    await registry.call(harbour.service, 'sanctions.get', {
      sanction: sanction as Id<'snc'>,
    })
  ).body.result;

const matchesOf = async (token: string): Promise<number> => {
  const answer = resultOf(await askNew(registry, tubely, [token])) as OpOutput<'checks.match'>;
  return answer.matches.length;
};

describe('who leaves', () => {
  test('neither checks nor submits at once, and says so in the ledger', async () => {
    await tell(registry, [tubely]);
    expect((await leave(harbour.admin)).body.result).toMatchObject({ state: 'executed' });
    expect(await entriesOf(registry, 'party-left')).toMatchObject([
      { detail: { party: harbour.id } },
    ]);
    registry.advance(1);
    const input = await build(registry);
    expect(refusalOf(await registry.call(harbour.service, 'sanctions.submit', input))).toBe(
      'party-suspended/not-active',
    );
    const check = await registry.call(harbour.service, 'checks.owed', {});
    expect(check.status).toBe(200);
    await expect(askNew(registry, harbour, [])).rejects.toThrow(/checks-stopped/);
    expect(refusalOf(await leave(harbour.admin))).toBe('state-conflict/left');
    const again = registry.db
      .updateTable('parties')
      .set({ left_at: null })
      .where('id', '=', harbour.id)
      .execute();
    expect(await sqlState(again)).toBe('23514');
  });

  test('is the party itself by an admin key, or two operators', async () => {
    const [first, second] = registry.parties.operator;
    expect(refusalOf(await leave(harbour.trust))).toBe('role-not-allowed');
    expect(refusalOf(await leave(tubely.admin))).toBe('not-found');
    expect((await leave(first)).body.result.state).toBe('proposed');
    expect((await leave(first)).body.result.state).toBe('proposed');
    expect(await entriesOf(registry, 'party-left')).toEqual([]);
    expect((await leave(second)).body.result.state).toBe('executed');
    expect(await entriesOf(registry, 'party-left')).toHaveLength(1);
  });
});

describe('the records of who left', () => {
  test('answer for 30 d more, end when read, and are recalled once', async () => {
    const { sanction, token } = await tell(registry, [tubely]);
    await leave(harbour.admin);
    const asked = () => matchesOf(token);
    registry.advance(30 * day - 60);
    expect(await asked()).toBe(1);
    expect(await get(sanction)).toMatchObject({ state: 'visible' });
    registry.advance(120);
    // No job has run.
    expect(await asked()).toBe(0);
    expect(await get(sanction)).toMatchObject({ state: 'withdrawn', cause: 'submitter-left' });
    await settleDue(registry.services);
    expect((await settleDue(registry.services)).settled).toBe(0);
    const { recalls } = (await registry.call(tubely.service, 'recalls.list', {})).body.result;
    expect(recalls).toMatchObject([{ sanction, kind: 'undo' }]);
    expect(await get(sanction)).toMatchObject({ state: 'withdrawn', cause: 'submitter-left' });
  });
});

test('what is owed to creators outlives the membership', async () => {
  const record = await tell(registry, [tubely]);
  const { id } = await submit(registry);
  await leave(tubely.admin, platformId(tubely));
  await leave(harbour.admin);
  registry.advance(60);
  expect((await notify(registry, id)).status).toBe(200);
  expect((await withdraw(registry, record.sanction)).status).toBe(200);
  const [recall] = (await registry.call(tubely.service, 'recalls.list', {})).body.result.recalls;
  const acknowledged = await registry.call(tubely.service, 'recalls.acknowledge', {
    recall: recall.recall,
    action: 'undone',
    copies: 'deleted',
  });
  expect(acknowledged.status).toBe(200);
  const polled = await registry.call(tubely.service, 'events.poll', {});
  expect(polled.status).toBe(200);
});
