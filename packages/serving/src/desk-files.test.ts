import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDesk } from './desk-files.ts';

const asked = { req: { header: () => undefined } };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'recourse-desk-'));
  mkdirSync(join(dir, 'assets'));
  writeFileSync(join(dir, 'index.html'), '<meta content="production" />');
  writeFileSync(join(dir, 'assets', 'main-abc.js'), 'run()');
  writeFileSync(join(dir, 'assets', 'tokens.worker-abc.js'), 'run()');
  writeFileSync(join(dir, 'sources'), 'what it was built of');
});
afterAll(() => rmSync(dir, { recursive: true }));

const policyOf = async (address: string): Promise<string | null | undefined> =>
  (await readDesk(dir, 'production').get(address)?.answer(asked))?.headers.get(
    'content-security-policy',
  );

test('WebAssembly runs in the worker, and in no page', async () => {
  expect(await policyOf('/desk/assets/tokens.worker-abc.js')).toContain("'wasm-unsafe-eval'");
  for (const address of ['/desk/', '/desk/assets/main-abc.js']) {
    expect(await policyOf(address)).not.toMatch(/unsafe|https?:|\*/);
  }
});

test('the page says what it is served by', async () => {
  const page = await readDesk(dir, 'sandbox').get('/desk/')?.answer(asked);
  expect(await page?.text()).toBe('<meta content="sandbox" />');
});

test('there is what a browser reads, by one spelling, and nothing else', () => {
  expect([...readDesk(dir, 'sandbox').keys()].toSorted()).toEqual([
    '/desk/',
    '/desk/assets/main-abc.js',
    '/desk/assets/tokens.worker-abc.js',
    '/desk/index.html',
  ]);
  expect(readDesk(join(dir, 'nothing'), 'sandbox').size).toBe(0);
});
