import { toNumericDate } from '@recourse/protocol';
import { settleDue } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { amend, detachSubjects } from '../src/review/decision-store.ts';
import { appendEvent } from '../src/records/store.ts';
import { resultOf, startCheckRegistry, subject } from './checks-fixture.ts';
import { Copy, doctorOf, publish, publisherOf, tokenWith } from './prefixes-fixture.ts';
import { build, day, notify, submit, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());
// Whatever happened: what is counted is what the records come to.
afterEach(async () => {
  const found = await doctorOf(registry);
  if (found.length > 0) throw new Error(JSON.stringify(found));
});

/** Records something about tokens. */
const record = async (tokens: readonly string[], options: Parameters<typeof submit>[1] = {}) =>
  (await submit(registry, { subjects: tokens.map((token) => ({ token })), ...options })).id;

/** Detaches subjects, as a decision does that the database would look for. */
const detach = (sanction: string, places: readonly number[]): Promise<void> =>
  registry.ownerDb.transaction().execute(async (trx) => {
    await sql`alter table subjects disable trigger user`.execute(trx);
    await detachSubjects(trx, { sanction, places, at: registry.now() });
    await sql`alter table subjects enable trigger user`.execute(trx);
  });

const server = () => publisherOf(registry);
const now = (): Promise<Copy> => new Copy(registry).sync();

async function listed(tokens: readonly string[]): Promise<boolean[]> {
  const copy = await now();
  return tokens.map((token) => copy.has(token));
}

describe('a record is in the set', () => {
  test('from its submission, while it is held, and until it ends', async () => {
    const publisher = server();
    const token = tokenWith();
    const id = await record([token]);
    await publish(registry, publisher);
    expect((await now()).has(token)).toBe(true);
    await notify(registry, id);
    registry.advance(4 * day);
    await publish(registry, publisher);
    expect((await now()).has(token)).toBe(true);
    await withdraw(registry, id);
    await publish(registry, publisher);
    expect((await now()).has(token)).toBe(false);
  });

  test('while it is suspended', async () => {
    const token = tokenWith();
    const sanction = await record([token]);
    const since = registry.now();
    const suspension = {
      sanction,
      cause: 'key-compromised',
      since,
      until: null,
      lifted_at: null,
    } as const;
    await registry.db.insertInto('suspensions').values(suspension).execute();
    await publish(registry, server());
    expect((await now()).has(token)).toBe(true);
  });

  test('not as a draft, but once that is confirmed', async () => {
    const token = tokenWith();
    const { harbour } = registry.parties;
    const draft = await build(registry, { subjects: [{ token }] });
    const drafted = resultOf(await registry.call(harbour.trust, 'sanctions.draft', draft));
    const { sanction } = drafted as { sanction: `snc_${string}` };
    await publish(registry, server());
    expect((await now()).has(token)).toBe(false);
    resultOf(await registry.call(harbour.trust2, 'sanctions.confirm', { sanctions: [sanction] }));
    await publish(registry, server());
    expect((await now()).has(token)).toBe(true);
  });
});

describe('an ended record leaves the set', () => {
  test('but not the prefix that it shares with another, whichever of them ends', async () => {
    const head = randomBytes(4);
    const tokens = [tokenWith(head), tokenWith(head), tokenWith(head)];
    const ids = [await record(tokens.slice(0, 1)), await record(tokens.slice(1))];
    await publish(registry, server());
    await withdraw(registry, ids[0]!);
    await publish(registry, server());
    expect((await now()).has(tokens[0]!)).toBe(true);
    await withdraw(registry, ids[1]!);
    await publish(registry, server());
    expect((await now()).has(tokens[0]!)).toBe(false);
  });

  test('although it was erased before anybody looked', async () => {
    const token = tokenWith();
    const id = await record([token]);
    await publish(registry, server());
    await withdraw(registry, id);
    await sql`select take_case(${id}, ${registry.now()}, sha256('leaf'))`.execute(registry.ownerDb);
    await publish(registry, server());
    expect((await now()).has(token)).toBe(false);
  });

  test('with a subject that was detached, and keeps the others', async () => {
    const tokens = [tokenWith(), tokenWith()];
    const sanction = await record(tokens);
    await publish(registry, server());
    await detach(sanction, [0]);
    await publish(registry, server());
    const copy = await now();
    expect(tokens.map((token) => copy.has(token))).toEqual([false, true]);
  });

  test('with an amendment that shortened its life', async () => {
    const token = tokenWith();
    const sanction = await record([token]);
    await publish(registry, server());
    const until = new Date(registry.now().getTime() + day * 1_000);
    await registry.db.transaction().execute(async (trx) => {
      await amend(trx, sanction, { until, artefact: 'signed' });
      await appendEvent(trx, { sanction, version: 2, event: 'amended', at: registry.now() });
    });
    await publish(registry, server());
    expect((await now()).has(token)).toBe(true);
    registry.advance(day);
    await publish(registry, server());
    expect((await now()).has(token)).toBe(false);
  });

  test('by time alone, before anybody writes that down, and once', async () => {
    const head = randomBytes(4);
    const tokens = [tokenWith(head), tokenWith()];
    const exp = toNumericDate(registry.now()) + 40 * day;
    await record(tokens, { statement: { exp } });
    // Another record keeps one of the prefixes.
    await notify(registry, await record([tokenWith(head)]));
    await publish(registry, server());
    registry.advance(40 * day);
    await publish(registry, server());
    expect(await listed(tokens)).toEqual([true, false]);
    await settleDue(registry.services);
    await publish(registry, server());
    expect(await listed(tokens)).toEqual([true, false]);
  });

  test('with a number whose 12 months are over, and keeps the domain beside it', async () => {
    const subjects = [subject('phone'), subject('domain')];
    const exp = toNumericDate(registry.now()) + 600 * day;
    await submit(registry, { statement: { exp, gravity: 'repeat' }, subjects });
    const tokens = subjects.map(({ token }) => token!);
    await publish(registry, server());
    expect(await listed(tokens)).toEqual([true, true]);
    registry.advance(366 * day);
    await publish(registry, server());
    expect(await listed(tokens)).toEqual([false, true]);
  });
});

test('a set of more tokens than it may have is not published, and the error says so', async () => {
  await record([tokenWith()]);
  await publish(registry, server());
  const setTokens = (tokens: number) =>
    registry.ownerDb.updateTable('prefix_sets').set({ tokens }).execute();
  const { tokens } = await registry.db
    .selectFrom('prefix_sets')
    .select('tokens')
    .executeTakeFirstOrThrow();
  const { version } = (await now()).header!;
  await setTokens(2 ** 26);
  await record([tokenWith()]);
  await expect(publish(registry, server())).rejects.toMatchObject({ code: 'prefixes-too-many' });
  expect((await now()).header!.version).toBe(version);
  await setTokens(tokens);
  await publish(registry, server());
  expect((await now()).header!.version).toBe(version + 1);
});
