import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseCopies } from './copy-database.ts';
import { codeOf } from './run-server.ts';
import type { TestWitness } from './test-witness.ts';
import {
  grown,
  newWitnessedHome,
  servedSize,
  witnessedSize,
  type StartedHome,
  type WitnessedHome,
} from './witnessed-home.ts';

let witnessed: WitnessedHome;
let a: TestWitness;
let b: TestWitness;
let c: TestWitness;
let seen: { size: number; root: Uint8Array };
const copies = new DatabaseCopies();
const dirs: string[] = [];
beforeAll(async () => {
  witnessed = await newWitnessedHome();
  [a, b, c] = witnessed.witnesses;
});
afterAll(async () => {
  await witnessed.close();
  await copies.drop();
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

/** Each test begins with three witnesses that have seen the same. */
let started: StartedHome | undefined;
beforeEach(async () => {
  const { server } = await witnessed.start();
  await grown(server);
  await server.stop();
  seen = a.latest!;
  for (const witness of [b, c]) witness.remember(seen);
});
afterEach(async () => {
  await started?.server.stop();
  started = undefined;
  for (const witness of [a, b, c]) {
    witness.remember(seen);
    await witness.up();
  }
});

const larger = () => ({ size: seen.size + 1_000, root: seen.root });
const other = () => ({ size: seen.size, root: new Uint8Array(32).fill(7) });

async function start(env: Record<string, string> = {}): Promise<StartedHome> {
  started = await witnessed.start(env);
  return started;
}

/** Why it recovers, said once; what is owed is answered, and nothing else. */
async function recovery({ server, said }: StartedHome): Promise<string | undefined> {
  const [line = '', ...more] = said.filter((one) => one.startsWith('RECOVERING'));
  expect(more).toEqual([]);
  const key = server.party('Harbour', 'service');
  const refused = await server.call(key, 'sanctions.list', {});
  expect([refused.status, codeOf(refused)]).toEqual([503, 'recovering']);
  expect((await server.call(key, 'recalls.list', {})).status).toBe(200);
  return /\(([a-z-]+)\)/.exec(line)?.[1];
}

/** The data directory without what was signed last. */
function withoutCheckpoint(): string {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-restored-'));
  dirs.push(dir);
  cpSync(witnessed.home.dataDir, dir, { recursive: true });
  rmSync(join(dir, 'checkpoint'));
  return dir;
}

describe('a server that starts', () => {
  test('and whose witnesses agree goes on', async () => {
    const { server, said } = await start();
    expect(await grown(server)).toBeGreaterThan(seen.size);
    expect(said.some((line) => line.includes('RECOVERING'))).toBe(false);
  });

  test('recovers when two of three have cosigned a larger ledger', async () => {
    a.remember(larger());
    c.remember(larger());
    expect(await recovery(await start())).toBe('rolled-back');
  });

  test('recovers when two of three have cosigned another history', async () => {
    a.remember(other());
    b.remember(other());
    expect(await recovery(await start())).toBe('forked');
  });

  test('goes on when one of three disagrees, whatever it says', async () => {
    for (const memory of [larger(), other()]) {
      b.remember(memory);
      const { server, said } = await start();
      const before = await servedSize(server);
      expect(await grown(server)).toBeGreaterThan(before);
      expect(said.some((line) => line.includes('RECOVERING'))).toBe(false);
      expect(said.some((line) => line.includes('Witness b.example/witness'))).toBe(true);
      await server.stop();
    }
  });

  test('goes on when none can be reached, and serves what they cosigned last', async () => {
    for (const witness of [a, b, c]) await witness.down();
    const { server, said } = await start();
    expect(await witnessedSize(server)).toBe(seen.size);
    expect(said.some((line) => line.includes('RECOVERING'))).toBe(false);
  });

  test('goes on within seconds when they only hold the line', async () => {
    const msUntilReady = async (): Promise<number> => {
      const began = performance.now();
      const { server } = await start();
      expect((await server.get('/readyz')).status).toBe(200);
      const took = performance.now() - began;
      await server.stop();
      return took;
    };
    const alone = await msUntilReady();
    for (const witness of [a, b, c]) witness.answer = () => undefined;
    // All three are given five seconds, at once.
    expect(await msUntilReady()).toBeLessThan(14_000 + 3 * alone);
    for (const witness of [a, b, c]) witness.answer = undefined;
  });

  test('on an old copy of the database, with no checkpoint outside, is told by two that are alive', async () => {
    const old = await copies.make(witnessed.home.database);
    const { server } = await witnessed.start();
    await grown(server);
    await server.stop();
    seen = a.latest!;
    await c.down();
    const started = await start({ ...old, RECOURSE_DATA_DIR: withoutCheckpoint() });
    expect(await recovery(started)).toBe('rolled-back');
  });

  test('and by one alone it is not', async () => {
    const old = await copies.make(witnessed.home.database);
    const { server } = await witnessed.start();
    await grown(server);
    await server.stop();
    seen = a.latest!;
    await b.down();
    await c.down();
    const { said } = await start({ ...old, RECOURSE_DATA_DIR: withoutCheckpoint() });
    expect(said.some((line) => line.includes('RECOVERING'))).toBe(false);
    expect(
      said.some((line) => line.includes('a.example/witness') && line.includes('rolled-back')),
    ).toBe(true);
  });
});
