import { toNumericDate, type Id } from '@recourse/protocol';
import { random32, type TestAnswer, type TestKey, type TestRegistry } from '@recourse/testkit';
import { proveAll } from './cases-fixture.ts';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { endSanction } from '../src/records/ending.ts';
import {
  act,
  day,
  newCase,
  recallsOf,
  sanctionOf,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { askNew, resultOf, subject } from './checks-fixture.ts';
import { allVote, itemRows, itemsOf, seatedOf, seatReviewers } from './panel-harness.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
let panel: TestKey[];
beforeEach(async () => {
  registry = await startAppealRegistry();
  panel = [...registry.parties.panel, ...(await seatReviewers(registry, 2))];
});
afterEach(() => registry.close());

interface Of {
  readonly token?: string;
  readonly by?: TestKey;
  readonly at?: Date;
}
const challenge = ({ tokens }: TestCase, options: Of = {}): Promise<TestAnswer> =>
  registry.call(options.by ?? registry.parties.tubely.trust, 'subjects.challenge', {
    token: options.token ?? tokens[0]!,
    epoch: 1,
    ground: 'recycled',
    date: toNumericDate(options.at ?? registry.now()),
  });
const itemIn = (answer: TestAnswer): string =>
  (resultOf(answer) as { items: { item: string }[] }).items[0]!.item;
const decide = (item: string, ...outcomes: ('detach' | 'keep')[]) =>
  allVote(registry, { item, among: panel, outcomes });
const matchesOf = async (token: string): Promise<number> =>
  (resultOf(await askNew(registry, registry.parties.market, [token])) as { matches: unknown[] })
    .matches.length;
const viewOf = async ({ key }: TestCase) =>
  (await registry.caseCall('case.open', { code: key })).body.result.data.case;

describe('an identifier that changed hands', () => {
  test('leaves the record by two reviewers, and everyone told corrects what they know', async () => {
    const theCase = await newCase(registry);
    const item = itemIn(await challenge(theCase));
    await decide(item, 'detach', 'detach');
    const [gone, stays] = theCase.tokens as [string, string];
    expect([await matchesOf(gone), await matchesOf(stays)]).toEqual([0, 1]);
    expect(await recallsOf(registry, theCase.sanction)).toMatchObject([{ kind: 'correct' }]);
    await proveAll(registry, theCase.key);
    const seen = await viewOf(theCase);
    expect(seen.history.map(({ event }: { event: string }) => event)).toEqual(
      expect.arrayContaining(['challenged', 'amended']),
    );
    expect(seen.panel).toMatchObject([
      { item, by: 'Tubely', subject: 'domain', outcome: 'detach' },
    ]);
    expect(seen.panel[0].reasons).toHaveLength(2);
  });

  test('that was the only one of a record ends it as mistaken identity', async () => {
    const theCase = await newCase(registry, { subjects: [subject('email')] });
    const item = itemIn(await challenge(theCase));
    await decide(item, 'detach', 'detach');
    expect(await sanctionOf(registry, theCase.sanction)).toMatchObject({
      state: 'reversed',
      cause: 'mistaken-identity',
    });
    expect(await recallsOf(registry, theCase.sanction)).toMatchObject([{ kind: 'undo' }]);
  });

  test.each([['detach', 'keep'] as const, ['keep', 'keep'] as const])(
    'stays by %s and %s, and is challenged again only about a later day',
    async (...outcomes) => {
      const theCase = await newCase(registry);
      const item = itemIn(await challenge(theCase));
      await decide(item, ...outcomes);
      expect(await matchesOf(theCase.tokens[0]!)).toBe(1);
      const before = new Date(registry.now().getTime() - 60_000);
      expect(problem(await challenge(theCase, { at: before }))).toEqual(['already-decided']);
      registry.advance(30 * day);
      expect(itemIn(await challenge(theCase))).not.toBe(item);
    },
  );

  test('stays where nobody decides, before any job ran', async () => {
    const theCase = await newCase(registry);
    const item = itemIn(await challenge(theCase));
    registry.advance(34 * day);
    expect(itemIn(await challenge(theCase))).not.toBe(item);
    registry.advance(34 * day);
    await settleDue(registry.services);
    expect(await itemRows(registry)).toMatchObject([
      { outcome: 'keep', closed_by: 'deadline' },
      { outcome: 'keep', closed_by: 'deadline' },
    ]);
    expect(await matchesOf(theCase.tokens[0]!)).toBe(1);
  });

  test('is asked about once at a time, whoever says so', async () => {
    const theCase = await newCase(registry);
    const item = itemIn(await challenge(theCase));
    expect(itemIn(await challenge(theCase))).toBe(item);
    expect(itemIn(await challenge(theCase, { by: registry.parties.harbour.trust }))).toBe(item);
  });

  test('is told to the submitter and to whoever said so', async () => {
    const theCase = await newCase(registry);
    const item = itemIn(await challenge(theCase));
    await decide(item, 'keep', 'keep');
    const events = await registry.db
      .selectFrom('events')
      .select(['party', 'type', sql<string>`body ->> 'item'`.as('item')])
      .where('type', 'in', ['subject-challenged', 'challenge-decided'])
      .orderBy('seq')
      .execute();
    const { harbour, tubely } = registry.parties;
    expect(events).toEqual(
      (['subject-challenged', 'challenge-decided'] as const).flatMap((type) =>
        [harbour, tubely].map(({ id: party }) => ({ party, type, item })),
      ),
    );
  });

  test('is judged by reviewers apart from its submitter and from who challenges it, on what its statement says', async () => {
    const theCase = await newCase(registry);
    const item = itemIn(await challenge(theCase));
    const [by] = await seatedOf(registry, { item, among: panel });
    const [shown] = await itemsOf(registry, by!);
    expect(shown).toMatchObject({
      record: { sanction: theCase.sanction, subjects: [{ place: 0 }, { place: 1 }] },
      challenge: { by: registry.parties.tubely.id, place: 0 },
    });
    for (const { id } of [registry.parties.harbour, registry.parties.tubely]) {
      await sql`insert into affiliations (holder, party) values (${by!.holder}, ${id})`.execute(
        registry.ownerDb,
      );
      expect(await seatedOf(registry, { item, among: [by!] })).toEqual([]);
      await registry.ownerDb.deleteFrom('affiliations').execute();
    }
  });

  test('of a record that ends meanwhile is no question any more', async () => {
    const theCase = await newCase(registry);
    await challenge(theCase);
    await act(registry, theCase.sanction, (ctx, record) =>
      endSanction(ctx, record, { kind: 'withdrawn', cause: 'error', by: record.party }),
    );
    expect(await itemRows(registry)).toMatchObject([{ closed_by: 'end', outcome: null }]);
    expect(problem(await challenge(theCase))).toEqual(['state-conflict', 'ended']);
  });
});

describe('a challenge', () => {
  test('tells nobody of what they were not told of', async () => {
    const theCase = await newCase(registry);
    const { market } = registry.parties;
    const held = await challenge(theCase, { by: market.trust });
    const none = await challenge(theCase, { by: market.trust, token: random32() });
    expect([held.status, none.status]).toEqual([404, 404]);
    expect(held.raw.body).toBe(none.raw.body);
  });

  test('is about a day since the identifier was proven, which has come', async () => {
    const theCase = await newCase(registry);
    const future = new Date(registry.now().getTime() + 86_400_000);
    expect(problem(await challenge(theCase, { at: future }))).toEqual([
      'invalid-input',
      'in-the-future',
    ]);
    expect(problem(await challenge(theCase, { at: new Date(0) }))).toEqual([
      'invalid-input',
      'before-proven',
    ]);
  });
});

describe('the database', () => {
  const violated = '23514';

  test('takes no challenge of whom nobody told, nor about the time before', async () => {
    const theCase = await newCase(registry);
    const item = itemIn(await challenge(theCase));
    const insert = (by: string, changed: Date) =>
      sql`insert into challenges (item, sanction, position, by_party, ground, changed_at, at)
        select 'itm_00000000000000000000000001', sanction, 1, ${by}, ground, ${changed}, at
        from challenges where item = ${item}`.execute(registry.db);
    expect(await sqlState(insert(registry.parties.market.id, registry.now()))).toBe(violated);
    expect(await sqlState(insert(registry.parties.tubely.id, new Date(0)))).toBe(violated);
  });

  test('detaches a subject by a decision alone', async () => {
    const theCase = await newCase(registry);
    await challenge(theCase);
    const detach = registry.db
      .updateTable('subjects')
      .set({ detached_at: registry.now() })
      .where('sanction', '=', theCase.sanction)
      .where('position', '=', 0)
      .execute();
    expect(await sqlState(detach)).toBe(violated);
  });

  test('takes no outcome of another kind', async () => {
    const theCase = await newCase(registry);
    const item = itemIn(await challenge(theCase));
    const close = registry.db
      .updateTable('panel_items')
      .set({ closed_at: registry.now(), closed_by: 'deadline', outcome: 'lift' })
      .where('id', '=', item as Id<'itm'>)
      .execute();
    expect(await sqlState(close)).toBe(violated);
  });
});
