import { toNumericDate } from '@recourse/protocol';
import { settleDue } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newElement, resultOf, startCheckRegistry } from './checks-fixture.ts';
import { acknowledge, days, entriesOf, recallOf } from './recalls-fixture.ts';
import { erase } from './recovery-cast.ts';
import { recoveredAfter } from './recovery-fixture.ts';
import { problem } from './sanctions-harness.ts';

let live: TestRegistry;
let dump: TestRegistry;
let erased: Awaited<ReturnType<typeof recallOf>>;

beforeAll(async () => {
  live = await startCheckRegistry();
  erased = await recallOf(live);
  ({ dump } = await recoveredAfter(live, () => erase(live, erased)));
});
afterAll(async () => {
  await live.close();
  await dump.close();
});

/** As Tubely, which was told. */
const ask = () =>
  dump.call(dump.parties.tubely.service, 'checks.evaluate', {
    purpose: 'signup',
    epochs: [1],
    blinded: [newElement()],
    provenAt: toNumericDate(dump.now()),
  });

describe('a recall of a case that the log says was erased', () => {
  test('is owed by its ids', async () => {
    const listed = await dump.call(dump.parties.tubely.service, 'recalls.list', {});
    const { recall, sanction } = erased;
    expect(resultOf(listed)).toMatchObject({ recalls: [{ recall, sanction, kind: 'undo' }] });
  });

  test('is reminded of once it is overdue, without an entry that only its case would open', async () => {
    dump.advance(6 * days);
    expect((await settleDue(dump.services)).failures).toEqual([]);
    const events = await dump.db
      .selectFrom('events')
      .select(['party', 'sanction'])
      .where('type', '=', 'recall-reminder')
      .execute();
    expect(events).toEqual([{ party: dump.parties.tubely.id, sanction: erased.sanction }]);
    expect(await entriesOf(dump, 'recall-overdue')).toEqual([]);
    dump.advance(20 * days);
    expect((await settleDue(dump.services)).failures).toEqual([]);
  });

  test('stops the checks of its platform until that did it, and keeps no call of the case', async () => {
    expect(problem(await ask())[0]).toBe('checks-stopped');
    const done = await acknowledge(dump, erased.recall);
    expect(resultOf(done)).toMatchObject({ open: 0, checksStopped: false });
    resultOf(await ask());
    expect(problem(await acknowledge(dump, erased.recall))[0]).toBe('state-conflict');
    const kept = dump.db.selectFrom('kept_calls').select('sanction');
    expect(await kept.where('sanction', '=', erased.sanction).execute()).toEqual([]);
    expect((await settleDue(dump.services)).failures).toEqual([]);
  });
});

test('a recall of a case whose key alone is gone is an internal error: nobody said that it was erased', async () => {
  const other = await recallOf(live);
  await live.ownerDb.deleteFrom('case_keys').where('sanction', '=', other.sanction).execute();
  expect((await acknowledge(live, other.recall)).status).toBe(500);
});
