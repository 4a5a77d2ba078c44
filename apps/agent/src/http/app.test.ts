import { jsonSchemaOf } from './openapi.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inputIssues } from '@recourse/protocol';
import { RecourseError } from '@recourse/sdk';
import { silentLog, type Log } from '../log.ts';
import { Metrics } from '../metrics.ts';
import type { Services } from '../services.ts';
import { checkOrder, outcomesOrder } from '../orders/schemas.ts';
import { createApp } from './app.ts';
import { routesOf } from './routes/index.ts';
import { route } from './route.ts';

const secret = 'a-token-of-services';
let failure: unknown;
const echo = route({
  method: 'POST',
  path: '/echo/{name}',
  id: 'echo',
  summary: 'x',
  params: z.strictObject({ name: z.string() }),
  query: z.strictObject({ limit: z.int().optional(), all: z.boolean().optional() }),
  body: z.strictObject({ email: z.email() }),
  answers: { 200: { text: 'x' } },
  handle: ({ params, query }) => {
    if (failure !== undefined) throw failure;
    return { status: 200, body: { ...params, ...query } };
  },
});
const open = route({
  method: 'GET',
  path: '/healthz',
  id: 'health',
  summary: 'x',
  isOpen: true,
  answers: { 200: { text: 'x' } },
  handle: () => ({ status: 200, body: {} }),
});

beforeEach(() => {
  failure = undefined;
});

const appOf = (over: { token?: string; hosts?: string[]; log?: Log } = {}) =>
  createApp({
    routes: [echo, open],
    token: over.token,
    hosts: over.hosts ?? ['127.0.0.1'],
    version: '1',
    metrics: new Metrics(),
    log: over.log ?? silentLog,
  });

const json = { 'content-type': 'application/json', host: 'localhost:4810' };
const post = (headers: Record<string, string> = {}, body: unknown = { email: 'a@b.example' }) => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { ...json, ...headers },
});
const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { code: string }).code;

describe('who may ask', () => {
  test.each([
    ['a page', { origin: 'http://localhost:4810' }, '403 browser-refused'],
    ['a request from another site', { 'sec-fetch-site': 'cross-site' }, '403 browser-refused'],
    ['a name that was made to stand for loopback', { host: 'evil.example' }, '421 host-not-served'],
    ['a form', { 'content-type': 'text/plain' }, '415 unsupported-media-type'],
  ])('%s is refused', async (_, headers, refusal) => {
    const response = await appOf().request('/echo/a', post(headers));
    expect(`${response.status} ${String(await codeOf(response))}`).toBe(refusal);
  });

  test.each(['localhost', '127.0.0.1:9', '[::1]:4810', 'agent:4810'])(
    '%s is a name',
    async (host) => {
      const response = await appOf({ hosts: ['agent'] }).request('/echo/a', post({ host }));
      expect(response.status).toBe(200);
    },
  );

  test('a token opens everything but what is said to be open', async () => {
    const app = appOf({ token: secret });
    const ask = async (headers: Record<string, string>): Promise<number> =>
      (await app.request('/echo/a', post(headers))).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: `Bearer ${secret}x` })).toBe(401);
    expect(await ask({ authorization: `Bearer ${secret}` })).toBe(200);
    for (const path of ['/healthz', '/docs', '/openapi.json']) {
      expect((await app.request(path, { headers: json })).status).toBe(200);
    }
  });
});

describe('what is asked', () => {
  test('is compared with the schema, and refused without its values', async () => {
    const response = await appOf().request('/echo/a', post({}, { email: 'secret-name', more: 1 }));
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(text).toContain('body.email');
    expect(text).not.toContain('secret-name');
  });

  test.each([['{'], ['']])('no JSON is refused: %j', async (body) => {
    const response = await appOf().request('/echo/a', post({}, body));
    expect([response.status, await codeOf(response)]).toEqual([400, 'malformed-body']);
  });

  test('of a query texts become numbers and booleans where the schema says so', async () => {
    const response = await appOf().request('/echo/a?limit=7&all=true', post());
    expect(await response.json()).toEqual({ name: 'a', limit: 7, all: true });
    expect((await appOf().request('/echo/a?limit=x', post())).status).toBe(422);
  });
});

test('a check at signup says when the person proved it, a refusal who reviewed and told it', () => {
  const signup = { identifiers: { email: 'a@mail.example' }, purpose: 'signup' };
  const refusal = { match: 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0', outcome: 'refused' };
  const at = '2026-03-01T12:00:00Z';
  const fits = [
    checkOrder.safeParse(signup),
    checkOrder.safeParse({ ...signup, provenAt: at }),
    outcomesOrder.safeParse({ outcomes: [{ ...refusal, reviewedAt: at }] }),
    outcomesOrder.safeParse({ outcomes: [{ ...refusal, reviewedAt: at, noticeSentAt: at }] }),
  ].map(({ error }) => (error ? inputIssues(error) : 'fits'));
  expect(fits).toEqual([
    [{ path: 'provenAt', code: 'required' }],
    'fits',
    [{ path: 'outcomes.0.noticeSentAt', code: 'required' }],
    'fits',
  ]);
});

describe('what fails', () => {
  test('of the registry is told by its code; a refused key of the agent is no wrong token', async () => {
    failure = new RecourseError('overloaded', { retryAfterSeconds: 7 });
    const away = await appOf().request('/echo/a', post());
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '7']);
    failure = new RecourseError('key-inactive');
    const key = await appOf().request('/echo/a', post());
    expect([key.status, await codeOf(key)]).toEqual([502, 'key-inactive']);
  });

  test('of the agent says nothing, also in its log', async () => {
    const lines: string[] = [];
    const log: Log = {
      progress: () => undefined,
      fault: (where, error) => lines.push(`${where} ${error instanceof Error ? error.name : ''}`),
    };
    failure = new Error('creator@mail.example');
    const response = await appOf({ log }).request('/echo/a', post());
    expect([response.status, await codeOf(response), lines]).toEqual([
      500,
      'agent-fault',
      ['request Error'],
    ]);
  });
});

describe('the documents', () => {
  const services = {} as Services;
  const routes = routesOf(services);
  const app = createApp({
    routes,
    token: undefined,
    hosts: ['127.0.0.1'],
    version: '1',
    metrics: new Metrics(),
    log: silentLog,
  });

  test('OpenAPI 3.1 has each route, and no name twice', async () => {
    const document = (await (await app.request('/openapi.json', { headers: json })).json()) as {
      openapi: string;
      paths: Record<
        string,
        Record<string, { operationId: string; parameters: { name: string }[] }>
      >;
    };
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, ...operation })),
    );
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
      routes.map(({ id }) => id).sort(),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(routes.length);
    for (const { path, parameters } of operations) {
      for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
        expect(parameters.map((parameter) => parameter.name)).toContain(name);
      }
    }
  });

  test('every example fits the schema beside it', () => {
    for (const { id, body, example } of routes) {
      if (body === undefined || id === 'deliverEvidence') continue;
      expect([id, body.safeParse(example).error]).toEqual([id, undefined]);
      const schema = jsonSchemaOf(body);
      for (const one of schema.oneOf ?? [schema]) expect(one).toHaveProperty('type', 'object');
    }
  });

  test('the page has every path, and asks nobody for anything', async () => {
    const response = await app.request('/docs', { headers: json });
    const page = await response.text();
    for (const { method, path } of routes) expect(page).toContain(`${method} ${path}`);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|https?:\/\/(?!localhost)/);
  });
});
