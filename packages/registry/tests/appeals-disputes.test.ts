import type { Id } from '@recourse/protocol';
import { random32, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  advanceTo,
  appealCase,
  appealOf,
  claimCase,
  day,
  deliver,
  newCase,
  recallsOf,
  sanctionOf,
  startAppealRegistry,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { problem, sqlState } from './sanctions-harness.ts';

// "A digest that does not fit is a claim: the reviewer attaches the content key, a second reviewer repeats it, one
// redelivery, then evidence-mismatch."

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

type Appeal = Id<'apl'>;
const at = (assigned: { appeal: string }) => ({ appeal: assigned.appeal as Appeal, item: 0 });

async function delivered() {
  const theCase = await newCase(registry);
  const { id: appeal } = await appealCase(registry, theCase);
  const reviewer = await claimCase(registry, registry.parties.panel[0], appeal);
  resultOf(await deliver(registry, { appeal, to: [reviewer] }));
  return { ...theCase, appeal, reviewer, by: reviewer.key };
}

const dispute = (assigned: { appeal: string; by: TestKey; contentKey?: string }) =>
  registry.call(assigned.by, 'evidence.dispute', {
    ...at(assigned),
    contentKey: assigned.contentKey ?? random32(),
  });
const recheck = (by: TestKey) => registry.call(by, 'evidence.recheck', {});
const settle = (
  assigned: { appeal: string; by: TestKey },
  finding: 'fits' | 'does-not-fit' | 'does-not-open',
) => registry.call(assigned.by, 'evidence.settle', { ...at(assigned), says: finding });

async function disputed() {
  const appealed = await delivered();
  const [, second] = registry.parties.panel;
  resultOf(await dispute(appealed));
  resultOf(await recheck(second));
  return { ...appealed, second };
}

const stateOf = async (appeal: string) => (await appealOf(registry, appeal)).evidence[0];

describe('a digest that does not fit is a claim', () => {
  test('another reviewer is given the same bytes with the content key of the first', async () => {
    const appealed = await delivered();
    const contentKey = random32();
    const [, second] = registry.parties.panel;
    const opened = resultOf(await registry.call(appealed.by, 'evidence.open', at(appealed))) as {
      jwe: unknown;
    };
    resultOf(await dispute({ ...appealed, contentKey }));
    expect(await stateOf(appealed.appeal)).toMatchObject({ delivered: true, disputed: true });
    expect(problem(await registry.call(second, 'evidence.disputed', at(appealed)))).toEqual([
      'not-found',
    ]);
    expect(resultOf(await recheck(second))).toEqual({
      ...at(appealed),
      sanction: appealed.sanction,
    });
    // What the submitter delivers meanwhile does not take away what is looked at.
    resultOf(await deliver(registry, { appeal: appealed.appeal, to: [appealed.reviewer] }));
    const given = resultOf(await registry.call(second, 'evidence.disputed', at(appealed)));
    expect(given).toMatchObject({ contentKey, jwe: opened.jwe });
  });

  test('and confirms nothing, nor does the first, until somebody else has looked', async () => {
    const appealed = await delivered();
    resultOf(await registry.call(appealed.by, 'evidence.confirm', { appeal: appealed.appeal }));
    resultOf(await dispute(appealed));
    const { confirmedAt } = resultOf(
      await registry.call(appealed.by, 'review.get', { appeal: appealed.appeal }),
    ) as { confirmedAt?: string };
    expect(confirmedAt).toBeUndefined();
    const again = await registry.call(appealed.by, 'evidence.confirm', { appeal: appealed.appeal });
    expect(problem(again)).toEqual(['state-conflict', 'disputed']);
    expect(problem(await dispute(appealed))).toEqual(['state-conflict', 'already-disputed']);
  });

  test('by a reviewer with a key of the case, of what was sealed to them', async () => {
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase);
    const { key: by } = await claimCase(registry, registry.parties.panel[0], appeal);
    expect(problem(await dispute({ appeal, by }))).toEqual(['state-conflict', 'not-delivered']);
    expect(problem(await dispute({ appeal, by: registry.parties.panel[1] }))).toEqual([
      'not-found',
    ]);
  });

  test('is not repeated by whoever made it, nor by anybody who may not judge', async () => {
    const appealed = await delivered();
    const [first, second] = registry.parties.panel;
    resultOf(await dispute(appealed));
    expect(problem(await recheck(first))).toEqual(['not-found']);
    const affiliation = { holder: second.holder, party: registry.parties.harbour.id };
    await registry.db
      .insertInto('affiliations')
      .values({ ...affiliation, until: null })
      .execute();
    expect(problem(await recheck(second))).toEqual(['not-found']);
    expect(problem(await settle({ ...appealed, by: second }, 'fits'))).toEqual(['not-found']);
  });

  test('goes to somebody else when nobody looked for a day', async () => {
    const appealed = await disputed();
    const [, , third] = registry.parties.panel;
    expect(problem(await recheck(third))).toEqual(['not-found']);
    registry.advance(day + 2);
    resultOf(await recheck(third));
    expect(problem(await settle({ ...appealed, by: appealed.second }, 'fits'))).toEqual([
      'not-found',
    ]);
    resultOf(await settle({ ...appealed, by: third }, 'fits'));
  });
});

describe('the second reviewer', () => {
  test('finds that it fits: it is confirmed, and the claim is void', async () => {
    const appealed = await disputed();
    const { second: by } = appealed;
    expect(resultOf(await settle({ ...appealed, by }, 'fits'))).toEqual({
      ...at(appealed),
      closedAs: 'void',
      recalls: 0,
    });
    expect(await stateOf(appealed.appeal)).not.toHaveProperty('disputed');
    expect(
      resultOf(await registry.call(appealed.by, 'review.get', { appeal: appealed.appeal })),
    ).toHaveProperty('confirmedAt');
    expect(problem(await dispute(appealed))).toEqual(['state-conflict', 'already-disputed']);
  });

  test('finds that the key opens nothing: the claim is void, and nothing is confirmed', async () => {
    const appealed = await disputed();
    const { second: by } = appealed;
    expect(resultOf(await settle({ ...appealed, by }, 'does-not-open'))).toMatchObject({
      closedAs: 'void',
    });
    expect(
      resultOf(await registry.call(appealed.by, 'review.get', { appeal: appealed.appeal })),
    ).not.toHaveProperty('confirmedAt');
  });

  test('repeats it: destroyed, and the submitter has three days for one that fits', async () => {
    const one = await disputed();
    const { second: by } = one;
    const answer = resultOf(await settle({ ...one, by }, 'does-not-fit'));
    expect(answer).toMatchObject({ closedAs: 'mismatch', recalls: 0 });
    expect(await stateOf(one.appeal)).toMatchObject({ delivered: false, rejected: 'mismatch' });
    const { evidenceDueAt } = answer as { evidenceDueAt: string };
    const days = (new Date(evidenceDueAt).getTime() - registry.now().getTime()) / 86_400_000;
    // A deadline on a weekend ends at noon of Monday.
    expect(days).toBeGreaterThan(2.99);
    expect(days).toBeLessThan(5.51);
    advanceTo(registry, evidenceDueAt);
    expect(await sanctionOf(registry, one.sanction)).toMatchObject({
      state: 'suspended',
      suspendedFor: ['evidence-overdue'],
    });
    registry.advance(16 * day);
    expect(await sanctionOf(registry, one.sanction)).toMatchObject({
      state: 'reversed',
      cause: 'evidence-not-delivered',
    });
  });

  test('repeats it a second time: reversed, evidence-mismatch, and everyone told undoes it', async () => {
    const appealed = await disputed();
    const { second: by } = appealed;
    resultOf(await settle({ ...appealed, by }, 'does-not-fit'));
    resultOf(await deliver(registry, { appeal: appealed.appeal, to: [appealed.reviewer] }));
    resultOf(await dispute(appealed));
    resultOf(await recheck(by));
    expect(resultOf(await settle({ ...appealed, by }, 'does-not-fit'))).toEqual({
      ...at(appealed),
      closedAs: 'mismatch',
      recalls: 1,
    });
    expect(await sanctionOf(registry, appealed.sanction)).toMatchObject({
      state: 'reversed',
      cause: 'evidence-mismatch',
    });
    expect(await appealOf(registry, appealed.appeal)).toMatchObject({
      state: 'undelivered',
      cause: 'evidence-mismatch',
    });
    expect((await recallsOf(registry, appealed.sanction)).map(({ kind }) => kind)).toEqual([
      'undo',
    ]);
  });

  test('on an ended record: a finding, with the same recalls', async () => {
    const appealed = await disputed();
    const { second: by } = appealed;
    await registry.ownerDb
      .updateTable('sanctions')
      .set({ expires_at: new Date(registry.now().getTime() + 1000) })
      .where('id', '=', appealed.sanction)
      .execute();
    registry.advance(2);
    resultOf(await settle({ ...appealed, by }, 'does-not-fit'));
    resultOf(await deliver(registry, { appeal: appealed.appeal, to: [appealed.reviewer] }));
    resultOf(await dispute(appealed));
    resultOf(await recheck(by));
    expect(resultOf(await settle({ ...appealed, by }, 'does-not-fit'))).toMatchObject({
      recalls: 1,
    });
    expect(await sanctionOf(registry, appealed.sanction)).toMatchObject({ state: 'expired' });
    expect(await appealOf(registry, appealed.appeal)).toMatchObject({
      state: 'undelivered',
      cause: 'evidence-mismatch',
    });
  });

  test('has nothing to look at once the item was destroyed or the appeal is over', async () => {
    const appealed = await disputed();
    const { second: by } = appealed;
    const why = 'illegal-media' as const;
    resultOf(await registry.call(appealed.by, 'evidence.reject', { ...at(appealed), why }));
    expect(problem(await settle({ ...appealed, by }, 'fits'))).toEqual(['not-found']);
    expect(await contentKeys()).toEqual([null]);
  });
});

const contentKeys = async () =>
  (await registry.db.selectFrom('disputes').select('content_key').execute()).map(
    ({ content_key }) => content_key,
  );

/** As by a server that was taken over: refused, and let through once the control is taken away. */
async function tried(statement: string, control: string): Promise<string[]> {
  const attack = () => sqlState(sql.raw(statement).execute(registry.db));
  const refused = await attack();
  await sql.raw(control).execute(registry.ownerDb);
  return [refused, await attack()];
}

describe('the database', () => {
  const word = (dispute: { appeal: string; second: string }) =>
    `update disputes set second = '${dispute.second}', assigned_at = now(), closed_at = now(),
      closed_as = 'mismatch', content_key = null where review = '${dispute.appeal}'`;

  test.each([
    [
      'gave the case back',
      `update assignments set released_at = at, released_as = 'recused'`,
      'null',
    ],
    [
      'has no key of it',
      `update assignments set statement = null, sealing_kid = null, keyed_at = null`,
      'null',
    ],
    [
      'belongs to the submitter',
      `insert into affiliations (holder, party) select c.holder, s.party
        from assignments c join sanctions s on s.id = c.sanction`,
      'null',
    ],
    [
      'names who is to repeat it',
      'select 1',
      `(select max(id) from holders where party = 'panel' and id not in (select holder from assignments))`,
    ],
  ])('nobody says that evidence does not fit who %s', async (_, before, second) => {
    const { appeal } = await delivered();
    await sql.raw(before).execute(registry.ownerDb);
    const statement = `insert into disputes
      (review, sanction, item, round, holder, at, content_key, second, assigned_at)
      select d.review, d.sanction, d.item, d.round, c.holder, d.at, '\\x00', ${second},
        case when ${second} is not null then d.at end
      from deliveries d join assignments c on c.review = d.review where d.review = '${appeal}'`;
    expect(
      await tried(statement, 'alter policy disputes_assigned on disputes with check (true)'),
    ).toEqual(['42501', 'accepted']);
  });

  test('nobody repeats their own claim', async () => {
    const appealed = await delivered();
    resultOf(await dispute(appealed));
    await sql
      .raw('alter policy disputes_independent on disputes with check (true)')
      .execute(registry.ownerDb);
    const own = word({ appeal: appealed.appeal, second: appealed.by.holder });
    expect(await tried(own, 'alter table disputes drop constraint disputes_by_another')).toEqual([
      '23514',
      'accepted',
    ]);
  });

  test('an affiliated reviewer repeats nothing', async () => {
    const appealed = await delivered();
    const [, second] = registry.parties.panel;
    resultOf(await dispute(appealed));
    await registry.db
      .insertInto('affiliations')
      .values({ holder: second.holder, party: registry.parties.harbour.id, until: null })
      .execute();
    expect(
      await tried(
        word({ appeal: appealed.appeal, second: second.holder }),
        'alter policy disputes_independent on disputes with check (true)',
      ),
    ).toEqual(['42501', 'accepted']);
  });

  test('what was settled stays settled, and keeps no key', async () => {
    const appealed = await disputed();
    resultOf(await settle({ ...appealed, by: appealed.second }, 'fits'));
    expect(await contentKeys()).toEqual([null]);
    expect(
      await tried(
        `update disputes set closed_as = 'mismatch' where review = '${appealed.appeal}'`,
        'drop trigger disputes_final on disputes',
      ),
    ).toEqual(['23514', 'accepted']);
  });
});
