import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recourse } from '../src/index.ts';
import { evaluateTokens } from '../src/checks/tokens.ts';
import { RegistryHttp } from './registry-http.ts';
import { recordScam } from './scam.ts';

let http: RegistryHttp;
let asker: Recourse;
beforeAll(async () => {
  http = await RegistryHttp.start();
  const { registry } = http;
  asker = http.connectAs(registry.parties.tubely);
  await recordScam(http, http.connectAs(registry.parties.harbour), listed);
  // The set that the asker holds has it.
  await asker.prefixes.renew();
});
afterAll(() => http.registry.close());

const pairs = 25;
const listed = 'creator@example.com';

const signup = (settleAfterMs?: number) =>
  ({ purpose: 'signup', provenAt: http.registry.now(), settleAfterMs }) as const;

/** Milliseconds of a check, as whoever fills in the form measures them. */
async function timeOf(email: string, settleAfterMs?: number): Promise<number> {
  const begun = performance.now();
  await asker.check({ email }, signup(settleAfterMs));
  return performance.now() - begun;
}

/** Pairs of one listed and one unlisted, all at once, so that what else the machine does is the same for both. */
async function timesOf(name: string, settleAfterMs?: number) {
  const times = await Promise.all(
    Array.from({ length: pairs }, async (_, pair) => {
      const unlisted = (): Promise<number> => timeOf(`${name}-${pair}@example.com`, settleAfterMs);
      if (pair % 2 === 0) return Promise.all([timeOf(listed, settleAfterMs), unlisted()]);
      const other = unlisted();
      return Promise.all([timeOf(listed, settleAfterMs), other]);
    }),
  );
  return { listed: times.map(([took]) => took), unlisted: times.map(([, took]) => took) };
}

/** How often of all pairs the listed one took longer: 0.5 where nothing can be told, 1 where everything can. */
function toldApart({ listed: a, unlisted: b }: Awaited<ReturnType<typeof timesOf>>): number {
  const longer = a.flatMap((x) => b.map((y) => (x > y ? 1 : x === y ? 0.5 : 0)));
  return longer.reduce<number>((sum, one) => sum + one, 0) / longer.length;
}

describe('a signup form tells nothing', () => {
  // Of 25 pairs: where nothing can be told, 0.85 is 4.3 deviations away; without the control it is 0.9 and more.
  it('by the time of its answer, which without the control tells nearly everything', async () => {
    http.delayMs = 300;
    await timesOf('warm');
    const open = await timesOf('open');
    expect(toldApart(open)).toBeGreaterThan(0.9);
    const slowest = Math.max(...open.listed, ...open.unlisted);
    const settled = await timesOf('settled', Math.ceil(4 * slowest));
    http.delayMs = 0;
    expect(toldApart(settled)).toBeGreaterThan(0.15);
    expect(toldApart(settled)).toBeLessThan(0.85);
    expect(Math.min(...settled.listed, ...settled.unlisted)).toBeGreaterThanOrEqual(3 * slowest);
  }, 300_000);

  it('by the size of a match: it is the same with a record and without', async () => {
    const always = http.connectAs(http.registry.parties.tubely, { prefixes: 'always-match' });
    http.answers.length = 0;
    await always.check({ email: listed }, signup());
    await always.check({ email: 'nobody@example.com' }, signup());
    const sizes = http.answers.filter(({ op }) => op === 'checks.match').map(({ bytes }) => bytes);
    expect(sizes).toHaveLength(2);
    expect(new Set(sizes).size).toBe(1);
  });
});

it('of people without a record the registry keeps no token, also of those it was asked about', async () => {
  const always = http.connectAs(http.registry.parties.tubely, { prefixes: 'always-match' });
  const strangers = Array.from({ length: 20 }, (_, i) => `stranger-${i}@example.com`);
  for (const email of strangers) {
    expect(await always.check({ email }, signup())).toMatchObject({ from: 'registry' });
  }
  const rows = await everyRow();
  // Of a record it keeps what it finds it by, once; of the others neither that nor the token.
  expect(keptOf(rows, await tokensOf([listed]))).toEqual(['found by']);
  expect(keptOf(rows, await tokensOf(strangers))).toEqual([]);
}, 120_000);

/** What a dump has of tokens, which writes bytes as hexadecimal digits. */
function keptOf(dump: string, tokens: readonly string[]): string[] {
  const { vault } = http.registry.services;
  return tokens.flatMap((token) => [
    ...(dump.includes(token) ? ['as text'] : []),
    ...(dump.includes(Buffer.from(token, 'base64url').toString('hex')) ? ['as bytes'] : []),
    ...(dump.includes(vault.lookup(token).toString('hex')) ? ['found by'] : []),
  ]);
}

async function tokensOf(emails: readonly string[]): Promise<string[]> {
  const identifiers = emails.map((value) => ({ kind: 'email' as const, value, path: '' }));
  const { tokens } = await evaluateTokens(asker.session, { identifiers, purpose: 'safety-review' });
  return tokens.map(({ token }) => token);
}

/** Every table of the registry as text, read by the owner of the schema. */
async function everyRow(): Promise<string> {
  const { ownerDb } = http.registry;
  const { rows } = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`.execute(ownerDb);
  expect(rows.length).toBeGreaterThan(20);
  const texts = await Promise.all(
    rows.map(async ({ name }) => {
      const table = await sql<{ text: string | null }>`
        select string_agg(t::text, ' ') as text from ${sql.raw(name)} t`.execute(ownerDb);
      return table.rows[0]?.text ?? '';
    }),
  );
  return texts.join('\n');
}
