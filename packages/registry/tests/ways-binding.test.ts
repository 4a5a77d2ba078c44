import { caseKey, type Id } from '@recourse/protocol';
import { newSecret, startTestRegistry, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimCase, decide, deliver, type Reviewer } from './appeals-harness.ts';
import {
  appealInput,
  caseAbout,
  claim,
  findByEmail,
  open,
  realTokens,
  resultOf,
} from './cases-fixture.ts';
import { day, notify, problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterEach(() => registry.close());

const email = 'owner@mail.example';
const account = 'acct:7@tubely.example';

const about = async (identifiers: Parameters<typeof caseAbout>[1] = [['email', email]]) => {
  const made = await caseAbout(registry, identifiers);
  await notify(registry, made.sanction);
  return made;
};
const appeal = (key: string, overrides: object = {}) =>
  registry.caseCall('case.appeal', { key, ...appealInput, ...overrides });
const opened = async (key: string, overrides: object = {}): Promise<Id<'apl'>> =>
  resultOf(await appeal(key, overrides)).appeal;
const join = async (key: string) =>
  resultOf(await registry.caseCall('case.join', { key, ground: 'not-me', words: 'Not me.' }));
const viewOf = async (key: string) => resultOf(await open(registry, key)).case;

/** By a ticket of a platform where they have the account. */
async function byTicket(newKey = newSecret()): Promise<string> {
  const secret = newSecret();
  const { trust } = registry.parties.tubely;
  const vouched = { identifier: account, kind: 'account', request: caseKey(secret) } as const;
  expect((await registry.call(trust, 'subjects.ticket', vouched)).status).toBe(200);
  const { found } = resultOf(await registry.caseCall('case.ticket', { secret, newKey }));
  return found[0].n === 0 ? newKey : `${newKey}.${found[0].n}`;
}

const ask = async (by: Reviewer, id: Id<'apl'>, kind: 'gist' | 'question' = 'gist') => {
  const input = { appeal: id, kind, text: 'It shows the page.' } as const;
  const answer = await registry.call(by.key, 'review.ask', input);
  expect(answer.status).toBe(200);
  return (answer.body.result as { question: Id<'qst'> }).question;
};
const answer = (key: string, question: Id<'qst'>) =>
  registry.caseCall('case.addInformation', { key, text: 'I say so.', question });
const confirm = async (by: Reviewer, id: Id<'apl'>) => {
  expect((await deliver(registry, { appeal: id, to: [by] })).status).toBe(200);
  expect((await registry.call(by.key, 'evidence.confirm', { appeal: id })).status).toBe(200);
};
const decided = (by: TestKey, of: { sanction: string; id: string; outcome?: 'upheld' }) =>
  decide(registry, {
    by,
    sanction: of.sanction,
    appeal: of.id,
    decision: { outcome: of.outcome ?? 'dismissed' },
  });

async function dismissed(by: TestKey, sanction: string, id: string): Promise<void> {
  await claimCase(registry, by, id);
  expect((await decided(by, { sanction, id })).status).toBe(200);
}

describe('a shared way', () => {
  test('binds the claimant who used it alone: a friend spends neither ticket nor handed code', async () => {
    const { sanction, code } = await about([['account', account]]);
    const [first, second] = registry.parties.panel;
    const friend = await claim(registry, code);
    await byTicket(friend);
    await dismissed(first, sanction, await opened(friend));
    const [byCode, byAccount] = [await claim(registry, code), await byTicket()];
    expect(await viewOf(byCode)).toMatchObject({ mayAppealUntil: expect.any(String) });
    const id = await opened(byCode);
    // Who was not heard is heard together.
    await join(byAccount);
    await dismissed(second, sanction, id);
    for (const key of [friend, byCode, byAccount]) {
      expect(problem(await appeal(key))).toEqual(['state-conflict', 'too-soon']);
    }
  });

  test('of a claimant who was heard opens nothing more by a second one', async () => {
    const { sanction, code } = await about([['account', account]]);
    const friend = await claim(registry, code);
    await dismissed(registry.parties.panel[0], sanction, await opened(friend));
    await byTicket(friend);
    expect(problem(await appeal(friend))).toEqual(['state-conflict', 'too-soon']);
  });
});

describe('a proof', () => {
  test('is not bound, once, by what a code to the same address joined', async () => {
    const { sanction } = await about();
    const [first, second] = registry.parties.panel;
    const planted = await firstUse(sanction);
    await dismissed(first, sanction, await opened(planted));
    const owner = `${(await findByEmail(registry, email)).newKey}.1`;
    await dismissed(second, sanction, await opened(owner));
    const again = `${(await findByEmail(registry, email)).newKey}.1`;
    expect(problem(await appeal(again))).toEqual(['state-conflict', 'too-soon']);
  });

  /** As if the registry had written to the address, and somebody used that code first. */
  async function firstUse(sanction: string): Promise<string> {
    const code = newSecret();
    await registry.ownerDb
      .insertInto('case_codes')
      .values({ hash: caseKey(code), sanction, position: 0, made_at: registry.now() })
      .execute();
    return claim(registry, code);
  }
});

describe('a gist', () => {
  test('is answered by each: the answer of an accuser who joined opens nothing', async () => {
    const { sanction, code } = await about();
    const victim = `${(await findByEmail(registry, email)).newKey}.1`;
    const accuser = await claim(registry, code);
    const id = await opened(victim);
    await join(accuser);
    const reviewer = await claimCase(registry, registry.parties.panel[0], id);
    await confirm(reviewer, id);
    const question = await ask(reviewer, id);
    resultOf(await answer(accuser, question));
    const uphold = () => decided(reviewer.key, { sanction, id, outcome: 'upheld' });
    expect(problem(await uphold())).toEqual(['state-conflict', 'gist-unanswered']);
    expect(problem(await answer(accuser, question))).toEqual(['state-conflict', 'not-open']);
    resultOf(await answer(victim, question));
    expect((await uphold()).status).toBe(200);
  });

  test('waits for whoever took a withdrawal back, and not for whoever withdrew', async () => {
    const { sanction, code } = await about();
    const victim = `${(await findByEmail(registry, email)).newKey}.1`;
    const other = await claim(registry, code);
    const id = await opened(victim);
    await join(other);
    const withdraw = (more: object) =>
      registry.caseCall('case.withdrawAppeal', { key: other, ...more });
    resultOf(await withdraw({}));
    // Nobody signed it: it counts in 14 days.
    registry.advance(14.1 * day);
    const reviewer = await claimCase(registry, registry.parties.panel[0], id);
    await confirm(reviewer, id);
    const question = await ask(reviewer, id);
    const uphold = () => decided(reviewer.key, { sanction, id, outcome: 'upheld' });
    expect(problem(await uphold())).toEqual(['state-conflict', 'gist-unanswered']);
    resultOf(await answer(victim, question));
    resultOf(await withdraw({ keep: true }));
    expect(problem(await uphold())).toEqual(['state-conflict', 'gist-unanswered']);
    resultOf(await answer(other, question));
    expect((await uphold()).status).toBe(200);
  });

  test('was had by all after ten days, whoever is silent, and the database knows', async () => {
    const { sanction, code } = await about();
    const [victim, accuser] = [await claim(registry, code), await claim(registry, code)];
    const id = await opened(accuser);
    await join(victim);
    const reviewer = await claimCase(registry, registry.parties.panel[0], id);
    await confirm(reviewer, id);
    const question = await ask(reviewer, id);
    resultOf(await answer(accuser, question));
    const upheld = sql`update appeals set closed_at = ${registry.now()}, closed_as = 'decided',
      outcome = 'upheld' where id = ${id}`;
    expect(await sqlState(upheld.execute(registry.db))).toBe('23514');
    const answered = sql`update questions set answered_at = ${registry.now()} where id = ${question}`;
    expect(await sqlState(answered.execute(registry.db))).toBe('23514');
    registry.advance(14 * day);
    expect((await decided(reviewer.key, { sanction, id, outcome: 'upheld' })).status).toBe(200);
  });

  test('that came before somebody joined binds them to nothing', async () => {
    const { sanction, code } = await about();
    const accuser = await claim(registry, code);
    const id = await opened(accuser);
    const reviewer = await claimCase(registry, registry.parties.panel[0], id);
    await confirm(reviewer, id);
    const question = await ask(reviewer, id);
    const victim = `${(await findByEmail(registry, email)).newKey}.1`;
    await join(victim);
    resultOf(await answer(accuser, question));
    expect((await decided(reviewer.key, { sanction, id, outcome: 'upheld' })).status).toBe(200);
    expect(problem(await appeal(accuser))).toEqual(['state-conflict', 'too-soon']);
    resultOf(await appeal(victim));
  });

  test('is answered by nobody who did not join, whoever writes the row', async () => {
    const { sanction, code } = await about();
    const [one, other] = [await claim(registry, code), await claim(registry, code)];
    const id = await opened(one);
    const reviewer = await claimCase(registry, registry.parties.panel[0], id);
    const question = await ask(reviewer, id);
    const by = (
      key: string,
    ) => sql`insert into question_answers (question, sanction, claimant, text, at)
      select ${question}, ${sanction}, id, 'x', now() from claimants where secret = ${caseKey(key)}`;
    expect(await sqlState(by(other).execute(registry.db))).toBe('23514');
    expect(await sqlState(by(one).execute(registry.db))).toBe('accepted');
    expect(await sqlState(by(one).execute(registry.db))).toBe('23505');
    await sql`drop trigger question_answers_joined on question_answers`.execute(registry.ownerDb);
    expect(await sqlState(by(other).execute(registry.db))).toBe('accepted');
  });
});

describe('a dismissed appeal', () => {
  test('is reopened once by each way that it bound: the accuser spends nobody else’s', async () => {
    const { sanction, code } = await about();
    const [first, second, third] = registry.parties.panel;
    const accuser = await claim(registry, code);
    const victim = `${(await findByEmail(registry, email)).newKey}.1`;
    const id = await opened(accuser);
    await join(victim);
    await dismissed(first, sanction, id);
    const again = await opened(accuser, { reopen: true });
    await dismissed(second, sanction, again);
    const already = ['state-conflict', 'already-reopened'];
    expect(problem(await appeal(accuser, { reopen: true }))).toEqual(already);
    expect(await viewOf(victim)).toMatchObject({ mayReopen: true });
    expect(problem(await appeal(await claim(registry, code), { reopen: true }))).toEqual([
      'state-conflict',
      'not-dismissed',
    ]);
    const copy = (claimant: string) =>
      sql.raw(`
      with r as (insert into reviews (id, sanction) values ('apl_${'0'.repeat(25)}1', '${sanction}'))
      insert into appeals (id, sanction, submitter, claimant, ground, language, words, reopens,
        reviewers, opened_at, assignment_due_at, decision_due_at, undecided_at, bound)
      select 'apl_${'0'.repeat(25)}1', sanction, submitter, ${claimant}, ground, language, words, '${id}',
        1, opened_at + interval '9 days', assignment_due_at + interval '9 days',
        decision_due_at + interval '9 days', undecided_at + interval '9 days', true
      from appeals where id = '${again}'`);
    for (const claimant of ['claimant', 'null']) {
      expect(await sqlState(copy(claimant).execute(registry.db))).toBe('23514');
    }
    await dismissed(third, sanction, await opened(victim, { reopen: true }));
    expect(problem(await appeal(victim, { reopen: true }))).toEqual(already);
  });
});
