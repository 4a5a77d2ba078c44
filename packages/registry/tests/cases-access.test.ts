import { caseKey, toNumericDate, type AccessKind } from '@recourse/protocol';
import { newSecret, random32, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  appealInput,
  caseAbout,
  claim,
  findByEmail,
  newCase,
  open,
  realTokens,
  resultOf,
} from './cases-fixture.ts';
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

/** A case with its holder, and somebody whom they gave access. */
async function represented() {
  const { sanction, code } = await newCase(registry);
  const key = await claim(registry, code);
  return { sanction, key, theirs: await given(key) };
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
  test('reads what the holder reads, answers and appeals', async () => {
    const { key, theirs } = await represented();
    const appeal = resultOf(
      await registry.caseCall('case.appeal', { key: theirs, ...appealInput }),
    );
    resultOf(await registry.caseCall('case.addInformation', { key: theirs, text: 'More.' }));
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

  test('gives nothing up: neither withdraws, nor has the case erased, nor gives access to others', async () => {
    const { key, theirs } = await represented();
    resultOf(await registry.caseCall('case.appeal', { key, ...appealInput }));
    const answers = [
      await registry.caseCall('case.withdrawAppeal', { key: theirs }),
      await registry.caseCall('case.requestErasure', { key: theirs, ground: 'erasure' }),
      (await invite(theirs)).answer,
    ];
    expect(answers.map(problem)).toEqual(answers.map(() => ['state-conflict', 'holder-only']));
  });

  test('neither replaces the key of the holder nor takes the case', async () => {
    const { key, theirs } = await represented();
    const newKey = newSecret();
    resultOf(await registry.caseCall('case.rotate', { key: theirs, newKey }));
    expect((await open(registry, theirs)).status).toBe(404);
    expect((await seenBy(newKey)).access).toBe('representative');
    expect((await seenBy(key)).access).toBe('holder');
    const contested = await registry.caseCall('case.contest', { key: newKey });
    expect(problem(contested)).toEqual(['state-conflict', 'not-proven']);
  });

  test('is never made the holder by the database, whoever writes it', async () => {
    const { theirs } = await represented();
    const made = registry.db
      .updateTable('case_holders')
      .set({ holds: true })
      .where('key_hash', '=', caseKey(theirs))
      .execute();
    expect(await sqlState(made)).toBe('23514');
  });

  test('is seen in the case with name and time, by the holder and by themselves', async () => {
    const { key, theirs } = await represented();
    const line = { place: 1, as: 'representative', name: 'My lawyer', since: expect.any(String) };
    expect((await seenBy(key)).others).toMatchObject([{ ...line, own: false }]);
    const seen = await seenBy(theirs);
    expect(seen.others).toMatchObject([{ ...line, own: true }]);
    expect(seen.history.map(({ event }: { event: string }) => event)).toContain('access-given');
  });

  test('is ended by the holder at any time, and opens nothing from then on', async () => {
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

  test('loses access with the holder who gave it, and an appeal of theirs is void', async () => {
    const email = 'represented@mail.example';
    const { code } = await caseAbout(registry, [['email', email]]);
    const accuser = await claim(registry, code);
    const theirs = await given(accuser);
    const pending = await invite(accuser);
    const appeal = resultOf(
      await registry.caseCall('case.appeal', { key: theirs, ...appealInput }),
    );
    const { newKey } = await findByEmail(registry, email);
    const contested = await registry.caseCall('case.contest', { key: `${newKey}.1` });
    expect(resultOf(contested).voided).toEqual([appeal.appeal]);
    expect((await open(registry, theirs)).status).toBe(404);
    const late = await registry.caseCall('case.accept', {
      code: pending.code,
      newKey: newSecret(),
    });
    expect(late.status).toBe(404);
  });

  test('may leave an address of their own, which ends with their access', async () => {
    const { key, theirs } = await represented();
    const email = 'lawyer@mail.example';
    resultOf(await registry.caseCall('case.setContact', { key: theirs, email, language: 'en' }));
    const code = registry.proofs.mails.at(-1)!.code;
    resultOf(await registry.caseCall('case.confirmContact', { key: theirs, code }));
    expect((await seenBy(key)).contact).toBeUndefined();
    resultOf(await registry.caseCall('case.endAccess', { key, place: 1 }));
    const rows = await registry.db
      .selectFrom('case_contacts')
      .select('at')
      .where('holder', '=', caseKey(theirs))
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
      .selectFrom('case_holders')
      .select('way')
      .where('sanction', '=', sanction)
      .where('ended_at', 'is', null)
      .execute();
    expect(keys.map(({ way }) => way).toSorted()).toEqual(['code', 'representative']);
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
  test('of a minor does what the minor may, but for their key', async () => {
    const { code } = await ofMinor();
    const key = await claim(registry, code);
    const theirs = await given(key, 'guardian');
    expect((await seenBy(theirs)).access).toBe('guardian');
    resultOf(await registry.caseCall('case.appeal', { key: theirs, ...appealInput }));
    resultOf(await registry.caseCall('case.withdrawAppeal', { key: theirs }));
    expect(problem((await invite(theirs)).answer)).toEqual(['state-conflict', 'holder-only']);
  });

  test('is there for minors alone, in the database too', async () => {
    const { sanction, code } = await newCase(registry);
    const key = await claim(registry, code);
    expect(problem((await invite(key, 'guardian')).answer)).toEqual([
      'invalid-input',
      'not-a-minor',
    ]);
    const at = registry.now();
    const written = registry.db
      .insertInto('case_access')
      .values({
        sanction,
        place: 9,
        kind: 'guardian',
        name: Buffer.from('x'),
        invite: 'h',
        invited_at: at,
        invite_until: at,
        holder: null,
        since: null,
        ended_at: null,
      })
      .execute();
    expect(await sqlState(written)).toBe('23514');
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
