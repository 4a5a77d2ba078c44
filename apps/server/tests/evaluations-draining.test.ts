import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { blind, ready } from '@recourse/blind';
import { toBase64url, utf8 } from '@recourse/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newHome, TestServer, type TestHome } from './run-server.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let home: TestHome;
beforeEach(async () => {
  home = await newHome();
});
afterEach(() => home.close());

const main = join(import.meta.dirname, '../src/main.ts');

test('SIGTERM cuts no evaluation that was accepted, and accepts no other', async () => {
  await ready();
  const env = await home.environment();
  const child = spawn(process.execPath, ['--conditions=@recourse/source', main], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await new Promise<void>((isReady) => {
    child.stdout.on('data', (text) => String(text).includes('is ready at') && isReady());
  });
  const url = `http://127.0.0.1:${env['RECOURSE_PORT']}`;
  const origin = env['RECOURSE_ORIGIN'] ?? '';
  const client = new TestServer({ url, origin, stop: async () => undefined }, home.dataDir);
  const key = client.party('Tubely', 'service');
  const inputs = Array.from({ length: 64 }, (_, n) => utf8(`somebody-${n}`));
  const blinded = blind(inputs).blinded.map(toBase64url);
  const input = { purpose: 'monetisation', epochs: [1], blinded };
  const evaluate = () =>
    client.call(key, 'checks.evaluate', input).then(
      ({ status, body }) => ({ status, elements: body.result?.evaluated[0].elements.length }),
      (error: { code?: string }) => ({ status: error.code, elements: undefined }),
    );
  const asked = Array.from({ length: 24 }, evaluate);
  await Promise.race(asked);
  child.kill('SIGTERM');
  const answers = await Promise.all(asked);
  // A signal takes its time to arrive on a busy machine; what is accepted meanwhile is answered whole.
  let later = await evaluate();
  while (later.status === 200) later = await evaluate();
  expect((await exited)[0]).toBe(0);
  const refused = [503, 'ECONNREFUSED', 'ECONNRESET'];
  for (const { status, elements } of [...answers, later]) {
    expect(status === 200 ? elements : refused.includes(status ?? '')).toEqual(
      status === 200 ? 64 : true,
    );
  }
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(1);
});
