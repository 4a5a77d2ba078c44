import { toDay, type OpOutput } from '@recourse/protocol';
import { startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliverNotices } from '../src/cases/notices/deliver-notices.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { caseAbout, realTokens } from './cases-fixture.ts';
import { resultOf } from './checks-fixture.ts';
import { day, problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterEach(() => registry.close());

type Sanction = `snc_${string}`;
let made = 0;
const number = (): string => `+49151123${String(10_000 + made++)}`;

async function asked(phones: readonly string[]): Promise<OpOutput<'sanctions.notify'>> {
  const { sanction } = await caseAbout(
    registry,
    phones.map((phone) => ['phone', phone] as const),
  );
  const call = { sanction: sanction as Sanction, language: 'de', addresses: [...phones] };
  const answer = await registry.call(registry.parties.harbour.trust, 'sanctions.notify', call);
  return resultOf(answer) as OpOutput<'sanctions.notify'>;
}
const state = (sanction: string) =>
  registry.call(registry.parties.harbour.trust, 'sanctions.stateNotice', {
    sanction: sanction as Sanction,
    channel: 'web-message',
    language: 'en',
    sentAt: Math.floor(registry.now().getTime() / 1000),
  });
const deliver = async (): Promise<string[]> => {
  const before = registry.proofs.notices.length;
  await deliverNotices(registry.services);
  return registry.proofs.notices.slice(before).map(({ to }) => to);
};
const today = () => toDay(registry.now());
const sentToday = (sent: number) =>
  registry.db
    .insertInto('sms_days')
    .values({ party: registry.parties.harbour.id, day: today(), sent })
    .execute();

describe('text messages of a platform', () => {
  test('are twenty a day, however many numbers it chose', async () => {
    const phones = Array.from({ length: 24 }, number);
    for (const at of [0, 8, 16]) await asked(phones.slice(at, at + 8));
    expect(await deliver()).toHaveLength(17);
    expect(await deliver()).toEqual([]);
    registry.advance(day);
    expect(await deliver()).toHaveLength(7);
    expect(new Set(registry.proofs.notices.map(({ to }) => to))).toEqual(new Set(phones));
  });

  test('go to one number of each record first', async () => {
    await sentToday(18);
    const [first, second] = [
      [number(), number()],
      [number(), number()],
    ];
    await asked(first);
    await asked(second);
    expect((await deliver()).toSorted()).toEqual([first[0], second[0]].toSorted());
  });

  test('beyond the budget for 72 h were not sent, and the platform may say it told the person itself', async () => {
    await sentToday(20);
    const { sanction } = await asked([number()]);
    expect(await deliver()).toEqual([]);
    expect(problem(await state(sanction))).toEqual(['notice-required', 'phone-not-written-to']);
    // The platform sends its fill on each day.
    for (let days = 0; days < 4; days++) {
      registry.advance(day);
      await registry.db.updateTable('sms_days').set({ day: today(), sent: 20 }).execute();
      expect(await deliver()).toEqual([]);
    }
    await settleDue(registry.services);
    expect((await state(sanction)).status).toBe(200);
  });

  test('that no gateway took cost nothing', async () => {
    registry.proofs.broken = true;
    await asked([number()]);
    await deliver();
    expect(await registry.db.selectFrom('sms_days').select('sent').execute()).toEqual([
      { sent: 0 },
    ]);
  });

  test('are counted once by any number of servers', async () => {
    await sentToday(15);
    for (let n = 0; n < 10; n++) await asked([number()]);
    await Promise.all(Array.from({ length: 4 }, () => deliverNotices(registry.services)));
    expect(registry.proofs.notices).toHaveLength(5);
  });
});

describe('a country without a member', () => {
  test('gets no text message: the platform tells the person itself', async () => {
    const { sanction, deliveries } = await asked(['+819012345678']);
    expect(deliveries).toMatchObject([{ channel: 'sms', state: 'unsent' }]);
    expect(await deliver()).toEqual([]);
    expect((await state(sanction)).status).toBe(200);
  });

  test('gets them where the operator adds it, or a member is registered there', async () => {
    registry.proofs.smsCountries = [];
    const { deliveries } = await asked(['+31612345678', '+4915112345678']);
    expect(deliveries).toMatchObject([{ state: 'waiting' }, { state: 'unsent' }]);
    registry.proofs.smsCountries = ['JP'];
    expect((await asked(['+819012345678'])).deliveries).toMatchObject([{ state: 'waiting' }]);
  });
});
