import type { OpInput, OpOutput } from '@recourse/protocol';
import { random32, testId, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { askNew, resultOf, startCheckRegistry } from './checks-fixture.ts';
import { entriesOf, refusalOf } from './parties-fixtures.ts';
import { byBoth } from './parties-operator-fixtures.ts';
import { tell } from './recalls-fixture.ts';
import { day, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startCheckRegistry();
  return () => registry.close();
});

type Order = OpInput<'orders.execute'>;
const order = (sanction: Order['sanction'], change: Partial<Order> = {}): Order => ({
  sanction,
  effect: 'end',
  body: 'court',
  date: Math.floor(registry.now().getTime() / 1000) - day,
  reference: random32(),
  ...change,
});
const stateOf = async (sanction: Order['sanction']) =>
  (await registry.call(registry.parties.harbour.service, 'sanctions.get', { sanction })).body
    .result;
const asked = async (token: string): Promise<number> => {
  const answer = resultOf(await askNew(registry, registry.parties.tubely, [token]));
  return (answer as OpOutput<'checks.match'>).matches.length;
};
const recalls = async (): Promise<{ sanction: string; kind: string }[]> =>
  (await registry.call(registry.parties.tubely.service, 'recalls.list', {})).body.result.recalls;

describe('an order of a court or a data protection authority', () => {
  test('ends one record, by two operators, with its recalls, and is published', async () => {
    const { sanction, token } = await tell(registry);
    const input = order(sanction);
    const [first, second] = registry.parties.operator;
    await registry.call(first, 'orders.execute', input);
    await registry.call(first, 'orders.execute', input);
    expect(await asked(token)).toBe(1);
    const { proposal } = (await registry.call(second, 'orders.execute', input)).body.result;
    expect(await stateOf(sanction)).toMatchObject({ state: 'reversed', cause: 'order' });
    expect(await asked(token)).toBe(0);
    expect(await recalls()).toMatchObject([{ sanction, kind: 'undo' }]);
    const { reference, body } = input;
    const entries = await entriesOf(registry, 'order-executed');
    expect(entries).toMatchObject([{ detail: { proposal, effect: 'end', body, reference } }]);
    expect(JSON.stringify(entries)).not.toContain(sanction);
    expect(refusalOf(await registry.call(first, 'orders.execute', order(sanction)))).toBe(
      'state-conflict/ended',
    );
  });

  test('restricts one: no check is answered', async () => {
    const { sanction, token } = await tell(registry);
    const input = order(sanction, { effect: 'restrict', body: 'data-protection-authority' });
    await byBoth(registry, 'orders.execute', input);
    expect(await stateOf(sanction)).toMatchObject({ state: 'suspended', suspendedFor: ['order'] });
    expect(await asked(token)).toBe(0);
    expect(await recalls()).toMatchObject([{ sanction, kind: 'pause' }]);
    const again = order(sanction, { effect: 'restrict' });
    expect(refusalOf(await byBoth(registry, 'orders.execute', again))).toBe(
      'state-conflict/restricted',
    );
    await byBoth(registry, 'orders.execute', order(sanction));
    expect(await stateOf(sanction)).toMatchObject({ state: 'reversed', cause: 'order' });
  });

  test.each([
    ['creates', { effect: 'create' }],
    ['lengthens', { effect: 'restrict', exp: 2_000_000_000 }],
    ['reveals', { effect: 'disclose' }],
    ['names a person', { name: 'Somebody' }],
    ['is of a ministry', { body: 'ministry' }],
    ['is of tomorrow', { date: 4_000_000_000 }],
  ])('that %s is refused', async (_, change) => {
    const { sanction } = await tell(registry);
    const input = order(sanction, change as Partial<Order>);
    expect(refusalOf(await byBoth(registry, 'orders.execute', input))).toMatch(/^invalid-input\//);
    expect(await stateOf(sanction)).toMatchObject({ state: 'visible' });
  });

  test('of nobody but the operator, and of no record that is none', async () => {
    const { sanction } = await tell(registry);
    const { harbour, panel, operator } = registry.parties;
    for (const by of [harbour.admin, panel[0]]) {
      expect(refusalOf(await registry.call(by, 'orders.execute', order(sanction)))).toBe(
        'role-not-allowed',
      );
    }
    const none = order(testId('snc', registry.now()));
    expect(refusalOf(await registry.call(operator[0], 'orders.execute', none))).toBe('not-found');
  });
});

describe('the database', () => {
  test('takes no end and no suspension by an order that two did not execute', async () => {
    const { sanction } = await tell(registry);
    const { body } = await registry.call(
      registry.parties.operator[0],
      'orders.execute',
      order(sanction),
    );
    const at = registry.now();
    const run = (query: ReturnType<typeof sql>) => sqlState(query.execute(registry.db));
    const { proposal } = body.result;
    const insert = (effect: string) =>
      run(sql`insert into orders values
        (${proposal}, ${sanction}, ${effect}, 'court', ${at}, ${random32()}, ${at})`);
    expect(await insert('end')).toBe('23514');
    const end = sql`insert into ends values (${sanction}, 'reversed', 'order', ${at}, 'operator', null)`;
    expect(await run(end)).toBe('23514');
    const restrict = sql`insert into suspensions (sanction, cause, since) values
      (${sanction}, 'order', ${at})`;
    expect(await run(restrict)).toBe('23514');
  });

  test('has no word for an order that creates or lengthens, and lengthens nothing', async () => {
    const { sanction } = await tell(registry);
    await byBoth(registry, 'orders.execute', order(sanction, { effect: 'restrict' }));
    const run = (text: string) => sqlState(sql.raw(text).execute(registry.db));
    const copy = (effect: string) =>
      `insert into orders select proposal || 'x', sanction, '${effect}', body, dated, reference, at from orders`;
    expect(await run(copy('create'))).toBe('23514');
    expect(await run(copy('lengthen'))).toBe('23514');
    expect(await run(`update orders set effect = 'end'`)).toBe('42501');
    expect(await run('delete from orders')).toBe('42501');
    expect(await run(`update sanctions set expires_at = expires_at + interval '1 day'`)).toBe(
      '42501',
    );
  });
});
