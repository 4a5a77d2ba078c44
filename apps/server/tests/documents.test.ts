import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  caseOps,
  clientFaults,
  entryLeafHash,
  entrySchema,
  openArtefact,
  ops,
  problemCodes,
  publicOps,
  reasons,
  registryKeySchema,
  textOfCode,
  thumbprint,
  toBase64url,
  type ProblemCode,
} from '@recourse/protocol';
import { eventually } from './eventually.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome({ reports: true });
  server = await home.start();
}, 120_000);
afterAll(() => home.close());

const html = { Accept: 'text/html' };

test('the registry announces its keys under the log key, one use each, and its epochs', async () => {
  const { body } = await server.get('/.well-known/recourse');
  expect(body).toMatchObject({
    origin: 'http://registry.test',
    mode: 'sandbox',
    sandbox: true,
    taxonomy: '1',
  });
  const uses = [];
  for (const { statement, entry } of body.keys) {
    const { payload } = await openArtefact(statement, {
      typ: 'recourse-registry-key+jwt',
      schema: registryKeySchema,
      jwk: body.logKey,
    });
    expect(payload.aud).toBe(body.origin);
    uses.push(payload.use);
    const detail = { use: payload.use, kid: thumbprint(payload.jwk), statement };
    expect(entry).toMatchObject({ type: 'registry-key', detail });
  }
  expect(uses.sort()).toEqual(['event', 'log', 'receipt', 'set']);
  expect(body.epochs).toEqual([
    {
      epoch: 1,
      publicKey: expect.stringMatching(/^[\w-]{43}$/),
      opensAt: expect.stringMatching(/Z$/),
      entry: expect.objectContaining({ type: 'oprf-epoch' }),
    },
  ]);
  const [{ entry, ...said }] = body.epochs;
  expect(entry.detail).toEqual(said);
});

test('every key and every epoch is shown with its entry, and each of these is in the ledger', async () => {
  const documents = [(await server.get('/.well-known/recourse')).body];
  for (const { party } of [server.party('Harbour', 'service'), { party: 'panel' }]) {
    documents.push((await server.get(`/parties/${party}/keys`)).body);
  }
  const shown = documents.flatMap(({ keys, epochs = [] }) => [...keys, ...epochs]);
  expect(shown.length).toBeGreaterThan(6);
  for (const { entry } of shown) {
    const leaf = toBase64url(entryLeafHash(entrySchema.parse(entry)));
    const proof = () => server.get(`/ledger/proof/${leaf}`);
    expect((await eventually(proof, ({ status }) => status === 200)).status).toBe(200);
  }
});

test('the key set holds public keys only', async () => {
  const { body, text } = await server.get('/.well-known/jwks.json');
  expect(body.keys.map((key: { kid: string }) => key.kid)).toHaveLength(4);
  for (const { kid, use: _, ...jwk } of body.keys) expect(thumbprint(jwk)).toBe(kid);
  expect(text).not.toContain('"d"');
});

test('parties are published with their ids and names', async () => {
  const { body } = await server.get('/parties');
  const names = body.parties.map((party: { name: string }) => party.name);
  expect(names).toEqual(expect.arrayContaining(['Harbour', 'Tubely', 'Marketo']));
  expect(body.parties.every((party: { id?: string }) => typeof party.id === 'string')).toBe(true);
});

test('policies hold reasons, evidence classes and bounds as data', async () => {
  const { body } = await server.get('/policies');
  expect(Object.keys(body.reasons)).toHaveLength(19);
  expect(body.bounds.holdHours).toEqual({ floor: 72, default: 72, ceiling: 336 });
  expect(body.evidenceClasses['payment-records'].mediaTypes.length).toBeGreaterThan(0);
});

describe('problems', () => {
  test.each(Object.keys({ ...problemCodes, ...clientFaults }))(
    '%s says what it means and what to do next',
    async (code) => {
      const { next, title } = textOfCode(code as ProblemCode);
      const json = await server.get(`/problems/${code}`);
      expect(json.body).toMatchObject({
        title,
        next,
        type: `http://registry.test/problems/${code}`,
      });
      const page = await server.get(`/problems/${code}`, html);
      expect(page.headers['content-type']).toBe('text/html; charset=UTF-8');
      expect(page.text).toContain('<h1>');
    },
  );
});

describe('pages', () => {
  test.each(['/', '/taxonomy', '/docs/api', '/problems', '/problems/not-found'])(
    '%s works without script and reaches nobody else',
    async (path) => {
      const { text, status } = await server.get(path, html);
      expect(status).toBe(200);
      expect(text).toMatch(/<html lang="en" dir="ltr">/);
      expect(text).toContain('name="viewport"');
      expect(text).not.toMatch(/<script|<form|style=|\son\w+=|src="http|href="http/);
      for (const [, link = ''] of text.matchAll(/href="([^"]+)"/g)) {
        const inPage = link.startsWith('#');
        const leads = inPage
          ? text.includes(`id="${link.slice(1)}"`)
          : (await server.get(link, html)).status === 200;
        expect([link, leads]).toEqual([link, true]);
      }
    },
  );

  test('an address that leads nowhere is a page for people, and a problem for programs', async () => {
    const stray = '/case/<script>?x=1';
    const page = await server.get(stray, html);
    expect([page.status, page.text.includes('There is no such page')]).toEqual([404, true]);
    expect(page.text).not.toContain('<script>');
    const json = await server.get(stray);
    expect([json.status, json.body.type]).toEqual([404, 'http://registry.test/problems/not-found']);
  });

  test('the taxonomy says of every reason what it is and what it is not', async () => {
    const { text } = await server.get('/taxonomy', html);
    for (const [code, { act, isNot }] of Object.entries(reasons)) {
      for (const part of [code, act, isNot]) {
        expect(text.replaceAll('&#39;', "'").replaceAll('&quot;', '"')).toContain(part);
      }
    }
  });

  test('describe every operation, by the tables of the protocol', async () => {
    const { text } = await server.get('/docs/api', html);
    for (const name of Object.keys({ ...ops, ...caseOps, ...publicOps })) {
      expect(text).toContain(`<h3 id="${name}">`);
    }
  });

  test.each(['/taxonomy', '/docs/api', '/problems'])(
    '%s keeps the language that its reader chose',
    async (path) => {
      const { text } = await server.get(`${path}?lang=de`, html);
      expect(text).toContain('href="/governance?lang=de"');
      expect((await server.get(path, html)).text).toContain('href="/governance"');
    },
  );

  test('are readable in light and dark', async () => {
    const { text, headers } = await server.get('/style.css');
    expect(headers['content-type']).toMatch(/^text\/css/);
    expect(text).toMatch(/prefers-color-scheme: ?dark/);
  });
});

test.each(['/', '/nothing', '/problems/not-found', '/healthz'])(
  '%s carries the security headers, and nobody keeps it',
  async (path) => {
    const { headers } = await server.get(path);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self';/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  },
);

test('a document is sent again only when it changed', async () => {
  for (const path of [
    '/.well-known/recourse',
    '/.well-known/jwks.json',
    '/parties',
    '/policies',
    '/governance.json',
    '/openapi.json',
    '/schemas/checks.match.json',
    `/parties/${server.party('Harbour', 'service').party}/keys`,
  ]) {
    const { headers, status } = await server.get(path);
    expect([path, status, headers['cache-control']]).toEqual([path, 200, 'no-cache']);
    const again = await server.get(path, { 'If-None-Match': String(headers.etag) });
    expect([path, again.status, again.text]).toEqual([path, 304, '']);
    expect(again.headers.etag).toBe(headers.etag);
    expect([headers.vary, again.headers['content-type']]).toEqual(['Accept-Encoding', undefined]);
  }
});

test('health says that the process runs, readiness that it should get calls', async () => {
  expect((await server.get('/healthz')).body).toEqual({ status: 'ok' });
  expect((await server.get('/readyz')).body).toEqual({ status: 'ready', reasons: [] });
});
