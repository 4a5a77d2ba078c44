import { caseKey, toDay, type CaseView } from '@recourse/protocol';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliverNotices } from '../src/cases/notices/deliver-notices.ts';
import { claimCase } from './appeals-harness.ts';
import { caseAbout, claim, findByEmail, open, realTokens, resultOf } from './cases-fixture.ts';
import { day, notify, problem, sqlState } from './sanctions-harness.ts';

const [phone, email] = ['+4915112345678', 'owner@mail.example'];

let registry: TestRegistry;
let sanction: string;
beforeEach(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
  // About an incident that ended ten days ago.
  ({ sanction } = await caseAbout(registry, [
    ['phone', phone],
    ['email', email],
  ]));
  Object.assign(registry.services, {
    published: { falseHitShare: () => Promise.resolve(0.01), holds: () => true },
  });
});
afterEach(() => registry.close());

/** The day of the registry so many days before now. */
const daysAgo = (days: number): string =>
  toDay(new Date(registry.now().getTime() - days * day * 1000));
const [then, since] = [() => daysAgo(11), () => daysAgo(9)];

async function byPhone(newKey = newSecret()): Promise<string> {
  const asked = await registry.caseCall('case.find', { kind: 'phone', identifier: phone });
  await registry.proofs.texting;
  const { find } = resultOf(asked);
  const { code: proof } = registry.proofs.texts.at(-1)!;
  const proving = { find, identifier: phone, proof, newKey };
  const { found } = resultOf(await registry.caseCall('case.prove', proving));
  return found[0].n === 0 ? newKey : `${newKey}.${found[0].n}`;
}
const say = (key: string, day: string) =>
  registry.caseCall('case.numberSince', { key, since: day });
const viewOf = async (secret: string): Promise<CaseView> =>
  resultOf(await open(registry, secret)).case;

/** What the new owner of a number may not read. */
const whole = { reason: 'fraud.phishing', account: expect.stringMatching(/./) };
const told = { ...whole, evidence: [expect.stringMatching(/./)] };
const silent = (view: CaseView) =>
  expect(view.facts).toEqual({
    action: expect.any(String),
    incidentFrom: expect.any(String),
    incidentTo: expect.any(String),
    subjects: ['phone', 'email'],
  });

describe('who comes by a code sent to a phone', () => {
  test('reads neither reason nor account nor evidence before they said since when the number is theirs', async () => {
    const key = await byPhone();
    const before = await viewOf(key);
    expect(before.hidden).toBe('until-said');
    silent(before);
    const receipt = resultOf(await registry.caseCall('case.receipt', { key }));
    expect(receipt).toMatchObject({ openings: [] });
    expect(receipt).not.toHaveProperty('statement');
    resultOf(await say(key, then()));
    const after = await viewOf(key);
    expect(after).toMatchObject({ facts: told, ways: [{ way: 'proof', numberSince: then() }] });
    expect(after).not.toHaveProperty('hidden');
    expect(resultOf(await registry.caseCall('case.receipt', { key })).statement).toBeDefined();
  });

  test('reads none of it where the number is theirs since the incident ended, and appeals as recycled', async () => {
    const key = await byPhone();
    resultOf(await say(key, since()));
    const view = await viewOf(key);
    expect(view.hidden).toBe('recycled');
    silent(view);
    const words = { ground: 'recycled', words: 'I got this number last week.', language: 'en' };
    resultOf(await registry.caseCall('case.appeal', { key, ...words } as never));
    expect((await viewOf(key)).appeals).toMatchObject([{ state: 'open', joined: true }]);
  });

  test('says it once, of a day that has come, and of a phone alone', async () => {
    const key = await byPhone();
    expect(problem(await say(key, daysAgo(-2)))).toEqual(['invalid-input', 'future']);
    expect(problem(await say(key, '2026-02-30'))).toEqual(['invalid-input', 'malformed']);
    resultOf(await say(key, since()));
    expect(problem(await say(key, then()))).toEqual(['state-conflict', 'nothing-to-say']);
    const { newKey } = await findByEmail(registry, email);
    expect(problem(await say(`${newKey}.1`, then()))).toEqual(['state-conflict', 'nothing-to-say']);
  });

  test('reads it all once they proved another identifier, or came by the code of the platform', async () => {
    const key = newSecret();
    const byNumber = await byPhone(key);
    resultOf(await say(byNumber, since()));
    silent(await viewOf(byNumber));
    await findByEmail(registry, email, key);
    expect(await viewOf(byNumber)).toMatchObject({ facts: told });
  });

  test('reads no gist, no answer of the submitter and no reasons, and their reviewer knows why', async () => {
    await notify(registry, sanction);
    const [one, two] = [await byPhone(), `${(await findByEmail(registry, email)).newKey}.1`];
    resultOf(await say(one, since()));
    const words = { ground: 'not-me', words: 'Not me.', language: 'en' } as const;
    const { appeal } = resultOf(await registry.caseCall('case.appeal', { key: two, ...words }));
    const joining = { key: one, ground: 'recycled', words: 'Mine since then.' } as const;
    resultOf(await registry.caseCall('case.join', joining));
    const [reviewer] = registry.parties.panel;
    await claimCase(registry, reviewer, appeal);
    const stand = { text: 'It was they who asked for the password.' };
    expect(
      (await registry.call(registry.parties.harbour.trust, 'appeals.respond', { appeal, stand }))
        .status,
    ).toBe(200);
    for (const kind of ['gist', 'question'] as const) {
      const asked = { appeal, kind, text: `A ${kind}.` };
      expect((await registry.call(reviewer, 'review.ask', asked)).status).toBe(200);
    }
    const [theirs] = (await viewOf(two)).appeals;
    expect(theirs).toMatchObject({ response: stand });
    expect(theirs?.questions.map(({ kind }) => kind)).toEqual(['gist', 'question']);
    const [mine] = (await viewOf(one)).appeals;
    expect(mine?.questions.map(({ kind }) => kind)).toEqual(['question']);
    expect(mine?.response).toEqual({ at: expect.any(String) });
    const seen = (await registry.call(reviewer, 'review.get', { appeal })).body.result;
    expect(seen).toMatchObject({
      claimants: [{ ways: [{ way: 'proof' }] }, { ways: [{ numberSince: since() }] }],
    });
  });

  test('by the code of a notice claims before they say it, and the code alone reads nothing', async () => {
    const { harbour } = registry.parties;
    const input = { sanction, language: 'en', addresses: [phone, email] };
    expect((await registry.call(harbour.trust, 'sanctions.notify', input as never)).status).toBe(
      200,
    );
    await deliverNotices(registry.services);
    const sent = (to: string) => registry.proofs.notices.find((one) => one.to === to)!.code;
    expect(await viewOf(sent(phone))).toMatchObject({ access: 'code', hidden: 'until-said' });
    silent(await viewOf(sent(phone)));
    expect(await viewOf(sent(email))).toMatchObject({ access: 'code', facts: told });
    const key = await claim(registry, sent(phone));
    silent(await viewOf(key));
    resultOf(await say(key, then()));
    expect(await viewOf(key)).toMatchObject({ facts: told });
    // Who uses the code again is somebody else.
    silent(await viewOf(await claim(registry, sent(phone))));
  });

  test('whom they let in reads what they read, and says nothing for them', async () => {
    const key = await byPhone();
    const code = newSecret();
    const invited = { key, code, as: 'representative', name: 'A lawyer' } as const;
    resultOf(await registry.caseCall('case.invite', invited));
    const theirs = newSecret();
    resultOf(await registry.caseCall('case.accept', { code, newKey: theirs }));
    expect((await viewOf(theirs)).hidden).toBe('until-said');
    expect(problem(await say(theirs, then()))).toEqual(['state-conflict', 'claimant-only']);
    resultOf(await say(key, then()));
    expect(await viewOf(theirs)).toMatchObject({ facts: told });
  });
});

test('by SQL nobody says it twice, of another way, or comes by a phone unseen', async () => {
  const key = await byPhone();
  resultOf(await say(key, since()));
  const { db } = registry;
  const [checkViolation, insufficientPrivilege] = ['23514', '42501'];
  const set = (values: object) => sqlState(db.updateTable('claimant_ways').set(values).execute());
  expect(await set({ number_since: new Date(0) })).toBe(checkViolation);
  expect(await set({ number_since: null })).toBe(checkViolation);
  expect(await set({ by_phone: false })).toBe(insufficientPrivilege);
  await findByEmail(registry, email);
  const ofMail = db
    .updateTable('claimant_ways')
    .set({ number_since: new Date(0) })
    .where('by_phone', '=', false);
  expect(await sqlState(ofMail.execute())).toBe(checkViolation);
  const unseen = sql`insert into claimant_ways (claimant, sanction, way, position, at, proven_at)
    select c.id, c.sanction, 'delivered', 0, now(), now() from claimants c
    where c.secret = ${caseKey(key)}`;
  expect(await sqlState(unseen.execute(db))).toBe(checkViolation);
});
