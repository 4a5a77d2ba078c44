import { caseKey } from '@recourse/protocol';
import type { NewsMail } from '@recourse/registry';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mailNews } from '../src/cases/mail-news.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
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
import { findClaimant } from '../src/review/claimant-store.ts';
import { problem, sqlState, withdraw } from './sanctions-harness.ts';
import { withdrawSigned } from './signing-keys.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());
beforeEach(() => {
  registry.proofs.broken = false;
  registry.proofs.available = true;
});

const hour = 3600;
const day = 24 * hour;

let count = 0;
const anAddress = (): string => `creator${++count}@mail.example`;

/** Leaves an address with a key; the code that was mailed to it. */
async function leave(key: string, email: string, language = 'en'): Promise<string> {
  resultOf(await registry.caseCall('case.setContact', { key, email, language }));
  const mail = registry.proofs.mails.at(-1)!;
  expect(mail).toMatchObject({ to: email, language, about: 'contact' });
  return mail.code;
}

const confirm = async (key: string, code: string) =>
  resultOf(await registry.caseCall('case.confirmContact', { key, code }));

async function confirmed(email: string): Promise<{ key: string; sanction: string }> {
  const { code, sanction } = await newCase(registry);
  const key = await claim(registry, code);
  expect(await confirm(key, await leave(key, email))).toEqual({ confirmed: true, triesLeft: 5 });
  return { key, sanction };
}

const appeal = async (key: string): Promise<void> =>
  void resultOf(await registry.caseCall('case.appeal', { key, ...appealInput }));

/** Mails to one address since the registry started. */
async function told(email: string) {
  await mailNews(registry.services);
  return registry.proofs.news.filter(({ to }) => to === email);
}

const contactIn = async (key: string) => resultOf(await open(registry, key)).case.contact;

const endRecord = async (sanction: string): Promise<void> => {
  const answer = await withdraw(registry, sanction);
  if (answer.status !== 200) throw new Error(answer.raw.body);
};

describe('an address that was left with a case', () => {
  test('hears nothing but its code before its owner has handed that in', async () => {
    const email = anAddress();
    const { code } = await newCase(registry);
    const key = await claim(registry, code);
    await leave(key, email);
    await appeal(key);
    registry.advance(2 * hour);
    expect(await told(email)).toEqual([]);
    expect(await contactIn(key)).toMatchObject({ state: 'unconfirmed' });
  });

  test('hears once that there is news, in its language, whatever happened since', async () => {
    const email = anAddress();
    const { code } = await newCase(registry);
    const key = await claim(registry, code);
    await confirm(key, await leave(key, email, 'de'));
    expect(await told(email)).toEqual([]);
    await appeal(key);
    resultOf(await withdrawSigned(registry, key));
    expect(await told(email)).toEqual([
      { to: email, language: 'de', stop: expect.stringMatching(/^[0-9a-z]{4}(-[0-9a-z]{4}){7}$/) },
    ]);
    registry.advance(2 * hour);
    expect(await told(email)).toHaveLength(1);
  });

  test('is mailed once an hour at most', async () => {
    const email = anAddress();
    const { key } = await confirmed(email);
    await appeal(key);
    expect(await told(email)).toHaveLength(1);
    resultOf(await withdrawSigned(registry, key));
    expect(await told(email)).toHaveLength(1);
    registry.advance(hour);
    expect(await told(email)).toHaveLength(2);
  });

  test('is told again, later and later, where the mail server refused', async () => {
    const email = anAddress();
    const { key } = await confirmed(email);
    await appeal(key);
    registry.proofs.broken = true;
    expect(await mailNews(registry.services)).toMatchObject({ mailed: 0 });
    expect(await contactIn(key)).toMatchObject({ state: 'confirmed', failing: true });
    registry.proofs.broken = false;
    expect(await told(email)).toEqual([]);
    registry.advance(11 * 60);
    expect(await told(email)).toHaveLength(1);
    expect(await contactIn(key)).toMatchObject({ failing: false });
  });

  test('keeps nobody else waiting where it cannot be reached', async () => {
    const [bad, good] = [anAddress(), anAddress()];
    const [first, second] = [await confirmed(bad), await confirmed(good)];
    await appeal(first.key);
    await appeal(second.key);
    const news = {
      available: true,
      mailNews: async (mail: Parameters<NewsMail['mailNews']>[0]) => {
        if (mail.to === bad) throw new Error('550');
        await registry.proofs.mailNews(mail);
      },
    };
    await mailNews({ ...registry.services, clock: () => registry.now(), news });
    expect(registry.proofs.news.filter(({ to }) => to === good)).toHaveLength(1);
    await mailNews(registry.services);
    expect(registry.proofs.news.filter(({ to }) => to === bad)).toEqual([]);
  });

  test('is forgotten at the fifth wrong code', async () => {
    const { code } = await newCase(registry);
    const key = await claim(registry, code);
    const right = await leave(key, anAddress());
    for (const triesLeft of [4, 3, 2, 1, 0]) {
      expect(await confirm(key, 'AAAAAAAAAA')).toEqual({ confirmed: false, triesLeft });
    }
    const late = await registry.caseCall('case.confirmContact', { key, code: right });
    expect(problem(late)).toEqual(['state-conflict', 'no-contact']);
  });

  test('is forgotten where a day passes without its code', async () => {
    const { code, sanction } = await newCase(registry);
    const key = await claim(registry, code);
    const right = await leave(key, anAddress());
    registry.advance(day);
    expect(await contactIn(key)).toBeUndefined();
    await settleDue(registry.services);
    expect(await rowsOf(sanction)).toBe(0);
    const late = await registry.caseCall('case.confirmContact', { key, code: right });
    expect(problem(late)).toEqual(['state-conflict', 'no-contact']);
  });

  test('gives way to another one, whose code is another', async () => {
    const { code, sanction } = await newCase(registry);
    const key = await claim(registry, code);
    const first = await leave(key, anAddress());
    const second = await leave(key, anAddress());
    expect(await confirm(key, first)).toMatchObject({ confirmed: false });
    expect(await confirm(key, second)).toMatchObject({ confirmed: true });
    expect(await rowsOf(sanction)).toBe(1);
  });

  test('is taken back by its owner, with the key of the case, or by the code of a mail', async () => {
    const email = anAddress();
    const { key, sanction } = await confirmed(email);
    expect(resultOf(await registry.caseCall('case.removeContact', { key }))).toEqual({
      removed: true,
    });
    expect(await rowsOf(sanction)).toBe(0);
    await confirm(key, await leave(key, email));
    await appeal(key);
    const [{ stop } = { stop: '' }] = await told(email);
    const stopping = await registry.caseCall('case.stopContact', { code: stop });
    expect(resultOf(stopping)).toEqual({ stopped: true });
    expect(await rowsOf(sanction)).toBe(0);
    const again = await registry.caseCall('case.stopContact', { code: stop });
    expect([again.status, again.guessed]).toEqual([404, true]);
  });

  test('is told of the end, and erased when the case closes', async () => {
    const email = anAddress();
    const { key, sanction } = await confirmed(email);
    await endRecord(sanction);
    expect(await contactIn(key)).toBeUndefined();
    await settleDue(registry.services);
    expect(await rowsOf(sanction)).toBe(1);
    expect(await told(email)).toHaveLength(1);
    await settleDue(registry.services);
    expect(await rowsOf(sanction)).toBe(0);
    const late = await registry.caseCall('case.setContact', { key, email, language: 'en' });
    expect(problem(late)).toEqual(['state-conflict', 'case-closed']);
  });

  test('is erased three days after the end also where no mail could be sent', async () => {
    const { sanction } = await confirmed(anAddress());
    await endRecord(sanction);
    registry.advance(3 * day);
    await settleDue(registry.services);
    expect(await rowsOf(sanction)).toBe(0);
  });

  test('stays with whoever replaces the key', async () => {
    const email = anAddress();
    const { key } = await confirmed(email);
    const newKey = newSecret();
    resultOf(await registry.caseCall('case.rotate', { key, newKey }));
    await appeal(newKey);
    expect(await told(email)).toHaveLength(1);
  });

  test('is left by every claimant, by nobody with a code alone, and not where nothing can be mailed', async () => {
    const { code } = await caseAbout(registry, [['email', anAddress()]]);
    const email = `creator${count}@mail.example`;
    const { newKey } = await findByEmail(registry, email);
    const leaving = (key: string) =>
      registry.caseCall('case.setContact', { key, email, language: 'en' });
    resultOf(await leaving(`${newKey}.1`));
    expect(problem(await leaving(code))).toEqual(['state-conflict', 'claim-first']);
    const key = await claim(registry, code);
    registry.proofs.available = false;
    expect(problem(await leaving(key))).toEqual(['state-conflict', 'no-mail']);
  });

  test('is in no table in clear, and read whole by nobody', async () => {
    const email = anAddress();
    const { key, sanction } = await confirmed(email);
    expect(await contactIn(key)).toMatchObject({ address: 'c…@mail.example', state: 'confirmed' });
    const { rows } = await sql<{ found: boolean }>`
      select exists (select from case_contacts c where c.sanction = ${sanction}
        and (position(${email}::bytea in address) > 0 or to_jsonb(c)::text like ${`%${email}%`})) as found`.execute(
      registry.ownerDb,
    );
    expect(rows).toEqual([{ found: false }]);
  });

  test('is mailed nothing by the database before its confirmation, whoever writes the row', async () => {
    const { code, sanction } = await newCase(registry);
    const key = await claim(registry, code);
    await leave(key, anAddress());
    const { id } = (await findClaimant(registry.db, caseKey(key)))!;
    const mailed = registry.db
      .updateTable('case_contacts')
      .set({ mailed_at: registry.now() })
      .where('claimant', '=', id)
      .execute();
    expect(await sqlState(mailed)).toBe('23514');
    const late = registry.db
      .updateTable('case_contacts')
      .set({ confirmed_at: new Date(registry.now().getTime() + 2 * day * 1000) })
      .where('sanction', '=', sanction)
      .execute();
    expect(await sqlState(late)).toBe('23514');
  });
});

async function rowsOf(sanction: string): Promise<number> {
  const rows = await registry.db
    .selectFrom('case_contacts')
    .select('claimant')
    .where('sanction', '=', sanction)
    .execute();
  return rows.length;
}
