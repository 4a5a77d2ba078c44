import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { movedDays } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const client = path('docs/examples/call_recourse.py');
const hasPython = spawnSync('python3', ['--version']).status === 0;

// Python keeps the time of the machine, also in a run that moves its clock.
describe.skipIf(!hasPython || movedDays !== 0)(
  'a client made from the page alone, in another language',
  () => {
    let home: TestHome;
    let server: TestServer;
    let proxy: Server;
    /** What happens to an answer on its way */
    let change: (answer: string) => string;

    beforeAll(async () => {
      home = await newHome();
      server = await home.start();
      proxy = createServer((request, response) => void pass(request, response));
      proxy.listen(0, '127.0.0.1');
      await once(proxy, 'listening');
    });
    afterAll(async () => {
      proxy.close();
      await home.close();
    });

    async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const { url = '/' } = request;
      const body = await text(request);
      const type = { 'Content-Type': 'application/jose' };
      const answer = await (url.startsWith('/call/')
        ? server.post(url, body, { headers: type })
        : server.get(url));
      const receipt = answer.headers['recourse-receipt'];
      response.writeHead(answer.status, receipt ? { 'Recourse-Receipt': receipt } : {});
      response.end(url.startsWith('/call/') ? change(answer.text) : answer.text);
    }

    async function run(...args: string[]): Promise<{ status: number; said: string }> {
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const flags = ['--sandbox', home.dataDir, '--url', url, '--as', 'Tubely'];
      const child = spawn('python3', [client, ...flags, ...args]);
      const [said, errors, [status]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close') as Promise<[number]>,
      ]);
      return { status, said: said + errors };
    }

    test('signs what the vectors say', () => {
      const { given, expected } = JSON.parse(
        readFileSync(path('packages/protocol/vectors/call.json'), 'utf8'),
      ) as { given: { privateJwk: { d: string } }; expected: Record<string, string> };
      const script =
        'import sys; from call_recourse import *; print(to_base64url(sign(from_base64url(sys.argv[1]), sys.argv[2].encode())))';
      const { stdout } = spawnSync(
        'python3',
        ['-B', '-c', script, given.privateJwk.d, expected['signing-input']!],
        { cwd: path('docs/examples'), encoding: 'utf8' },
      );
      expect(stdout.trim()).toBe(expected['signature']);
    });

    test('makes a call, and verifies the receipt down to the key of the log', async () => {
      change = (answer) => answer;
      const { status, said } = await run('recalls.list', '{}');
      expect([status, JSON.parse(said)]).toEqual([0, { recalls: [] }]);
    });

    test('verifies the receipt of a refusal', async () => {
      change = (answer) => answer;
      const { status, said } = await run('registry.stats', '{}');
      expect([status, JSON.parse(said).status]).toEqual([1, 403]);
    });

    test('believes no answer that was changed on its way', async () => {
      change = (answer) => answer.replace('"recalls":[]', '"recalls":[ ]');
      const { status, said } = await run('recalls.list', '{}');
      expect([status, said]).toEqual([3, expect.stringContaining('receipt of another answer')]);
    });

    test('believes no log key but the one that it pins', async () => {
      change = (answer) => answer;
      const other = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';
      const { status, said } = await run('--log-key', other, 'recalls.list', '{}');
      expect([status, said]).toEqual([3, expect.stringContaining('not the pinned one')]);
    });
  },
);
