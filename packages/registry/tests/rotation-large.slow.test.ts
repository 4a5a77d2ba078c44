import { toNumericDate, type Id, type OpOutput } from '@recourse/protocol';
import { random32, testId, type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { caseOf } from '../src/vault/case-key-store.ts';
import { placeOf } from '../src/vault/vault.ts';
import { lockSanction, subjectsOf } from '../src/records/store.ts';
import { insertTokens } from '../src/lookup/epochs/store.ts';
import { ask, list, openCheck, resultOf, subject } from './checks-fixture.ts';
import { RotatingRegistry, tokenOf } from './rotation-fixture.ts';

/** Live records, one identifier each. All of 100,000: `RECOURSE_ROTATED_TOKENS=100000`, for some minutes. */
const records = Number(process.env['RECOURSE_ROTATED_TOKENS'] ?? 500);
/** Of these by signed calls; the others by what a call does to the database, without its signature and its rules. */
const byCalls = Math.min(200, records / 10);
/** Creators that one check is about: it evaluates eight, and two epochs are live at times. */
const asked = 4;

vi.setConfig({ testTimeout: 3_600_000, hookTimeout: 3_600_000 });

let rotating: RotatingRegistry;
let registry: TestRegistry;
let listed: { readonly sanction: string; readonly domain: string }[];

beforeAll(async () => {
  rotating = await RotatingRegistry.start();
  registry = rotating.registry;
  await registry.ownerDb.updateTable('parties').set({ elements_per_day: 10_000_000 }).execute();
  listed = await loadRecords();
});
afterAll(() => registry.close());

/** Copies of one real record, each about a domain of its own, with its own real token. */
async function loadRecords() {
  const { db } = registry;
  const { harbour } = registry.parties;
  const { vault } = registry.services;
  const salt = random32();
  const first = { domain: 'listed-0.example', sanction: '' };
  first.sanction = await list(registry, harbour, {
    subjects: [subject('domain', { token: tokenOf(1, first.domain) })],
  });
  const copies = Array.from({ length: records - 1 }, (_, n) => ({
    sanction: testId('snc', registry.now()) as string,
    domain: `listed-${n + 1}.example`,
  }));
  for (let at = 0; at < copies.length; at += 1000) {
    const some = copies.slice(at, at + 1000);
    const ids = some.map(({ sanction }) => sanction);
    const sealed = some.map(({ sanction, domain }) => {
      const token = tokenOf(1, domain);
      const { key, wrapped } = vault.createCase(sanction);
      const place = placeOf('subjects.sealed', { sanction, position: 0, epoch: 1 });
      return { lookup: vault.lookup(token), wrapped, token: key.sealJson({ salt, token }, place) };
    });
    const column = (name: 'lookup' | 'wrapped' | 'token') =>
      sealed.map((row) => Buffer.from(row[name]).toString('hex'));
    await registry.ownerDb.transaction().execute(async (trx) => {
      await sql`insert into sanctions select c.* from sanctions s, unnest(${ids}::text[]) as n(id),
        jsonb_populate_record(s, jsonb_build_object('id', n.id, 'statement', 'copied', 'proof', null)) as c
        where s.id = ${first.sanction}`.execute(trx);
      await sql`insert into case_keys select n.id, decode(n.wrapped, 'hex')
        from unnest(${ids}::text[], ${column('wrapped')}::text[]) as n(id, wrapped)`.execute(trx);
      await sql`insert into notice_deliveries select c.*
        from notice_deliveries d, unnest(${ids}::text[]) as n(id),
        jsonb_populate_record(d, jsonb_build_object('sanction', n.id, 'message', null)) as c
        where d.sanction = ${first.sanction}`.execute(trx);
      await sql`insert into subjects select c.* from subjects u,
        unnest(${ids}::text[], ${column('lookup')}::text[], ${column('token')}::text[])
          as n(id, lookup, sealed),
        jsonb_populate_record(u, jsonb_build_object(
          'sanction', n.id, 'lookup', '\\x' || n.lookup, 'sealed', '\\x' || n.sealed)) as c
        where u.sanction = ${first.sanction}`.execute(trx);
    });
  }
  await sql`analyze sanctions, subjects`.execute(registry.ownerDb);
  expect(await db.selectFrom('subjects').select('lookup').execute()).toHaveLength(records);
  return [first, ...copies];
}

/** Asks about listed creators, at random, for as long as it is told to; what it did not find, it keeps. */
class Asker {
  readonly missed: string[] = [];
  asked = 0;
  #isOver = false;
  readonly #by: TestPlatform;
  readonly #running: Promise<void>;

  constructor(by: TestPlatform) {
    this.#by = by;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  /** At least this many more, as things are now. */
  async askMore(n: number): Promise<void> {
    const until = this.asked + n;
    const pause = () => new Promise((done) => setTimeout(done, 20));
    while (this.asked < until) await Promise.race([pause(), this.#running.then(over)]);
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const some = Array.from(
        { length: asked },
        () => listed[Math.floor(Math.random() * records)]!,
      );
      const found = await this.#find(some.map(({ domain }) => domain));
      // An epoch closed meanwhile: it asks again, as the SDK does.
      if (!found) continue;
      this.missed.push(...some.map(({ sanction }) => sanction).filter((id) => !found.has(id)));
      this.asked += some.length;
      // Others of this machine work, too.
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  async #find(domains: readonly string[]): Promise<Set<string> | undefined> {
    const live = registry.services.tokens.epochs();
    const tokens = live.flatMap(({ epoch }) =>
      domains.map((domain) => ({ epoch, token: tokenOf(epoch, domain) })),
    );
    const check = await openCheck(registry, this.#by, 'safety-review').catch(passed);
    if (check === undefined) return undefined;
    const answer = await ask(registry, this.#by, { check, tokens });
    if (hasPassed(answer.raw.body)) return undefined;
    const { matches } = resultOf(answer) as OpOutput<'checks.match'>;
    return new Set(matches.map(({ sanction }) => sanction));
  }
}

/**
 * The clock was moved between an evaluation and its question: to the other side of a closing, or beyond the check; or
 * within a call, beyond the time in which it may be committed.
 */
const hasPassed = (body: string): boolean =>
  /unknown-epoch|not-found|clock-skew|overloaded/.test(body);

function passed(error: Error): undefined {
  if (!hasPassed(error.message)) throw error;
}

async function retokeniseByCalls(): Promise<Set<string>> {
  const { harbour } = registry.parties;
  const domains = new Map(listed.map(({ sanction, domain }) => [sanction, domain]));
  const done = new Set<string>();
  while (done.size < byCalls) {
    const owed = await rotating.owed(harbour);
    for (const { sanction } of owed.sanctions) {
      const domain = domains.get(sanction) ?? '';
      resultOf(await rotating.retokenise(harbour, sanction, [domain], { owed }));
      done.add(sanction);
    }
  }
  return done;
}

function over(): never {
  throw new Error('nobody asks any more');
}

async function retokeniseByStore(done: ReadonlySet<string>): Promise<void> {
  const { db, vault } = registry.services;
  const left = listed.filter(({ sanction }) => !done.has(sanction));
  const worker = async (): Promise<void> => {
    for (let next = left.pop(); next; next = left.pop()) {
      const { sanction, domain } = next;
      await db.transaction().execute(async (trx) => {
        await lockSanction(trx, sanction);
        const [held] = await subjectsOf(trx, sanction);
        const token = tokenOf(2, domain);
        const { caseKey } = (await caseOf({ db: trx, services: registry.services }, sanction))!;
        const place = placeOf('subjects.sealed', { sanction, position: 0, epoch: 2 });
        const sealed = caseKey.sealJson({ salt: random32(), token }, place);
        const lookup = vault.lookup(token);
        await insertTokens(trx, {
          sanction,
          epoch: 2,
          at: registry.now(),
          artefact: 'the.signed.update',
          commitments: Array.from({ length: 8 }, random32),
          subjects: [{ ...held!, sanction, epoch: 2, lookup, sealed }],
        });
      });
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

test('no listed creator is missed while the key is rotated under checks', async () => {
  const { tubely, market } = registry.parties;
  const askers = [new Asker(tubely), new Asker(market)];
  const askMore = () => Promise.all(askers.map((asker) => asker.askMore(2 * asked)));
  await askMore();
  await rotating.open();
  await askMore();
  const done = await retokeniseByCalls();
  await askMore();
  await retokeniseByStore(done);
  await askMore();
  rotating.close();
  expect(registry.services.tokens.epochs().map(({ epoch }) => epoch)).toEqual([2]);
  await askMore();
  await Promise.all(askers.map((asker) => asker.stop()));
  expect(askers.flatMap(({ missed }) => missed)).toEqual([]);
  expect((await rotating.owed(registry.parties.harbour)).sanctions).toEqual([]);
  const sums = askers.reduce((sum, asker) => sum + asker.asked, 0);
  expect(sums).toBeGreaterThanOrEqual(20 * asked);
});

test('an asker that is told of nothing would have been heard of', async () => {
  const missing = { sanction: testId('snc', registry.now()), domain: 'never-listed.example' };
  const before = listed;
  listed = Array.from({ length: records }, () => missing);
  const asker = new Asker(registry.parties.tubely);
  await asker.askMore(asked);
  await asker.stop();
  listed = before;
  expect(new Set(asker.missed)).toEqual(new Set<string>([missing.sanction satisfies Id<'snc'>]));
  expect(toNumericDate(registry.now())).toBeGreaterThan(0);
});
