import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Recourse } from '@recourse/sdk';
import { fileLedgerStore } from '@recourse/sdk/node';
import { signerFromJwk } from '@recourse/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, newHome, type TestHome, type TestServer } from './run-server.ts';
import { logInto } from './log-into.ts';

let home: TestHome;
let folder: string;
let a: TestServer;
let b: TestServer;
const lines: string[] = [];

beforeAll(async () => {
  home = await newHome();
  folder = await mkdtemp(join(tmpdir(), 'recourse-ledger-'));
  const log = logInto(lines);
  a = await home.start({}, { log });
  b = await home.start({}, { log });
});
afterAll(async () => {
  await home.close();
  await rm(folder, { recursive: true });
});

/** A connection to one of the servers; all of them share what they know of the ledger. */
async function connectedTo(server: TestServer): Promise<Recourse> {
  const { body } = await server.get('/.well-known/jwks.json');
  const { party, privateJwk } = server.party('Tubely', 'service');
  return connect({
    registry: { origin: server.origin, logKid: body.keys[0].kid, url: server.url },
    party,
    signers: { service: await signerFromJwk(privateJwk) },
    ledgerStore: fileLedgerStore(folder),
  });
}

describe('the SDK and the ledger, over sockets', () => {
  test('every call is seen in the log, and proven', async () => {
    const recourse = await connectedTo(a);
    const { receipt } = await recourse.call('sanctions.list', {});
    const proof = await recourse.ledger.proveReceipt(receipt);
    expect(proof).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex \d+\n/);
    await Promise.all(Array.from({ length: 40 }, () => recourse.call('sanctions.list', {})));
    await recourse.ledger.settle();
    expect((await recourse.ledger.newest()).size).toBeGreaterThan(1);
  }, 60_000);

  test('a checkpoint of one server is known to the other at once, and outlives the process', async () => {
    const recourse = await connectedTo(a);
    const { ledger } = recourse;
    await recourse.call('sanctions.list', {});
    await ledger.settle();
    const { size, root } = await ledger.newest();
    const next = await connectedTo(b);
    await next.call('sanctions.list', {});
    expect(next.session.ledger.checkpoint?.size).toBeGreaterThanOrEqual(size);
    const key = b.party('Tubely', 'service');
    const shown = await b.call(key, 'sanctions.list', {}, { cp: { size, root } });
    expect(shown.status).toBe(200);
  }, 60_000);

  test('a checkpoint that no server signed is refused, and the operator is told, once', async () => {
    const { ledger } = await connectedTo(a);
    const { size } = await ledger.newest();
    const cp = { size, root: 'A'.repeat(43) };
    for (let i = 0; i < 3; i++) {
      const answer = await a.call(a.party('Harbour', 'service'), 'sanctions.list', {}, { cp });
      expect([answer.status, codeOf(answer)]).toEqual([409, 'state-conflict']);
      expect(answer.headers['recourse-receipt']).toBeDefined();
    }
    expect(lines.filter((line) => line.includes('checkpoint-unknown'))).toHaveLength(1);
  });
});
