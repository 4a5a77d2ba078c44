import {
  answersByQuestion,
  ops,
  inquiryRecord,
  inquiryQuestions,
  type CaseView,
  type Id,
  type OpOutput,
  type InquiryAnswer,
  type InquiryQuestion,
} from '@recourse/protocol';
import { testId, type TestAnswer, type TestKey, type TestRegistry } from '@recourse/testkit';
import fc from 'fast-check';
import { proveAll } from './cases-fixture.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  appealCase,
  eventsOf,
  newCase,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { matchesOf } from './derived-fixture.ts';
import { entriesOf } from './recalls-fixture.ts';
import { problem, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterAll(() => registry.close());

const days = 86_400;

/** A record of Harbour, claimed by its creator, and the match by which Tubely was told of it. */
async function told(): Promise<TestCase & { match: Id<'mat'> }> {
  const theCase = await newCase(registry, { told: [] });
  const { tubely } = registry.parties;
  const [match] = await matchesOf(registry, tubely, [theCase.tokens[0]!]);
  return { ...theCase, match: match!.match };
}

const ask = (
  match: string,
  asks: string,
  key: TestKey = registry.parties.tubely.trust,
): Promise<TestAnswer> =>
  registry.call(key, 'matches.ask', { match: match as Id<'mat'>, asks: asks as InquiryQuestion });

const answer = (
  question: string,
  text: string,
  key: TestKey = registry.parties.harbour.trust,
): Promise<TestAnswer> =>
  registry.call(key, 'matches.answer', {
    question: question as Id<'qst'>,
    answer: text as InquiryAnswer,
  });

const asked = async (match: string, asks: InquiryQuestion): Promise<OpOutput<'matches.ask'>> =>
  resultOf(await ask(match, asks)) as OpOutput<'matches.ask'>;

const listOf = async (key: TestKey, sanction: string) => {
  const { questions } = resultOf(
    await registry.call(key, 'matches.questions', {}),
  ) as OpOutput<'matches.questions'>;
  return questions.filter((question) => question.sanction === sanction);
};

describe('an inquiry between trust teams', () => {
  test('is put to the submitter, answered by a closed answer, and read by whoever asked', async () => {
    const { harbour, tubely } = registry.parties;
    const { sanction, match } = await told();
    const { question } = await asked(match, 'how-was-control-proven');
    const [received] = await listOf(harbour.service, sanction);
    expect(received).toMatchObject({ question, side: 'received', overdue: false });
    // Who asks, and by which match, is for the creator.
    expect(JSON.stringify(received)).not.toContain(tubely.id);
    expect(received).not.toHaveProperty('match');
    expect(resultOf(await answer(question, 'dns'))).toMatchObject({ withdraw: false });
    expect(await listOf(tubely.service, sanction)).toMatchObject([
      { question, side: 'asked', match, answer: 'dns' },
    ]);
    expect(await eventsOf(registry, { sanction, party: harbour.id })).toContain('question');
    const bodies = await registry.db
      .selectFrom('events')
      .select('body')
      .where('sanction', '=', sanction)
      .where('party', '=', tubely.id)
      .where('type', '=', 'question')
      .execute();
    expect(bodies).toMatchObject([
      { body: { question: { id: question, asks: 'how-was-control-proven', answer: 'dns' } } },
    ]);
    expect(await entriesOf(registry, 'question-asked')).not.toEqual([]);
    expect(await entriesOf(registry, 'question-answered')).not.toEqual([]);
  });

  test('is about a match of one’s own: another’s reads like one that never was', async () => {
    const { market } = registry.parties;
    const { match } = await told();
    const never = testId('snc', registry.now()).replace('snc', 'mat');
    const theirs = await ask(match, 'still-stands', market.trust);
    const none = await ask(never, 'still-stands', market.trust);
    expect(problem(theirs)).toEqual(['not-found']);
    expect(theirs.raw.body).toBe(none.raw.body);
  });

  test('is asked and answered by trust keys alone, and answered by the submitter alone', async () => {
    const { harbour, tubely, market } = registry.parties;
    const { match } = await told();
    expect(problem(await ask(match, 'still-stands', tubely.service))).toEqual(['role-not-allowed']);
    const { question } = await asked(match, 'still-stands');
    expect(problem(await answer(question, 'yes', harbour.service))).toEqual(['role-not-allowed']);
    for (const key of [tubely.trust, market.trust]) {
      expect(problem(await answer(question, 'yes', key))).toEqual(['not-found']);
    }
  });

  test('each once a match, answered once, and only by one of its own answers', async () => {
    const { match } = await told();
    const { question } = await asked(match, 'amount-band');
    expect(problem(await ask(match, 'amount-band'))).toEqual(['state-conflict', 'asked-before']);
    expect(problem(await answer(question, 'dns'))).toEqual([
      'invalid-input',
      'to-another-question',
    ]);
    expect((await answer(question, 'below-100')).status).toBe(200);
    expect(problem(await answer(question, 'none'))).toEqual(['state-conflict', 'answered']);
    for (const other of inquiryQuestions.filter((question) => question !== 'amount-band')) {
      expect((await ask(match, other)).status).toBe(200);
    }
  });

  test('not once the record has ended, neither asked nor answered', async () => {
    const { sanction, match } = await told();
    const { question } = await asked(match, 'still-stands');
    resultOf(await withdraw(registry, sanction));
    expect(problem(await ask(match, 'amount-band'))).toEqual(['state-conflict', 'ended']);
    expect(problem(await answer(question, 'yes'))).toEqual(['state-conflict', 'ended']);
  });

  test('due in 5 d; what is overdue shows on both sides, and is answered all the same', async () => {
    const { harbour, tubely } = registry.parties;
    const { sanction, match } = await told();
    const { question, dueAt } = await asked(match, 'accounts-linked');
    const waits = (Date.parse(dueAt) - registry.now().getTime()) / 1000;
    expect(waits).toBeGreaterThan(5 * days - 60);
    expect(waits).toBeLessThan(8 * days);
    registry.advance(waits - 60);
    expect(await listOf(tubely.trust, sanction)).toMatchObject([{ overdue: false }]);
    registry.advance(120);
    expect(await listOf(tubely.trust, sanction)).toMatchObject([{ overdue: true }]);
    expect(await listOf(harbour.trust, sanction)).toMatchObject([{ overdue: true }]);
    expect((await answer(question, 'one')).status).toBe(200);
    expect(await listOf(tubely.trust, sanction)).toMatchObject([{ overdue: true, answer: 'one' }]);
  });

  test.each([
    ['still-stands', 'no'],
    ['is-own-measure-final', 'lifted'],
  ] as const)(
    '%s: %s tells the submitter to withdraw, and changes neither record nor advice',
    async (asks, text) => {
      const { harbour, market } = registry.parties;
      const { sanction, match, tokens } = await told();
      const before = await matchesOf(registry, market, [tokens[0]!]);
      const { question } = await asked(match, asks);
      expect(resultOf(await answer(question, text))).toMatchObject({ withdraw: true, sanction });
      const after = await matchesOf(registry, market, [tokens[0]!]);
      const saidBy = ({ version, disputed, corroboration }: (typeof after)[number]) => [
        version,
        disputed,
        corroboration,
      ];
      expect(after.map(saidBy)).toEqual(before.map(saidBy));
      const record = await registry.call(harbour.service, 'sanctions.get', { sanction });
      expect(record.body.result).toMatchObject({ state: 'visible', version: 1 });
    },
  );

  test('while the reason is withheld nobody asks what would tell it', async () => {
    const { sanction, claimant, tokens } = await newCase(registry, {
      told: [],
      statement: {
        reason: 'fraud.scam',
        evidence: [{ class: 'payment-records', commitment: 'A'.repeat(43) }],
      },
    });
    await appealCase(registry, { sanction, claimant }, { ground: 'not-me' });
    const { tubely } = registry.parties;
    // Its reason is held until the appeal is decided; the match is of a platform that was told before.
    await sql`alter table appeals disable trigger appeals_hold_ends`.execute(registry.ownerDb);
    await registry.ownerDb
      .updateTable('appeals')
      .set({ keeps_until: null })
      .where('sanction', '=', sanction)
      .execute();
    registry.advance(80 * 3600);
    const [match] = await matchesOf(registry, tubely, [tokens[0]!]);
    expect(match).not.toHaveProperty('statement');
    for (const asks of ['amount-band', 'accounts-linked']) {
      expect(problem(await ask(match!.match, asks))).toEqual(['state-conflict', 'reason-withheld']);
    }
    expect((await ask(match!.match, 'still-stands')).status).toBe(200);
  });
});

test('the creator reads who asked what, when, and what was answered; nobody else does', async () => {
  const { tubely } = registry.parties;
  const { sanction, match, key } = await told();
  const { question } = await asked(match, 'still-stands');
  await proveAll(registry, key);
  const view = async (): Promise<CaseView> => {
    const opened = await registry.caseCall('case.open', { code: key });
    return opened.body.result.data.case;
  };
  expect((await view()).trustQuestions).toMatchObject([
    { by: tubely.id, name: tubely.name, asks: 'still-stands', overdue: false },
  ]);
  resultOf(await answer(question, 'under-review'));
  expect((await view()).trustQuestions).toMatchObject([
    { answer: 'under-review', answeredAt: expect.any(String) },
  ]);
  const { market } = registry.parties;
  expect(await listOf(market.trust, sanction)).toEqual([]);
});

describe('no text of a platform’s choosing reaches another', () => {
  test('whatever is sent as a question or an answer, but for the closed ones', () => {
    const closed = new Set<string>(Object.values(answersByQuestion).flat());
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const question = testId('snc', new Date(0)).replace('snc', 'qst');
        const match = question.replace('qst', 'mat');
        const asks = ops['matches.ask'].input;
        const answers = ops['matches.answer'].input;
        fc.pre(!closed.has(text) && !inquiryQuestions.some((question) => question === text));
        expect(asks.safeParse({ match, asks: text }).success).toBe(false);
        expect(asks.safeParse({ match, asks: 'still-stands', [other]: text }).success).toBe(false);
        expect(answers.safeParse({ question, answer: text }).success).toBe(false);
        expect(answers.safeParse({ question, answer: 'yes', note: text }).success).toBe(false);
      }),
    );
  });

  test('what either side reads is enums, ids and times', () => {
    const { shape } = inquiryRecord;
    for (const text of ['he is a thief', 'call me: +31 6 1234', 'x']) {
      for (const member of Object.keys(shape) as (keyof typeof shape)[]) {
        if (member === 'overdue') continue;
        expect(shape[member].safeParse(text).success).toBe(false);
      }
    }
  });

  test('by SQL neither: the database has the closed lists, and what was answered stands', async () => {
    const { match } = await told();
    const { question } = await asked(match, 'still-stands');
    const set = (text: string | null): Promise<string> =>
      sql`update inquiries set answer = ${text}, answered_at = ${
        text === null ? null : registry.now()
      } where id = ${question}`
        .execute(registry.db)
        .then(
          () => 'accepted',
          (error: { code?: string }) => String(error.code),
        );
    const checkViolation = '23514';
    const insert = (asks: string, party: string): Promise<string> =>
      sql`insert into inquiries (id, match, sanction, party, asks, asked_at, due_at)
        select 'qst_' || repeat('0', 26), match, sanction, ${party}, ${asks}, asked_at, due_at
        from inquiries where id = ${question}`
        .execute(registry.db)
        .then(
          () => 'accepted',
          (error: { code?: string }) => String(error.code),
        );
    const { tubely, market } = registry.parties;
    expect(await insert('is he a thief', tubely.id)).toBe(checkViolation);
    expect(await insert('amount-band', market.id)).toBe('23503');
    expect(await insert('amount-band', tubely.id)).toBe('accepted');
    expect(await set('he is a thief')).toBe(checkViolation);
    expect(await set('below-100')).toBe(checkViolation);
    expect(await set('no')).toBe('accepted');
    expect(await set('yes')).toBe(checkViolation);
    expect(await set(null)).toBe(checkViolation);
  });
});
