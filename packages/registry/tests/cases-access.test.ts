import { caseKey, newId, toNumericDate, type AccessKind } from '@recourse/protocol';
import { newSecret, random32, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appealInput, claim, newCase, open, realTokens, resultOf } from './cases-fixture.ts';
import { findClaimant } from '../src/review/claimant-store.ts';
import { day, problem, sqlState, submit } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

const invite = (key: string, as: AccessKind = 'representative', code = newSecret()) =>
  registry
    .caseCall('case.invite', { key, code, as, name: 'My lawyer' })
    .then((answer) => ({ answer, code }));

async function given(key: string, as: AccessKind = 'representative'): Promise<string> {
  const { answer, code } = await invite(key, as);
  resultOf(answer);
  const newKey = newSecret();
  resultOf(await registry.caseCall('case.accept', { code, newKey }));
  return newKey;
}

/** A case with a claimant, and somebody whom they let in. */
async function represented() {
  const { sanction, code } = await newCase(registry);
  const key = await claim(registry, code);
  return { sanction, code, key, theirs: await given(key) };
}

/** About a minor, by a code that is for minors. */
async function ofMinor() {
  const code = newSecret();
  const { id } = await submit(registry, {
    statement: {
      reason: 'identity.account-takeover',
      age: 'minor',
      exp: toNumericDate(registry.now()) + 100 * day,
      evidence: [{ class: 'session-records', commitment: random32() }],
    },
    submission: { caseKey: caseKey(code) },
  });
  return { sanction: id, code };
}

const seenBy = async (key: string) => resultOf(await open(registry, key)).case;

describe('a representative', () => {
  test('reads what the claimant reads, answers and appeals in their name', async () => {
    const { key, theirs } = await represented();
    const appeal = resultOf(
      await registry.caseCall('case.appeal', { key: theirs, ...appealInput }),
    );
    resultOf(await registry.caseCall('case.addInformation', { key: theirs, text: 'More.' }));
    resultOf(await registry.caseCall('case.addInformation', { key, text: 'And more.' }));
    const [mine, seen] = [await seenBy(key), await seenBy(theirs)];
    expect(seen).toMatchObject({
      access: 'representative',
      facts: mine.facts,
      told: mine.told,
      appeals: [{ appeal: appeal.appeal, words: appealInput.words }],
    });
    expect(resultOf(await registry.caseCall('case.receipt', { key: theirs })).appeals).toHaveLength(
      1,
    );
  });

  test('gives nothing up: neither withdraws, nor has the case erased, nor lets others in', async () => {
    const { key, theirs } = await represented();
    resultOf(await registry.caseCall('case.appeal', { key, ...appealInput }));
    const answers = [
      await registry.caseCall('case.withdrawAppeal', { key: theirs }),
      await registry.caseCall('case.requestErasure', { key: theirs }),
      (await invite(theirs)).answer,
    ];
    expect(answers.map(problem)).toEqual(answers.map(() => ['state-conflict', 'claimant-only']));
  });

  test('does not replace the key of the claimant', async () => {
    const { key, theirs } = await represented();
    const newKey = newSecret();
    resultOf(await registry.caseCall('case.rotate', { key: theirs, newKey }));
    expect((await open(registry, theirs)).status).toBe(404);
    expect((await seenBy(newKey)).access).toBe('representative');
    expect((await seenBy(key)).access).toBe('claimant');
  });

  test('is let in by an invitation alone, whoever writes the row', async () => {
    const { sanction, key } = await represented();
    const { id: acts_for } = (await findClaimant(registry.db, caseKey(key)))!;
    const now = registry.now();
    const id = newId('clm', { now, random: (size) => Buffer.alloc(size, 7) });
    const row = { id, sanction, secret: 's', acts_for, since: now, left_at: null };
    for (const kind of ['representative', 'guardian'] as const) {
      const written = registry.db
        .insertInto('claimants')
        .values({ ...row, kind })
        .execute();
      expect(await sqlState(written)).toBe('23514');
    }
  });

  test('is seen with name and time by whoever let them in and by themselves, and by no other claimant', async () => {
    const { key, theirs, code } = await represented();
    const line = { place: 1, as: 'representative', name: 'My lawyer', since: expect.any(String) };
    expect((await seenBy(key)).others).toMatchObject([{ ...line, own: false }]);
    const seen = await seenBy(theirs);
    expect(seen.others).toMatchObject([{ ...line, own: true }]);
    expect((await seenBy(await claim(registry, code))).others).toEqual([]);
  });

  test('is ended by the claimant at any time, and opens nothing from then on', async () => {
    const { key, theirs } = await represented();
    resultOf(await registry.caseCall('case.endAccess', { key, place: 1 }));
    const closed = await open(registry, theirs);
    expect([closed.status, closed.guessed]).toEqual([404, true]);
    expect((await seenBy(key)).others).toMatchObject([{ endedAt: expect.any(String) }]);
    const again = await registry.caseCall('case.endAccess', { key, place: 1 });
    expect(problem(again)).toEqual(['state-conflict', 'access-ended']);
  });

  test('ends their own access, and nobody else’s', async () => {
    const { key, theirs } = await represented();
    const second = await given(key);
    const other = await registry.caseCall('case.endAccess', { key: theirs, place: 2 });
    expect(problem(other)).toEqual(['invalid-input', 'unknown']);
    resultOf(await registry.caseCall('case.endAccess', { key: theirs }));
    expect((await open(registry, theirs)).status).toBe(404);
    expect((await open(registry, second)).status).toBe(200);
  });

  test('may leave an address of their own, which ends with their access', async () => {
    const { key, theirs } = await represented();
    const email = 'lawyer@mail.example';
    resultOf(await registry.caseCall('case.setContact', { key: theirs, email, language: 'en' }));
    const code = registry.proofs.mails.at(-1)!.code;
    resultOf(await registry.caseCall('case.confirmContact', { key: theirs, code }));
    expect((await seenBy(key)).contact).toBeUndefined();
    const { id } = (await findClaimant(registry.db, caseKey(theirs)))!;
    resultOf(await registry.caseCall('case.endAccess', { key, place: 1 }));
    const rows = await registry.db
      .selectFrom('case_contacts')
      .select('at')
      .where('claimant', '=', id)
      .execute();
    expect(rows).toEqual([]);
  });
});

describe('an invitation', () => {
  test('is used once, within a week, and opens nothing else', async () => {
    const { code } = await newCase(registry);
    const key = await claim(registry, code);
    const first = await invite(key);
    const opened = await open(registry, first.code);
    expect([opened.status, opened.guessed]).toEqual([404, true]);
    resultOf(await registry.caseCall('case.accept', { code: first.code, newKey: newSecret() }));
    const again = await registry.caseCall('case.accept', { code: first.code, newKey: newSecret() });
    expect([again.status, again.guessed]).toEqual([404, true]);
    const second = await invite(key);
    registry.advance(7 * day);
    const late = await registry.caseCall('case.accept', { code: second.code, newKey: newSecret() });
    expect(late.status).toBe(404);
  });

  test('that several use at once gives one of them access', async () => {
    const { sanction, code } = await newCase(registry);
    const key = await claim(registry, code);
    const invited = await invite(key);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        registry.caseCall('case.accept', { code: invited.code, newKey: newSecret() }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const keys = await registry.db
      .selectFrom('claimants')
      .select('kind')
      .where('sanction', '=', sanction)
      .execute();
    expect(keys.map(({ kind }) => kind).toSorted()).toEqual(['representative', 'self']);
  });

  test('is one of three at most, of those that count', async () => {
    const { code } = await newCase(registry);
    const key = await claim(registry, code);
    for (let i = 0; i < 3; i++) resultOf((await invite(key)).answer);
    expect(problem((await invite(key)).answer)).toEqual(['state-conflict', 'too-many-with-access']);
    resultOf(await registry.caseCall('case.endAccess', { key, place: 2 }));
    resultOf((await invite(key)).answer);
  });

  test('has a code that opens nothing yet', async () => {
    const { code } = await newCase(registry);
    const key = await claim(registry, code);
    const first = await invite(key);
    for (const used of [code, key, first.code]) {
      expect(problem((await invite(key, 'representative', used)).answer)).toEqual([
        'invalid-input',
        'used',
      ]);
    }
  });
});

describe('a guardian', () => {
  test('let in by a minor is a claimant of their own, whom nobody removes; the minor stays', async () => {
    const { code } = await ofMinor();
    const key = await claim(registry, code);
    const theirs = await given(key, 'guardian');
    expect((await seenBy(theirs)).access).toBe('guardian');
    resultOf(await registry.caseCall('case.appeal', { key: theirs, ...appealInput }));
    const [own] = (await seenBy(theirs)).appeals;
    const [other] = (await seenBy(key)).appeals;
    expect([own.words, other.words]).toEqual([appealInput.words, undefined]);
    resultOf(await registry.caseCall('case.withdrawAppeal', { key: theirs }));
    resultOf((await invite(theirs)).answer);
    const removed = await registry.caseCall('case.endAccess', { key, place: 1 });
    expect(problem(removed)).toEqual(['state-conflict', 'guardian-stays']);
    expect((await seenBy(key)).access).toBe('claimant');
  });

  test('is there for minors alone', async () => {
    const { code } = await newCase(registry);
    const key = await claim(registry, code);
    expect(problem((await invite(key, 'guardian')).answer)).toEqual([
      'invalid-input',
      'not-a-minor',
    ]);
  });
});

test('an access that ended stays ended, whoever writes it', async () => {
  const { sanction, key } = await represented();
  resultOf(await registry.caseCall('case.endAccess', { key, place: 1 }));
  const undone = registry.db
    .updateTable('case_access')
    .set({ ended_at: null })
    .where('sanction', '=', sanction)
    .execute();
  expect(await sqlState(undone)).toBe('23514');
});

test('the submitter and whoever reviews read nothing of who has access', async () => {
  const { sanction, key } = await represented();
  resultOf(await registry.caseCall('case.appeal', { key, ...appealInput }));
  const { harbour } = registry.parties;
  const answer = await registry.call(harbour.service, 'sanctions.get', {
    sanction: sanction as `snc_${string}`,
  });
  expect(answer.status).toBe(200);
  expect(answer.raw.body).not.toMatch(/access-|representative|lawyer/);
});
