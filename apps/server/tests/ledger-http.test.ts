import { gunzipSync } from 'node:zlib';
import { parseTlogProof, tilePath, verifyTlogProof } from '@recourse/ledger';
import { connect, insertPending, type Db } from '@recourse/registry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import {
  bytesAt,
  bytesOfLeaf,
  checkpointOf,
  leafOf,
  policyOf,
  rootOverHttp,
} from './ledger-fixture.ts';
import { codeOf, newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, creatorAct } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
let db: Db;
const forAYear = 'public, max-age=31536000, immutable';
beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  db = connect({ url: home.database.url, role: 'recourse_service', connections: 2 });
  const many = Array.from({ length: 700 }, (_, i) => `{"n":${i}}`);
  await insertPending(db, many, new Date());
  await eventually(
    () => checkpointOf(server),
    ({ size }) => size > 700,
  );
});
afterAll(async () => {
  await db.destroy();
  await home.close();
});

describe('the log over HTTP', () => {
  test('its checkpoint is of this registry, under the key that the registry names', async () => {
    const answer = await server.get('/ledger/checkpoint');
    expect([
      answer.status,
      answer.headers['content-type'],
      answer.headers['cache-control'],
    ]).toEqual([200, 'text/plain; charset=utf-8', 'no-cache']);
    expect(await checkpointOf(server)).toMatchObject({ origin: 'registry.test/ledger' });
    const { body } = await server.get('/.well-known/recourse');
    expect(body.ledger.origin).toBe('registry.test/ledger');
  });

  test('all tiles and bundles of it make its root', async () => {
    const { size, root } = await checkpointOf(server);
    expect(size).toBeGreaterThan(700);
    expect(Buffer.from(await rootOverHttp(server, size)).equals(root)).toBe(true);
  });

  test('all entries of the sandbox are in it, and nothing waits', async () => {
    const count = (table: 'ledger_entries' | 'ledger_pending') =>
      db
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
    const waiting = await eventually(
      () => count('ledger_pending'),
      ({ n }) => n === 0,
    );
    expect(waiting.n).toBe(0);
    expect((await count('ledger_entries')).n).toBeGreaterThan(700);
  });

  test('a partial tile is served at each width that it ever had', async () => {
    const { size } = await checkpointOf(server);
    const index = Math.floor(size / 256);
    const whole = await bytesAt(server, tilePath({ level: 0, index, width: size % 256 }));
    for (const width of [1, Math.max(1, (size % 256) - 1)]) {
      const { bytes } = await bytesAt(server, tilePath({ level: 0, index, width }));
      expect(bytes.equals(whole.bytes.subarray(0, width * 32))).toBe(true);
    }
    const full = await bytesAt(server, 'tile/0/000');
    const part = await bytesAt(server, 'tile/0/000.p/3');
    expect(part.bytes.equals(full.bytes.subarray(0, 96))).toBe(true);
  });
});

describe('a file of the log', () => {
  test('of tiles is of octets, kept for good, and not compressed', async () => {
    const tile = await bytesAt(server, 'tile/0/000', { 'Accept-Encoding': 'gzip' });
    expect([tile.status, tile.bytes.length]).toEqual([200, 8192]);
    expect(tile.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': forAYear,
    });
    expect(tile.headers).not.toHaveProperty('content-encoding');
  });

  test('of entries is compressed for whoever takes it so', async () => {
    const path = 'tile/entries/001';
    const plain = await bytesAt(server, path);
    const packed = await bytesAt(server, path, { 'Accept-Encoding': 'br, gzip' });
    for (const { status, headers } of [plain, packed]) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'cache-control': forAYear,
        vary: 'Accept-Encoding',
      });
    }
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length);
    expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true);
  });

  test.each(['gzip;q=0', 'gzip;q=0.0, br', 'identity', 'x-gzipped'])(
    'of entries is not compressed for %s',
    async (accepted) => {
      const { status, headers } = await bytesAt(server, 'tile/entries/001', {
        'Accept-Encoding': accepted,
      });
      expect([status, headers['content-encoding']]).toEqual([200, undefined]);
    },
  );

  test.each([
    '/ledger/',
    '/ledger/checkpoint/',
    '/ledger/checkpoint?x',
    '/ledger/checkpoint?',
    `/ledger/proof/${'A'.repeat(43)}?x`,
    '/ledger/tile/0/0',
    '/ledger/tile/0/0000',
    '/ledger/tile/00/000',
    '/ledger/tile/0/x000/000',
    '/ledger/tile/0/000/',
    '/ledger/tile/0/000?',
    '/ledger/tile/0/000?a=1',
    '/ledger/tile/0/000.p/0',
    '/ledger/tile/0/000.p/01',
    '/ledger/tile/0/000.p/256',
    '/ledger/tile/0/000.p/257',
    '/ledger/tile/0/000.p/-1',
    '/ledger/tile/0/000.p/1/',
    '/ledger/tile/0%2F000',
    '/ledger/tile%2F0/000',
    '/ledger/tile/0/%30%30%30',
    '/ledger/tile/-1/000',
    '/ledger/tile/0/-01',
    '/ledger/tile/0/+01',
    '/ledger/tile/64/000',
    '/ledger/tile/7/000',
    '/ledger/tile/63/000',
    '/ledger/tile/0/x009/x007/x199/x254/x740/991',
    '/ledger/tile/0/x009/x007/x199/x254/x740/992',
    '/ledger/tile/entries/x009/x007/x199/x254/x740/991',
    '/ledger/tile/entries/x009/x007/x199/x254/x740/992',
    '/ledger/tile/entries/x035/x184/x372/x088/831',
    '/ledger/tile/entries/x035/x184/x372/x088/832',
    '/ledger/tile/entries/999',
    '/ledger/tile/ENTRIES/000',
    '/ledger/tile/0/999',
    '/ledger/tile/../checkpoint',
    '/ledger//checkpoint',
    '/ledger/tile/0/000.p/255.p/1',
    '/ledger/tile/',
    '/ledger/tile',
    '/ledger/proof/',
    '/ledger/proof/AAAA',
    `/ledger/proof/${'A'.repeat(43)}`,
    `/ledger/proof/${'A'.repeat(43)}=`,
    `/ledger/proof/${'A'.repeat(42)}B`,
    '/ledger/proof/%00',
  ])('is nowhere else: %s', async (path) => {
    const answer = await server.get(path);
    expect([answer.status, codeOf(answer)]).toEqual([404, 'not-found']);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('that the log has not reached is not there, and is later', async () => {
    // A tile further on, because the server's own jobs may add an entry at any moment.
    const { size } = await checkpointOf(server);
    const path = `/ledger/${tilePath({ level: 0, index: Math.floor(size / 256) + 1, width: 1 })}`;
    expect((await server.get(path)).status).toBe(404);
    const more = Array.from({ length: 257 }, (_, i) => `{"later":${i}}`);
    await insertPending(db, more, new Date());
    const later = await eventually(
      () => server.get(path),
      ({ status }) => status === 200,
    );
    expect(later.status).toBe(200);
  });

  test('is only read', async () => {
    for (const path of ['/ledger/checkpoint', '/ledger/tile/0/000']) {
      expect((await server.post(path, 'x')).status).toBe(405);
      expect((await server.send('DELETE', path)).status).toBe(405);
      expect((await server.send('HEAD', path)).status).toBe(200);
    }
  });
});

describe('the entry that a receipt promises', () => {
  const proofOf = async (leaf: string) => {
    const answer = await eventually(
      () => server.get(`/ledger/proof/${leaf}`),
      ({ status }) => status === 200,
    );
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'public, max-age=60']);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    return answer.text;
  };

  test('of a call, read or refused, is proven offline within seconds of it', async () => {
    const key = server.party('Harbour', 'service');
    const policy = await policyOf(server);
    const answers = [
      await server.call(key, 'sanctions.list', {}),
      await server.call(key, 'sanctions.get', { sanction: 'snc_00000000000000000000000000' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
    for (const answer of answers) {
      const leaf = leafOf(answer);
      const proof = await proofOf(leaf);
      const verified = await verifyTlogProof(proof, { leaf: bytesOfLeaf(leaf), policy });
      expect(verified.index).toBeGreaterThan(700);
    }
  });

  test('of an act of a creator is proven in the same way, and proves nothing else', async () => {
    const code = await codeOfSample(server, 'phishing');
    const leaf = leafOf(await creatorAct(server, 'case.open', { code }));
    const proof = await proofOf(leaf);
    const policy = await policyOf(server);
    const { index, checkpoint } = await verifyTlogProof(proof, { leaf: bytesOfLeaf(leaf), policy });
    expect(index).toBeLessThan(checkpoint.size);
    expect(parseTlogProof(proof).index).toBe(index);
    const other = { leaf: new Uint8Array(32), policy };
    await expect(verifyTlogProof(proof, other)).rejects.toMatchObject({ code: 'proof-mismatch' });
  });
});
