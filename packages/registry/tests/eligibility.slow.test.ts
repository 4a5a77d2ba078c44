import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql, type RawBuilder } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  appealCase,
  assign,
  day,
  newCase,
  startAppealRegistry,
  takeWithKey,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { closedAppeals, type ClosedAppeal } from './panel-harness.ts';
import { problem, sqlState } from './sanctions-harness.ts';

/**
 * Who may be given a record to judge, by each way that there is. Each row is tried over the interface, and by SQL as the
 * service role: there the policy alone refuses.
 */
let registry: TestRegistry;
let by: TestKey;
let other: TestKey;
beforeEach(async () => {
  registry = await startAppealRegistry();
  [by, other] = registry.parties.panel;
});
afterEach(() => registry.close());

const asOwner = async (...statements: string[]): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(registry.ownerDb);
};
const monthsAgo = (months: number): string => {
  const at = registry.now();
  at.setUTCMonth(at.getUTCMonth() - months);
  return `'${at.toISOString()}'`;
};
const at = (): string => `'${registry.now().toISOString()}'`;
const works = (party: string, until = 'null'): Promise<void> =>
  asOwner(`insert into affiliations (holder, party, until)
    values ('${by.holder}', '${party}', ${until})`);
const ofOneGroup = (...parties: string[]): Promise<void> =>
  asOwner(
    ...parties.map((id) => `update party_groups set group_name = 'one' where party = '${id}'`),
  );

const itemId = (n: number): string => `itm_${String(n).repeat(26)}`;

/** An earlier appeal of the record that the reviewer had, and how it left them. */
async function hadAppeal(
  theCase: TestCase,
  ending: { released: string; as: ClosedAppeal['as']; outcome?: 'upheld' },
): Promise<void> {
  const closedAt = new Date(registry.now().getTime() - 100 * day * 1000);
  const { released, ...closed } = ending;
  const [earlier] = await closedAppeals(registry, theCase, [{ ...closed, closedAt }]);
  await asOwner(`insert into assignments (review, sanction, holder, kid, at, statement, sealing_kid, keyed_at, expires_at,
      released_at, released_as, batch)
    values ('${earlier}', '${theCase.sanction}', '${by.holder}', '${by.kid}', ${at()}, 'x.y.z', 'thumb', ${at()},
      ${at()}, ${at()}, '${released}', '${earlier}')`);
}

/** An inspection of the record, of the reviewer or of nobody, and how it was closed. */
async function inspection(
  { sanction }: TestCase,
  options: {
    n: number;
    holder?: TestKey;
    closed?: { as: string; released: string; outcome?: string };
  },
): Promise<string> {
  const { n, holder, closed } = options;
  const outcome = closed?.outcome ? `'${closed.outcome}'` : 'null';
  const closing = closed ? `${at()}, '${closed.as}', ${outcome}` : 'null, null, null';
  const released = closed ? `${at()}, '${closed.released}'` : 'null, null';
  await asOwner(
    `with r as (insert into reviews (id, sanction) values ('${itemId(n)}', '${sanction}'))
      insert into inspections (id, sanction, why, opened_at, due_at)
      values ('${itemId(n)}', '${sanction}', 'drawn', ${at()}, ${at()}::timestamptz + interval '30 days')`,
    ...(holder
      ? [
          `insert into assignments (review, sanction, holder, kid, at, statement, sealing_kid, keyed_at, expires_at,
              released_at, released_as, batch)
            values ('${itemId(n)}', '${sanction}', '${holder.holder}', '${holder.kid}', ${at()}, 'x.y.z', 'key-${n}',
              ${at()}, ${at()}, ${released}, '${itemId(n)}')`,
        ]
      : []),
    ...(closed?.outcome && holder
      ? [
          `insert into decisions (sanction, holder, review, kid, outcome, artefact, reasons, at, serial)
            values ('${sanction}', '${holder.holder}', '${itemId(n)}', '${holder.kid}', ${outcome}, 'x.y.z', '', ${at()}, false)`,
        ]
      : []),
    `update inspections set (closed_at, closed_as, outcome) = (${closing}) where id = '${itemId(n)}'`,
  );
  return itemId(n);
}

async function lookedAgain(theCase: TestCase): Promise<void> {
  const closed = { as: 'ended', released: 'closed' };
  const item = await inspection(theCase, { n: 6, holder: other, closed });
  await asOwner(
    `insert into deliveries (review, sanction, item, round, sealed_to, evidence, at)
      values ('${item}', '${theCase.sanction}', 0, 0, array['key-6'], 'none', ${at()})`,
    `insert into disputes (review, sanction, item, round, holder, at, second, assigned_at, closed_at, closed_as)
      values ('${item}', '${theCase.sanction}', 0, 0, '${other.holder}', ${at()}, '${by.holder}', ${at()},
        ${at()}, 'void')`,
  );
}

const refused = { appeal: 'refused', inspection: 'refused' } as const;
const eligible = { appeal: 'eligible', inspection: 'eligible' } as const;
const id = (name: 'harbour' | 'tubely' | 'market'): string => registry.parties[name].id;

const rows: readonly [
  string,
  (theCase: TestCase) => Promise<unknown>,
  { appeal: 'refused' | 'eligible'; inspection: 'refused' | 'eligible' },
][] = [
  ['whom nothing ties to the record', async () => {}, eligible],
  ['works for the submitter', () => works(id('harbour')), refused],
  ['did so until 23 months ago', () => works(id('harbour'), monthsAgo(23)), refused],
  ['did so until 25 months ago', () => works(id('harbour'), monthsAgo(25)), eligible],
  ['works for a platform that was told', () => works(id('tubely')), eligible],
  ['works for a platform that was told nothing', () => works(id('market')), eligible],
  [
    'works for one of the group of the submitter',
    () => ofOneGroup(id('harbour'), id('market')).then(() => works(id('market'))),
    refused,
  ],
  [
    'whose term is over',
    () => asOwner(`update holders set term_until = ${monthsAgo(1)} where id = '${by.holder}'`),
    refused,
  ],
  [
    'was removed',
    () => asOwner(`update holders set removed_at = ${at()} where id = '${by.holder}'`),
    refused,
  ],
  [
    'decided an earlier appeal of it',
    (one) => hadAppeal(one, { released: 'decided', as: 'decided', outcome: 'upheld' }),
    refused,
  ],
  [
    'gave an earlier appeal of it back',
    (one) => hadAppeal(one, { released: 'recused', as: 'withdrawn' }),
    refused,
  ],
  [
    'let an earlier appeal of it expire',
    (one) => hadAppeal(one, { released: 'expired', as: 'withdrawn' }),
    refused,
  ],
  [
    'had an earlier appeal of it that the creator withdrew',
    (one) => hadAppeal(one, { released: 'closed', as: 'withdrawn' }),
    eligible,
  ],
  [
    'inspected it before',
    (one) =>
      inspection(one, {
        n: 6,
        holder: by,
        closed: { as: 'decided', released: 'decided', outcome: 'passed' },
      }),
    refused,
  ],
  [
    'let an inspection of it run out of time',
    (one) =>
      inspection(one, { n: 6, holder: by, closed: { as: 'undecided', released: 'expired' } }),
    refused,
  ],
  [
    'had an inspection of it that ended with the record',
    (one) => inspection(one, { n: 6, holder: by, closed: { as: 'ended', released: 'closed' } }),
    eligible,
  ],
  ['looked again at its evidence', lookedAgain, refused],
];

const policy = 'alter policy assignments_independent on assignments with check (true)';

const results = {
  refused: '42501, accepted without the policy',
  eligible: 'accepted, accepted without the policy',
} as const;

const isNothing = (answer: Awaited<ReturnType<typeof assign>>): boolean =>
  problem(answer)[0] === 'not-found';

/** What the service role is answered, which leaves nothing. */
const rolledBack = (attack: RawBuilder<unknown>): Promise<string> =>
  sqlState(
    registry.db.transaction().execute(async (db) => {
      await attack.execute(db);
      throw new Error('accepted');
    }),
  ).catch((error: unknown) => (error as Error).message);

describe('is given no record to judge', () => {
  test.each(rows)('who or whom: %s', async (reason, happens, expected) => {
    const theCase = await newCase(registry);
    await happens(theCase);
    const { id: appeal } = await appealCase(registry, theCase, { news: 'A receipt.' });
    const item = await inspection(theCase, { n: 7 });
    const { sanction } = theCase;
    const attack = (review: string) =>
      sql`insert into assignments (review, sanction, holder, kid, at, expires_at, batch)
        values (${review}, ${sanction}, ${by.holder}, ${by.kid}, ${registry.now()}, ${registry.now()}, ${review})`;
    const attacks = { appeal: attack(appeal), inspection: attack(item) };
    const alone = {
      appeal: await rolledBack(attacks.appeal),
      inspection: await rolledBack(attacks.inspection),
    };
    // Of whoever was removed no call is taken.
    const isGiven =
      alone.appeal !== 'accepted' &&
      reason !== 'was removed' &&
      !isNothing(await assign(registry, by));
    await asOwner(policy);
    const came = { appeal: '', inspection: '' };
    for (const kind of ['appeal', 'inspection'] as const) {
      const without = await rolledBack(attacks[kind]);
      came[kind] =
        `${alone[kind]}, ${without} without the policy${isGiven ? ', and given when asked' : ''}`;
    }
    expect(came).toEqual({
      appeal: results[expected.appeal],
      inspection: results[expected.inspection],
    });
  });

  test('who has it already by the other way', async () => {
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase);
    await inspection(theCase, { n: 7 });
    const first = resultOf(await assign(registry, by)) as { appeal?: string };
    const second = resultOf(await assign(registry, other)) as { appeal?: string };
    expect([first.appeal, second.appeal].filter((id) => id !== undefined)).toEqual([appeal]);
    const key = first.appeal === undefined ? other : by;
    resultOf((await takeWithKey(registry, key, appeal)).answer);
  });
});

test('who came to belong to the case since it was assigned gets no key, and may give it back', async () => {
  const theCase = await newCase(registry);
  const { id: appeal } = await appealCase(registry, theCase);
  resultOf(await assign(registry, by));
  await works(id('harbour'));
  expect(problem((await takeWithKey(registry, by, appeal)).answer)).toEqual(['not-found']);
  const key = sql`update assignments set statement = 'x.y.z', sealing_kid = 'thumb', keyed_at = ${registry.now()}
    where review = ${appeal}`;
  expect(await sqlState(key.execute(registry.db))).toBe('23514');
  resultOf(await registry.call(by, 'review.recuse', { appeal, why: 'affiliation' }));
  await asOwner(
    'drop trigger assignments_final on assignments',
    'drop trigger assignments_keyed on assignments',
  );
  expect(await sqlState(key.execute(registry.db))).toBe('accepted');
});
