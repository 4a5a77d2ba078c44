import { toNumericDate, type Id } from '@recourse/protocol';
import { random32, seedPlatform, testOrigin, type TestRegistry } from '@recourse/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { groupOf, setGroup } from './groups-harness.ts';
import { settleDue } from '@recourse/registry';
import { sql } from 'kysely';
import {
  advanceTo,
  answers,
  newCase,
  startAppealRegistry,
  day,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf, subject } from './checks-fixture.ts';
import { acknowledge, recallsOf } from './recalls-fixture.ts';
import { build, problem, sqlState, withdraw } from './sanctions-harness.ts';
import { settleAll } from './due-fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
}, 60_000);
afterAll(() => registry.close());
/** Overdue, they would stop the checks of the next test. */
afterEach(async () => {
  const open = await registry.db
    .selectFrom('recalls')
    .select('id')
    .where('acknowledgement', 'is', null)
    .where('superseded_by', 'is', null)
    .execute();
  for (const { id } of open) resultOf(await acknowledge(registry, id));
});

const settle = async (): Promise<void> => {
  const { failures } = await settleDue(registry.services);
  expect(failures).toEqual([]);
};

/** What the database has of a case, by table. */
async function keptOf({ sanction }: TestCase): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ['case_keys', 'kept_calls', 'subjects', 'claimants', 'questions']) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}
      where sanction = ${sanction}`.execute(registry.ownerDb);
    counts[table] = rows[0]!.n;
  }
  return counts;
}

const rowOf = ({ sanction }: TestCase) =>
  registry.db
    .selectFrom('sanctions')
    .selectAll()
    .where('id', '=', sanction)
    .executeTakeFirstOrThrow();

async function acknowledgeAll({ sanction }: TestCase): Promise<void> {
  for (const { id, acknowledgement, superseded_by } of await recallsOf(registry, sanction)) {
    if (acknowledgement === null && superseded_by === null)
      resultOf(await acknowledge(registry, id));
  }
}

/** Its claimant proved every identifier of it. */
async function proven<T extends TestCase>(theCase: T): Promise<T> {
  await sql`insert into claimant_ways (claimant, sanction, way, position, at, proven_at)
    select distinct ${theCase.claimant}::text, sanction, 'proof', position, now(), now()
    from subjects where sanction = ${theCase.sanction}`.execute(registry.ownerDb);
  return theCase;
}

/** Asks for it, and waits until it is due. */
async function askAndWait(theCase: TestCase): Promise<void> {
  const input = { key: theCase.key } as const;
  expect((await registry.caseCall('case.requestErasure', input)).status).toBe(200);
  registry.advance(31 * day);
  await settle();
}

/** Appealed, and conceded: reversed. */
async function reversedCase(): Promise<TestCase> {
  const theCase = await newCase(registry);
  const words = 'My address was taken over, ask anyone.';
  const input = { key: theCase.key, ground: 'not-me', words, language: 'en' } as const;
  expect((await registry.caseCall('case.appeal', input)).status).toBe(200);
  resultOf(await withdraw(registry, theCase.sanction));
  return theCase;
}

describe('a reversed record', () => {
  test('keeps its texts while a recall is open', async () => {
    const theCase = await reversedCase();
    await settle();
    expect((await rowOf(theCase)).texts_erased_at).toBeNull();
  });

  test('loses tokens, salts, kept bytes and texts at once after its recalls are closed', async () => {
    const theCase = await reversedCase();
    await acknowledgeAll(theCase);
    await settle();
    const row = await rowOf(theCase);
    expect(row.texts_erased_at).not.toBeNull();
    expect(row.account).toHaveLength(0);
    expect(await keptOf(theCase)).toMatchObject({ subjects: 0, kept_calls: 0, case_keys: 1 });
    const [appeal] = await registry.db
      .selectFrom('appeals')
      .select(['words', 'response'])
      .where('sanction', '=', theCase.sanction)
      .execute();
    expect(appeal).toEqual({ words: Buffer.alloc(0), response: null });
  });

  test('is open to its creator, with the letter, until 180 days after its end', async () => {
    const theCase = await reversedCase();
    await acknowledgeAll(theCase);
    await settle();
    const opened = await registry.caseCall('case.open', { code: theCase.key });
    expect(opened.body.result.data.case).toMatchObject({ state: 'reversed', access: 'claimant' });
    expect(opened.body.result.data.case.textsErasedAt).toBeDefined();
    expect((await registry.caseCall('case.letter', { key: theCase.key })).status).toBe(200);
    expect((await registry.caseCall('case.receipt', { key: theCase.key })).status).toBe(200);
  });
});

describe('any other record', () => {
  test('is erased 180 days after its end, and opens no more from then on with every job stopped', async () => {
    const theCase = await newCase(registry);
    resultOf(await withdraw(registry, theCase.sanction));
    await acknowledgeAll(theCase);
    registry.advance(179 * day);
    await settle();
    expect((await rowOf(theCase)).texts_erased_at).toBeNull();
    expect((await registry.caseCall('case.open', { code: theCase.key })).status).toBe(200);
    registry.advance(5 * day);
    const late = await registry.caseCall('case.open', { code: theCase.key });
    expect([late.status, late.guessed]).toEqual([404, true]);
    await settle();
    expect(Object.values(await keptOf(theCase))).toEqual([0, 0, 0, 0, 0]);
    const row = await rowOf(theCase);
    expect(row).toMatchObject({
      statement: '',
      commitments: [],
      ref: null,
    });
    expect(await answers(registry, theCase.tokens[0]!)).toBe(false);
  });

  test('is due on Monday noon, and counts as due no earlier, where the 180 days end on a weekend', async () => {
    // 180 days after a Monday is a Saturday.
    const monday = new Date(registry.now());
    monday.setUTCDate(monday.getUTCDate() + ((8 - monday.getUTCDay()) % 7 || 7));
    advanceTo(registry, monday);
    const theCase = await newCase(registry);
    resultOf(await withdraw(registry, theCase.sanction));
    await acknowledgeAll(theCase);
    registry.advance(181 * day);
    await settleAll(registry.services);
    expect((await rowOf(theCase)).erased_at).toBeNull();
    registry.advance(1.5 * day);
    await settle();
    expect((await rowOf(theCase)).erased_at).not.toBeNull();
  });

  test('is erased later while a recall is open', async () => {
    const theCase = await newCase(registry);
    resultOf(await withdraw(registry, theCase.sanction));
    registry.advance(200 * day);
    await settle();
    expect((await rowOf(theCase)).erased_at).toBeNull();
    await acknowledgeAll(theCase);
    await settle();
    expect((await rowOf(theCase)).erased_at).not.toBeNull();
  });

  test('keeps what its submitter and the platforms told go by', async () => {
    const theCase = await newCase(registry);
    resultOf(await withdraw(registry, theCase.sanction));
    await acknowledgeAll(theCase);
    registry.advance(190 * day);
    await settle();
    const { harbour, tubely } = registry.parties;
    const own = resultOf(
      await registry.call(harbour.service, 'sanctions.get', { sanction: theCase.sanction }),
    );
    expect(own).toMatchObject({ state: 'withdrawn', statement: '', subjects: [] });
    const recalls = resultOf(await registry.call(tubely.service, 'recalls.list', { all: true }));
    expect(JSON.stringify(recalls)).toContain(theCase.sanction);
  });
});

describe('after the erasure', () => {
  const again = async (subjects: ReturnType<typeof subject>[], options = {}) => {
    const { harbour } = registry.parties;
    const input = await build(registry, { subjects, ...options });
    return problem(await registry.call(harbour.service, 'sanctions.submit', input));
  };

  test('the same submitter, subject and reason stay refused as already decided', async () => {
    const subjects = [subject('domain')];
    const theCase = await proven(await newCase(registry, { subjects }));
    resultOf(await withdraw(registry, theCase.sanction));
    await acknowledgeAll(theCase);
    await askAndWait(theCase);
    expect((await rowOf(theCase)).erased_at).not.toBeNull();
    const statement = { incident_from: toNumericDate(registry.now()) - 60 * day };
    expect(await again(subjects, { statement })).toEqual(['already-decided', 'before-that-end']);
    // Nor by another company of its group.
    const { harbour, tubely } = registry.parties;
    await setGroup(registry, tubely, groupOf(harbour));
    const filing = await build(registry, { subjects, statement, signedBy: tubely.trust });
    const sister = await registry.call(tubely.service, 'sanctions.submit', filing);
    expect(problem(sister)).toEqual(['already-decided', 'before-that-end']);
    await setGroup(registry, tubely);
  });

  test('so does another reason for what may be the same incident, also once the record has expired', async () => {
    const subjects = [subject('domain')];
    const theCase = await proven(
      await newCase(registry, {
        subjects,
        told: [],
        statement: { exp: toNumericDate(registry.now()) + 60 },
      }),
    );
    registry.advance(61);
    await askAndWait(theCase);
    expect((await rowOf(theCase)).erased_at).not.toBeNull();
    const { incident_from } = await rowOf(theCase);
    const spam = {
      reason: 'network.bulk-spam',
      evidence: [{ class: 'volume-logs', commitment: random32() }],
      incident_from: toNumericDate(incident_from),
      exp: toNumericDate(registry.now()) + 30 * day,
    } as const;
    expect(await again(subjects, { statement: spam })).toEqual([
      'already-decided',
      'same-incident',
    ]);
    registry.advance(10 * day);
    expect(await again(subjects)).toEqual(['200']);
  });

  test('what a platform records that was told of the subject is a prior match', async () => {
    const creator = subject('domain');
    const theCase = await proven(await newCase(registry, { subjects: [creator] }));
    resultOf(await withdraw(registry, theCase.sanction));
    await acknowledgeAll(theCase);
    await askAndWait(theCase);
    const { tubely, market } = registry.parties;
    for (const [by, isPrior] of [
      [tubely, true],
      [market, false],
    ] as const) {
      const { sanction } = await newCase(registry, { by, subjects: [creator], told: [] });
      expect((await rowOf({ sanction } as TestCase)).prior_match).toBe(isPrior);
    }
  });
});

describe('a request', () => {
  test('waits for 30 days, so that every claimant hears of it, by SQL as well', async () => {
    const theCase = await proven(await newCase(registry, { told: [] }));
    resultOf(await withdraw(registry, theCase.sanction));
    const input = { key: theCase.key } as const;
    const answer = await registry.caseCall('case.requestErasure', input);
    const { notBefore } = answer.body.result.data;
    const waits = (Date.parse(notBefore) - registry.now().getTime()) / 1000;
    expect([waits > 30 * day - 60, waits <= 30 * day]).toEqual([true, true]);
    registry.advance(30 * day - 60);
    await settle();
    const opened = await registry.caseCall('case.open', { code: theCase.key });
    expect(opened.body.result.data.case.erasures).toMatchObject([{ own: true, notBefore }]);
    const erase = () =>
      sqlState(
        sql`select erase_case(${theCase.sanction}, ${registry.now()}, sha256(''))`.execute(
          registry.db,
        ),
      );
    expect(await erase()).toBe('23514');
    registry.advance(120);
    expect((await registry.caseCall('case.open', { code: theCase.key })).status).toBe(404);
    await settle();
    expect((await rowOf(theCase)).erased_at).not.toBeNull();
  });

  test('waits for an open recall, and is shown in the case meanwhile', async () => {
    const theCase = await proven(await newCase(registry));
    resultOf(await withdraw(registry, theCase.sanction));
    const input = { key: theCase.key } as const;
    const answer = await registry.caseCall('case.requestErasure', input);
    expect(answer.status).toBe(200);
    registry.advance(31 * day);
    await settle();
    const opened = await registry.caseCall('case.open', { code: theCase.key });
    expect(opened.body.result.data.case.erasures).toHaveLength(1);
    expect(problem(await registry.caseCall('case.requestErasure', input))).toContain('requested');
    await acknowledgeAll(theCase);
    await settle();
    expect((await rowOf(theCase)).erased_at).not.toBeNull();
  });

  test('waits for the recalls of an end that nobody has written down', async () => {
    const now = new Date(registry.now().getTime() - day * 1000);
    const by = await seedPlatform({ db: registry.db, audience: testOrigin, now }, 'Leaver');
    const theCase = await proven(await newCase(registry, { by }));
    const party = by.id as Id<'plt'>;
    resultOf(await registry.call(by.admin, 'platforms.leave', { party }));
    registry.advance(31 * day);
    const asked = await registry.caseCall('case.requestErasure', { key: theCase.key });
    expect(asked.status).toBe(200);
    registry.advance(31 * day);
    const open = async () => (await registry.caseCall('case.open', { code: theCase.key })).status;
    expect(await open()).toBe(200);
    await settle();
    expect(await open()).toBe(200);
    await acknowledgeAll(theCase);
    expect(await open()).toBe(404);
  });

  test('that objects to a live record opens the appeal that decides it', async () => {
    const theCase = await proven(await newCase(registry, { told: [] }));
    const by = { key: theCase.key } as const;
    expect(problem(await registry.caseCall('case.requestErasure', by))).toContain('required');
    const words = 'It was a screenshot of a public page.';
    const answer = await registry.caseCall('case.requestErasure', { ...by, words });
    expect(answer.body.result.data).toEqual({ appeal: expect.stringMatching(/^apl_/) });
    resultOf(await withdraw(registry, theCase.sanction));
  });
});

test('an appeal of an erased case is not found by its submitter', async () => {
  const theCase = await proven(await reversedCase());
  await acknowledgeAll(theCase);
  const [{ id: appeal }] = (await registry.db
    .selectFrom('appeals')
    .select('id')
    .where('sanction', '=', theCase.sanction)
    .execute()) as [{ id: Id<'apl'> }];
  const read = () => registry.call(registry.parties.harbour.trust, 'appeals.get', { appeal });
  await settle();
  expect(resultOf(await read())).toMatchObject({ words: '' });
  await askAndWait(theCase);
  expect(problem(await read())).toEqual(['not-found']);
});

describe('the service role', () => {
  const asService = (statement: string): Promise<string> =>
    sqlState(sql.raw(statement).execute(registry.db));
  const checkViolation = '23514';
  const notAllowed = '42501';

  test('erases neither a live record, nor one with an open recall, nor one before its time', async () => {
    const live = await newCase(registry, { told: [] });
    const open = await reversedCase();
    const early = await newCase(registry, { told: [] });
    resultOf(await withdraw(registry, early.sanction));
    for (const { sanction } of [live, open, early]) {
      for (const call of [
        `erase_texts('${sanction}', now())`,
        `erase_case('${sanction}', now(), sha256(''))`,
      ]) {
        expect(await asService(`select ${call}`)).toBe(checkViolation);
      }
    }
  });

  test('erases nothing around the rules', async () => {
    const { sanction } = await newCase(registry, { told: [] });
    for (const statement of [
      `select take_texts('${sanction}', now())`,
      `select take_case('${sanction}', now(), sha256(''))`,
      `select take_subject('${sanction}', 0)`,
      `delete from case_keys where sanction = '${sanction}'`,
      `delete from subjects where sanction = '${sanction}'`,
      `delete from kept_calls where sanction = '${sanction}'`,
      `update sanctions set account = '' where id = '${sanction}'`,
      `update openings set opening = '' where sanction = '${sanction}'`,
    ]) {
      expect([statement, await asService(statement)]).toEqual([statement, notAllowed]);
    }
  });
});
