import { toNumericDate, type AppealGround, type Id } from '@recourse/protocol';
import { random32, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  assign,
  claimCase,
  day,
  decide,
  newCase,
  readyCase,
  sanctionOf,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf, subject } from './checks-fixture.ts';
import { build, problem, sqlState, withdraw } from './sanctions-harness.ts';
import { withdrawSigned } from './signing-keys.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

interface AgainOptions {
  readonly ground?: AppealGround;
  readonly news?: string;
  readonly reopen?: true;
}

const ask = ({ key }: TestCase, { ground = 'facts-wrong', ...more }: AgainOptions = {}) =>
  registry.caseCall('case.appeal', { key, ground, words: 'No.', language: 'en', ...more });

async function opened(theCase: TestCase, options: AgainOptions = {}): Promise<Id<'apl'>> {
  const answer = await ask(theCase, options);
  if (answer.status !== 200) throw new Error(answer.raw.body);
  return answer.body.result.data.appeal;
}

const viewOf = async ({ key }: TestCase) =>
  (await registry.caseCall('case.open', { code: key })).body.result.data.case;

async function dismissedBy(
  by: TestKey,
  theCase: TestCase,
  options: AgainOptions = {},
): Promise<string> {
  const appeal = await opened(theCase, options);
  await claimCase(registry, by, appeal);
  resultOf(await decide(registry, { ...theCase, appeal, by, decision: { outcome: 'dismissed' } }));
  return appeal;
}

describe('dismissed', () => {
  test('another reviewer may reopen it, once, without waiting and without news', async () => {
    const [first, second, third] = registry.parties.panel;
    const theCase = await newCase(registry);
    const dismissed = await dismissedBy(first, theCase);
    expect(await viewOf(theCase)).toMatchObject({ mayReopen: true });
    expect(problem(await ask(theCase))).toEqual(['state-conflict', 'too-soon']);
    const reopened = await opened(theCase, { reopen: true });
    expect((await viewOf(theCase)).appeals).toMatchObject([
      { appeal: dismissed, outcome: 'dismissed' },
      { appeal: reopened, state: 'open', reopens: dismissed },
    ]);
    expect(problem(await assign(registry, first))).toEqual(['not-found']);
    await claimCase(registry, second, reopened);
    const decision = { outcome: 'dismissed' } as const;
    resultOf(await decide(registry, { ...theCase, appeal: reopened, by: second, decision }));
    expect(await viewOf(theCase)).not.toHaveProperty('mayReopen');
    expect(problem(await ask(theCase, { reopen: true }))).toEqual([
      'state-conflict',
      'already-reopened',
    ]);
    expect(problem(await assign(registry, third))).toEqual(['not-found']);
  });

  test('what was decided otherwise is not reopened', async () => {
    const ready = await readyCase(registry);
    const { appeal, reviewers } = ready;
    const by = reviewers[0]!.key;
    resultOf(await decide(registry, { ...ready, by, appeal, decision: { outcome: 'upheld' } }));
    expect(problem(await ask(ready, { reopen: true }))).toEqual([
      'state-conflict',
      'not-dismissed',
    ]);
  });

  test('the database keeps it to once', async () => {
    const theCase = await newCase(registry);
    const first = await dismissedBy(registry.parties.panel[0], theCase);
    const reopened = await dismissedBy(registry.parties.panel[1], theCase, { reopen: true });
    const again = (
      id: string,
    ) => `with r as (insert into reviews (id, sanction) select '${id}', sanction from appeals where id = '${reopened}'),
      about as (insert into appeal_proofs (appeal, sanction, proof)
        select '${id}', sanction, proof from appeal_proofs where appeal = '${reopened}')
      insert into appeals (id, sanction, submitter, claimant, ground, language, words,
        reopens, reviewers, opened_at, assignment_due_at, decision_due_at, undecided_at, bound)
      select '${id}', sanction, submitter, claimant, ground, language, words, '${first}', 1, opened_at,
        assignment_due_at, decision_due_at, undecided_at, false from appeals where id = '${reopened}'`;
    const attack = () => sqlState(sql.raw(again(`apl_${'0'.repeat(25)}1`)).execute(registry.db));
    expect(await attack()).toBe('23514');
    await sql.raw('drop trigger appeals_reopens on appeals').execute(registry.ownerDb);
    expect(await attack()).toBe('accepted');
  });
});

describe('a later appeal', () => {
  test('needs new information and another reviewer, 90 d on', async () => {
    const [first, second] = registry.parties.panel;
    const ready = await readyCase(registry);
    const upheld = { outcome: 'upheld' } as const;
    resultOf(await decide(registry, { ...ready, by: first, decision: upheld }));
    registry.advance(90 * day + 2);
    expect(await viewOf(ready)).toMatchObject({ needsNews: true });
    expect(problem(await ask(ready))).toEqual(['invalid-input', 'required']);
    const news = 'The court has found who did it.';
    const appeal = await opened(ready, { news });
    expect((await viewOf(ready)).appeals.at(-1)).toMatchObject({ news });
    expect(problem(await assign(registry, first))).toEqual(['not-found']);
    await claimCase(registry, second, appeal);
    expect(resultOf(await registry.call(second, 'review.get', { appeal }))).toMatchObject({ news });
  });

  test('after one that was withdrawn nothing new is asked for', async () => {
    const theCase = await newCase(registry);
    await opened(theCase);
    await withdrawSigned(registry, theCase.key);
    registry.advance(73 * 3600);
    await settleDue(registry.services);
    expect((await ask(theCase)).status).toBe(200);
  });
});

const concessions = async (sanction: string) =>
  registry.db
    .selectFrom('appeals')
    .select(['closed_as', 'cause', 'concession'])
    .where('sanction', '=', sanction)
    .execute();

describe('conceded', () => {
  test('why is written down, also of a withdrawal under an appeal', async () => {
    for (const cause of ['victim', 'mistaken-identity'] as const) {
      const theCase = await newCase(registry);
      await opened(theCase, { ground: 'not-me' });
      resultOf(await withdraw(registry, theCase.sanction, { claims: { cause } }));
      expect(await concessions(theCase.sanction)).toEqual([
        { closed_as: 'conceded', cause: 'conceded', concession: cause },
      ]);
    }
  });

  test('a reason for conceding stands on no other end', async () => {
    const theCase = await newCase(registry);
    await dismissedBy(registry.parties.panel[0], theCase);
    const attack = () =>
      sqlState(
        sql`update appeals set concession = 'victim' where sanction = ${theCase.sanction}`.execute(
          registry.db,
        ),
      );
    expect(await attack()).toBe('23514');
  });
});

describe('after an end that nobody decided', () => {
  test('the submitter does not file again', async () => {
    const now = toNumericDate(registry.now());
    const about = [{ ...subject('domain'), token: random32(), provenAt: now - 12 * day }];
    const theCase = await newCase(registry, { subjects: about });
    await opened(theCase);
    registry.advance(183 * day);
    expect(await sanctionOf(registry, theCase.sanction)).toMatchObject({
      state: 'undecided',
      cause: 'undecided',
    });
    const { service } = registry.parties.harbour;
    const incident = { incident_from: now - 14 * day, incident_to: now - 10 * day };
    const times = { ...incident, exp: now + 300 * day };
    const again = await build(registry, { subjects: about, statement: times });
    expect(problem(await registry.call(service, 'sanctions.submit', again))).toEqual([
      'already-decided',
      'before-that-end',
    ]);
  });
});
