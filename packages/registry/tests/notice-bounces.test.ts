import type { OpInput, OpOutput } from '@recourse/protocol';
import { startTestRegistry, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliverNotices } from '../src/cases/notices/deliver-notices.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { caseAbout, claim, open, realTokens, resultOf as shown } from './cases-fixture.ts';
import { resultOf } from './checks-fixture.ts';
import { day, problem, sqlState } from './sanctions-harness.ts';

const [email, phone] = ['creator@mail.example', '+4915112345678'];
const hours = 3600;

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterEach(() => registry.close());

type Sanction = `snc_${string}`;
type Bounced = OpOutput<'sanctions.bounced'>;

/** A record that waits for its hold, with a message to each address that a server took. */
async function told(...addresses: string[]): Promise<Sanction> {
  const subjects = addresses.map((to) => [to.includes('@') ? 'email' : 'phone', to] as const);
  const { sanction } = await caseAbout(registry, subjects as never);
  await sql`update sanctions set reason = 'fraud.scam'`.execute(registry.ownerDb);
  const input = { sanction, language: 'de', addresses } as OpInput<'sanctions.notify'>;
  resultOf(await registry.call(registry.parties.harbour.trust, 'sanctions.notify', input));
  await deliverNotices(registry.services);
  return sanction as Sanction;
}
const token = (): string => registry.proofs.notices.at(-1)!.id;
const bounce = (message: string, { by = 0, recipient = email } = {}): Promise<TestAnswer> =>
  registry.call(registry.parties.operator[by]!, 'sanctions.bounced', { message, recipient });
const came = async (answer: Promise<TestAnswer>) => (resultOf(await answer) as Bounced).came;
const get = async (sanction: Sanction) =>
  resultOf(
    await registry.call(registry.parties.harbour.trust, 'sanctions.get', { sanction }),
  ) as OpOutput<'sanctions.get'>;
/** What anybody reads of the record. */
const state = async (sanction: Sanction) => {
  const { deliveries, subjects, state: now, visibleFrom } = await get(sanction);
  return { deliveries, subjects, now, visibleFrom };
};
const events = async () =>
  (await registry.db.selectFrom('events').select('type').orderBy('seq').execute()).map(
    ({ type }) => type,
  );

describe('a bounce', () => {
  test('has the message written once more, with a code of its own, and changes nothing else', async () => {
    const sanction = await told(email);
    const before = await state(sanction);
    const [first] = registry.proofs.notices;
    expect(await came(bounce(first!.id))).toBe('written-again');
    await deliverNotices(registry.services);
    const [, second, ...others] = registry.proofs.notices;
    expect(others).toEqual([]);
    expect(second).toMatchObject({ to: email, language: 'de' });
    expect([first!.id, first!.code]).not.toContain(second!.id);
    // Either code opens the case.
    for (const { code } of [first!, second!]) {
      expect(shown(await open(registry, code)).case.sanction).toBe(sanction);
    }
    expect(await state(sanction)).toEqual(before);
    expect(await events()).toEqual([]);
    // The same report again is of a message that was written again.
    expect(problem(await bounce(first!.id, { by: 1 }))).toEqual([
      'state-conflict',
      'written-again',
    ]);
  });

  test('of the second makes it undelivered once two holders reported it: one alone changes nothing', async () => {
    const sanction = await told(email);
    const before = await state(sanction);
    expect(await came(bounce(token()))).toBe('written-again');
    await deliverNotices(registry.services);
    for (let n = 0; n < 3; n++) expect(await came(bounce(token()))).toBe('reported');
    expect(await state(sanction)).toEqual(before);
    expect(await came(bounce(token(), { by: 1 }))).toBe('undelivered');
    expect(await get(sanction)).toMatchObject({ deliveries: [{ state: 'bounced' }] });
    const [subject] = (await get(sanction)).subjects;
    expect([subject?.reviewFrom, (await get(sanction)).visibleFrom]).toEqual([
      undefined,
      undefined,
    ]);
    expect(await events()).toEqual(['notice-owed']);
    expect(problem(await bounce(token()))).toEqual(['state-conflict', 'not-delivered']);
  });

  test('that is forged changes nothing: with a wrong token, or of somebody else', async () => {
    const sanction = await told(email);
    const before = await state(sanction);
    for (const by of [0, 1]) {
      expect(problem(await bounce('A'.repeat(22), { by }))).toEqual(['not-found']);
      const other = { by, recipient: 'another@mail.example' };
      expect(problem(await bounce(token(), other))).toEqual(['invalid-input', 'other-identifier']);
    }
    await deliverNotices(registry.services);
    expect(registry.proofs.notices).toHaveLength(1);
    expect(await state(sanction)).toEqual(before);
  });

  test('that only one confirms leaves what others may do as without it', async () => {
    const sanction = await told(email);
    const { visibleFrom } = await get(sanction);
    await came(bounce(token()));
    await deliverNotices(registry.services);
    await came(bounce(token()));
    registry.advance(7 * day);
    expect(await get(sanction)).toMatchObject({ state: 'visible', visibleFrom });
    const stating = {
      sanction,
      channel: 'web-message',
      language: 'en',
      sentAt: Math.floor(registry.now().getTime() / 1000),
    } as const;
    const stated = registry.call(registry.parties.harbour.trust, 'sanctions.stateNotice', stating);
    expect(problem(await stated)).toEqual(['state-conflict', 'already-notified']);
    // It answers by now, and what answers is taken back by nobody.
    expect(problem(await bounce(token(), { by: 1 }))).toEqual(['state-conflict', 'answers']);
    expect((await get(sanction)).subjects[0]?.reviewFrom).toBeDefined();
  });

  test('says nothing once somebody used a code that was sent there', async () => {
    const sanction = await told(email);
    await came(bounce(token()));
    await deliverNotices(registry.services);
    await came(bounce(token()));
    await claim(registry, registry.proofs.notices[0]!.code);
    expect(problem(await bounce(token(), { by: 1 }))).toEqual(['state-conflict', 'code-used']);
    expect(await get(sanction)).toMatchObject({ deliveries: [{ state: 'taken' }] });
  });

  test('is confirmed by its first token where the server refused the second message', async () => {
    const sanction = await told(email);
    const before = await state(sanction);
    const first = token();
    await came(bounce(first));
    registry.proofs.refusing.add(email);
    await deliverNotices(registry.services);
    expect(await state(sanction)).toEqual(before);
    expect(await came(bounce(first))).toBe('reported');
    expect(await came(bounce(first, { by: 1 }))).toBe('undelivered');
  });

  test('of one of two leaves the other as it was, by text message as well', async () => {
    const sanction = await told(email, phone);
    const before = await get(sanction);
    const to = { recipient: '+49 151 12345678' };
    const texted = () => registry.proofs.notices.findLast((one) => one.to === phone)!.id;
    expect(await came(bounce(texted(), to))).toBe('written-again');
    await deliverNotices(registry.services);
    await came(bounce(texted(), to));
    expect(await came(bounce(texted(), { ...to, by: 1 }))).toBe('undelivered');
    const after = await get(sanction);
    expect(after.subjects[0]).toEqual(before.subjects[0]);
    expect(after.subjects[1]?.reviewFrom).toBeUndefined();
    expect(await events()).toEqual([]);
  });

  test('keeps the address for 72 h at most, and then as after the first', async () => {
    const sanction = await told(email);
    const before = await state(sanction);
    await came(bounce(token()));
    registry.proofs.broken = true;
    await deliverNotices(registry.services);
    const row = () => registry.db.selectFrom('notice_deliveries').selectAll().executeTakeFirst();
    expect((await row())?.address).not.toBeNull();
    registry.advance(73 * hours);
    await settleDue(registry.services);
    expect(await row()).toMatchObject({ address: null, again: 'unsent', result: 'taken' });
    expect((await state(sanction)).deliveries).toEqual(before.deliveries);
  });
});

describe('the service role, by SQL', () => {
  const attack = (statement: string): Promise<string> =>
    sqlState(sql.raw(statement).execute(registry.db));
  const set = (what: string) => attack(`update notice_deliveries set ${what}`);
  const refused = '23514';

  test('takes no notice back by the word of one, or of who is not of the operator', async () => {
    const sanction = await told(email);
    const [one, two] = registry.parties.operator.map(({ holder }) => holder);
    const { holder: other } = registry.parties.harbour.trust;
    const at = `bounced_at = timestamptz '2026-01-01'`;
    const attacks = [
      at,
      `${at}, bounced_by = '${one}'`,
      `${at}, confirmed_by = '${two}'`,
      `${at}, bounced_by = '${one}', confirmed_by = '${one}'`,
      `${at}, bounced_by = '${one}', confirmed_by = '${other}'`,
    ];
    for (const what of attacks) expect(await set(what)).toBe(refused);
    const back = `update subjects set delivered_at = null, review_from = null
      where sanction = '${sanction}'`;
    expect(await attack(back)).toBe(refused);
    expect(await set(`${at}, bounced_by = '${one}', confirmed_by = '${two}'`)).toBe('accepted');
    expect(await attack(back)).toBe('accepted');
  });

  test('takes no notice back once it answers, or its code was used', async () => {
    const sanction = await told(email);
    const [one, two] = registry.parties.operator.map(({ holder }) => holder);
    const back = `update subjects set delivered_at = null, review_from = null
      where sanction = '${sanction}'`;
    const by = `bounced_by = '${one}', confirmed_by = '${two}'`;
    await set(`${by}, bounced_at = timestamptz '2099-01-01'`);
    expect(await attack(back)).toBe(refused);
    await set(`bounced_at = timestamptz '2026-01-01'`);
    await claim(registry, registry.proofs.notices[0]!.code);
    expect(await attack(back)).toBe(refused);
    await sql.raw('drop trigger subjects_undelivery on subjects').execute(registry.ownerDb);
    expect(await attack(back)).toBe('accepted');
  });

  test('keeps no address of a second message that has a result', async () => {
    await told(email);
    await came(bounce(token()));
    await deliverNotices(registry.services);
    expect(await set(`address = '\\x00'`)).toBe(refused);
    expect(await set(`again = 'refused'`)).toBe(refused);
  });
});
