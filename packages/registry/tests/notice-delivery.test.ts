import { caseKey, hashText, jcs, type Entry, type OpOutput } from '@recourse/protocol';
import { startTestRegistry, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insertEnd } from '../src/records/store.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { deliverNotices } from '../src/cases/notices/deliver-notices.ts';
import { caseAbout, realTokens } from './cases-fixture.ts';
import { resultOf } from './checks-fixture.ts';
import { byBoth } from './parties-operator-fixtures.ts';
import { day, problem, sqlState } from './sanctions-harness.ts';

const email = 'creator@mail.example';
const phone = '+4915112345678';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterEach(() => registry.close());

type Sanction = `snc_${string}`;
const hours = 3600;
const record = async (identifiers: Parameters<typeof caseAbout>[1]): Promise<Sanction> =>
  (await caseAbout(registry, identifiers)).sanction as Sanction;
const notify = (sanction: Sanction, addresses: string[], language = 'de'): Promise<TestAnswer> =>
  registry.call(registry.parties.harbour.trust, 'sanctions.notify', {
    sanction,
    language,
    addresses,
  });
const state = (sanction: Sanction): Promise<TestAnswer> =>
  registry.call(registry.parties.harbour.trust, 'sanctions.stateNotice', {
    sanction,
    channel: 'web-message',
    language: 'en',
    sentAt: Math.floor(registry.now().getTime() / 1000),
  });
const get = async (sanction: Sanction) =>
  resultOf(
    await registry.call(registry.parties.harbour.trust, 'sanctions.get', { sanction }),
  ) as OpOutput<'sanctions.get'>;
const row = (sanction: Sanction, position = 0) =>
  registry.db
    .selectFrom('notice_deliveries')
    .selectAll()
    .where('sanction', '=', sanction)
    .where('position', '=', position)
    .executeTakeFirstOrThrow();
const eventsTo = async (sanction: Sanction): Promise<string[]> =>
  (
    await registry.db
      .selectFrom('events')
      .select('type')
      .where('sanction', '=', sanction)
      .orderBy('seq')
      .execute()
  ).map(({ type }) => type);

describe('the registry writes to every address', () => {
  test('of the record, and to nobody else', async () => {
    const sanction = await record([
      ['email', email],
      ['phone', phone],
    ]);
    expect(problem(await notify(sanction, [email]))).toEqual([
      'notice-required',
      'phone-not-written-to',
    ]);
    expect(problem(await notify(sanction, [email, '+4915187654321']))).toEqual([
      'invalid-input',
      'other-identifier',
    ]);
    expect(problem(await notify(sanction, [email, 'not a number']))[0]).toBe('invalid-input');
    await deliverNotices(registry.services);
    expect(registry.proofs.notices).toEqual([]);
    const asked = resultOf(await notify(sanction, [' Creator@MAIL.example', phone]));
    expect(asked).toMatchObject({
      state: 'held',
      deliveries: [
        { index: 0, channel: 'email', state: 'waiting' },
        { index: 1, channel: 'sms', state: 'waiting' },
      ],
    });
    expect(await deliverNotices(registry.services)).toEqual({ taken: 2, refused: 0, failed: 0 });
    expect(registry.proofs.notices).toMatchObject([
      { channel: 'email', to: email, language: 'de', submitter: { name: 'Harbour' } },
      { channel: 'sms', to: phone, language: 'de' },
    ]);
  });

  test('with a code that its reader opens the case by, and its submitter never sees', async () => {
    const sanction = await record([['email', email]]);
    const answer = await notify(sanction, [email]);
    await deliverNotices(registry.services);
    const code = registry.proofs.notices[0]!.code;
    expect(answer.raw.body).not.toContain(code);
    expect(JSON.stringify(await get(sanction))).not.toContain(code);
    expect(
      await registry.db.selectFrom('case_codes').select(['hash', 'position']).execute(),
    ).toContainEqual({ hash: caseKey(code), position: 0 });
    const view = await registry.caseCall('case.open', { code });
    expect(view.body).toMatchObject({ result: { data: { case: { sanction } } } });
  });

  test('once: asked again it writes to nobody a second time', async () => {
    const sanction = await record([['email', email]]);
    resultOf(await notify(sanction, [email]));
    await deliverNotices(registry.services);
    const again = resultOf(await notify(sanction, [email], 'fr'));
    expect(again).toMatchObject({ deliveries: [{ state: 'taken' }] });
    await deliverNotices(registry.services);
    expect(registry.proofs.notices).toHaveLength(1);
  });

  test('and what it was delivered to answers by that, as the log says', async () => {
    const sanction = await record([
      ['email', email],
      ['domain', 'creator.example'],
    ]);
    resultOf(await notify(sanction, [email]));
    await deliverNotices(registry.services);
    const { subjects, state: now, history } = await get(sanction);
    expect(now).toBe('visible');
    expect([subjects[0]?.reviewFrom, subjects[1]?.reviewFrom].map(Boolean)).toEqual([true, false]);
    expect(subjects[1]?.answersFrom).toBeDefined();
    expect(history.map(({ event }) => event)).toEqual(['submitted', 'notice-delivered', 'visible']);
    const entries = (await registry.pendingEntries()).map((text) => JSON.parse(text) as Entry);
    expect(entries.filter(({ type }) => type === 'notice-delivered')).toHaveLength(1);
  });
});

describe('an address is kept for one message, and gone with it', () => {
  test.each(['taken', 'refused', 'unsent'] as const)('once the message is %s', async (result) => {
    const sanction = await record([['email', email]]);
    if (result === 'refused') registry.proofs.refusing.add(email);
    registry.proofs.broken = result === 'unsent';
    resultOf(await notify(sanction, [email]));
    expect((await row(sanction)).address).not.toBeNull();
    await deliverNotices(registry.services);
    expect((await row(sanction)).address === null).toBe(result !== 'unsent');
    registry.advance(72 * hours);
    await settleDue(registry.services);
    expect(await row(sanction)).toMatchObject({ result, address: null });
  });

  test('nothing else that is stored has it, nor the bytes of the call', async () => {
    const sanction = await record([['email', email]]);
    resultOf(await notify(sanction, [email]));
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from kept_calls where sanction = ${sanction}`.execute(registry.db);
    // The submission alone.
    expect(rows[0]?.n).toBe(1);
    const dump = await sql<{ text: string }>`
      select to_jsonb(d)::text as text from notice_deliveries d
      union all select to_jsonb(a)::text from answers a`.execute(registry.ownerDb);
    const guessed = hashText(jcs({ sanction, language: 'de', addresses: [email] }));
    for (const { text } of dump.rows) {
      expect(text).not.toContain('creator');
      expect(text).not.toContain(guessed);
      expect(text).not.toContain(Buffer.from(email).toString('hex'));
    }
  });

  test('also where the record ends before it is sent', async () => {
    const sanction = await record([['email', email]]);
    registry.proofs.broken = true;
    resultOf(await notify(sanction, [email]));
    registry.proofs.broken = false;
    const { harbour } = registry.parties;
    const end = { sanction, kind: 'withdrawn', cause: 'error', at: registry.now() } as const;
    await insertEnd(registry.ownerDb, { ...end, by_party: harbour.id, artefact: null });
    await sql`update sanctions set end_recorded = true where id = ${sanction}`.execute(registry.db);
    await deliverNotices(registry.services);
    expect(registry.proofs.notices).toEqual([]);
    await settleDue(registry.services);
    expect(await row(sanction)).toMatchObject({ result: 'unsent', address: null });
  });
});

describe('days on which the registry could not send', () => {
  test('it tries again, and says that it waits', async () => {
    const sanction = await record([['email', email]]);
    registry.proofs.broken = true;
    resultOf(await notify(sanction, [email]));
    expect(await deliverNotices(registry.services)).toMatchObject({ failed: 1 });
    registry.proofs.broken = false;
    expect(await deliverNotices(registry.services)).toEqual({ taken: 0, refused: 0, failed: 0 });
    registry.advance(120);
    expect(await deliverNotices(registry.services)).toMatchObject({ taken: 1 });
  });

  test('count against nobody: three days without a mail server, and it may be asked once more', async () => {
    const sanction = await record([['email', email]]);
    // On the last day of those that a submitter has.
    registry.advance(6.9 * day);
    registry.proofs.channels = [];
    resultOf(await notify(sanction, [email]));
    for (let waited = 0; waited < 72; waited += 12) {
      registry.advance(12 * hours);
      await deliverNotices(registry.services);
      expect((await get(sanction)).state).toBe('held');
    }
    registry.advance(60);
    await settleDue(registry.services);
    expect(await get(sanction)).toMatchObject({ state: 'held', deliveries: [{ state: 'unsent' }] });
    expect(await eventsTo(sanction)).toEqual(['notice-owed']);
    expect(problem(await state(sanction))).toEqual(['notice-required', 'email-not-written-to']);
    registry.proofs.channels = ['email'];
    registry.advance(day);
    resultOf(await notify(sanction, [email]));
    await deliverNotices(registry.services);
    expect((await get(sanction)).state).toBe('visible');
  });

  test('and whoever asks no more is withdrawn', async () => {
    const sanction = await record([['email', email]]);
    registry.proofs.channels = [];
    resultOf(await notify(sanction, [email]));
    registry.advance(9 * day);
    expect(await get(sanction)).toMatchObject({ state: 'withdrawn', cause: 'no-notice' });
  });
});

describe('stated: the platform told the person itself', () => {
  test('is refused while there is an address, and told once each refused the message', async () => {
    const sanction = await record([['email', email]]);
    expect(problem(await state(sanction))).toEqual(['notice-required', 'email-not-written-to']);
    registry.proofs.refusing.add(email);
    resultOf(await notify(sanction, [email]));
    await deliverNotices(registry.services);
    expect(await eventsTo(sanction)).toEqual(['notice-owed']);
    resultOf(await state(sanction));
    const { subjects, noticeStatedAt, history } = await get(sanction);
    expect(subjects[0]?.reviewFrom).toBeUndefined();
    expect(noticeStatedAt).toBeDefined();
    expect(history.map(({ event }) => event)).toEqual([
      'submitted',
      'notice-undelivered',
      'notice-stated',
    ]);
  });

  test('where no gateway is there, of a phone alone', async () => {
    registry.proofs.channels = ['email'];
    const sanction = await record([['phone', phone]]);
    expect(problem(await notify(sanction, [phone]))).toEqual(['state-conflict', 'no-sms-gateway']);
    resultOf(await state(sanction));
    registry.proofs.channels = ['email', 'sms'];
    // The gateway came later: what is delivered answers by that.
    resultOf(await notify(sanction, [phone]));
    await deliverNotices(registry.services);
    expect((await get(sanction)).subjects[0]?.reviewFrom).toBeDefined();
  });
});

describe('the service role, by SQL', () => {
  const attack = (statement: string): Promise<string> =>
    sqlState(sql.raw(statement).execute(registry.db));

  test('delivers nothing that no server took', async () => {
    const sanction = await record([['email', email]]);
    const deliver = `update subjects set delivered_at = timestamptz '2028-01-01',
      review_from = timestamptz '2029-01-01' where sanction = '${sanction}'`;
    expect(await attack(deliver)).toBe('23514');
    registry.proofs.refusing.add(email);
    resultOf(await notify(sanction, [email]));
    await deliverNotices(registry.services);
    expect(await attack(deliver)).toBe('23514');
    const take = `update notice_deliveries set result = 'taken' where sanction = '${sanction}'`;
    expect(await attack(take)).toBe('23514');
    await sql
      .raw('drop trigger notice_deliveries_result on notice_deliveries')
      .execute(registry.ownerDb);
    expect([await attack(take), await attack(deliver)]).toEqual(['accepted', 'accepted']);
  });

  test('keeps no address of what has a result, and none for longer than 72 h', async () => {
    const sanction = await record([['email', email]]);
    resultOf(await notify(sanction, [email]));
    await deliverNotices(registry.services);
    const where = `where sanction = '${sanction}'`;
    expect(await attack(`update notice_deliveries set address = '\\x00' ${where}`)).toBe('23514');
    const longer = `update notice_deliveries set expires_at = asked_at + interval '73 hours' ${where}`;
    expect(await attack(longer)).toBe('23514');
    expect(await attack(`delete from notice_deliveries ${where}`)).toBe('42501');
  });
});

test('a platform whose checks and submissions are stopped still tells its creators', async () => {
  const { harbour } = registry.parties;
  const sanction = await record([['email', email]]);
  const suspension = { party: harbour.id as `plt_${string}`, what: 'both', why: 'terms' } as const;
  resultOf(await byBoth(registry, 'platforms.suspend', suspension));
  expect((await notify(sanction, [email])).status).toBe(200);
});
