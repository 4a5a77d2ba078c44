import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Hono } from 'hono';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inputIssues } from '@recourse/protocol';
import { RecourseError } from '@recourse/sdk';
import { silentLog, type Log } from '../log.ts';
import { Metrics } from '../metrics.ts';
import type { Services } from '../services.ts';
import { checkOrder, outcomesOrder } from '../orders/schemas.ts';
import { createApp } from './app.ts';
import { listen } from './listen.ts';
import { jsonSchemaOf } from './openapi.ts';
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

const options = {
  routes: [echo, open],
  token: undefined,
  hosts: ['127.0.0.1'],
  version: '1',
  metrics: new Metrics(),
  log: silentLog,
};
const appOf = (overrides: { token?: string; hosts?: string[]; log?: Log } = {}) =>
  createApp({ ...options, ...overrides });

const json = { 'content-type': 'application/json', host: 'localhost:4810' };
const post = (headers: Record<string, string> = {}, body: unknown = { email: 'a@b.example' }) => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { ...json, ...headers },
});

/** One request over a socket, whatever name and headers it gives itself. */
async function ask(
  app: Hono,
  path: string,
  sent: Partial<ReturnType<typeof post>>,
): Promise<Response> {
  const listening = await listen(app, { kind: 'tcp', host: '127.0.0.1', port: 0 });
  try {
    const { method = 'GET', headers = {}, body = '' } = sent;
    const request = httpRequest(new URL(path, listening.at), { method, headers, agent: false });
    // A body that is refused is not taken to its end.
    request.on('error', () => undefined).end(body);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const entries = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return new Response(await buffer(answer), {
      status: answer.statusCode ?? 0,
      headers: Object.fromEntries(entries) as Record<string, string>,
    });
  } finally {
    await listening.close(AbortSignal.abort());
  }
}

const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { code: string }).code;

describe('who may ask', () => {
  test.each([
    ['a page', { origin: 'http://localhost:4810' }, '403 browser-refused'],
    ['a request from another site', { 'sec-fetch-site': 'cross-site' }, '403 browser-refused'],
    ['a name that was made to stand for loopback', { host: 'evil.example' }, '421 host-not-served'],
    ['a form', { 'content-type': 'text/plain' }, '415 unsupported-media-type'],
  ])('%s is refused', async (_, headers, refusal) => {
    const response = await ask(appOf(), '/echo/a', post(headers));
    expect(`${response.status} ${String(await codeOf(response))}`).toBe(refusal);
  });

  test.each(['localhost', '127.0.0.1:9', '[::1]:4810', 'agent:4810'])(
    '%s is a name',
    async (host) => {
      const response = await ask(appOf({ hosts: ['agent'] }), '/echo/a', post({ host }));
      expect(response.status).toBe(200);
    },
  );

  test('a token opens everything but what is said to be open', async () => {
    const app = appOf({ token: secret });
    const statusFor = async (headers: Record<string, string>): Promise<number> =>
      (await ask(app, '/echo/a', post(headers))).status;
    expect(await statusFor({})).toBe(401);
    expect(await statusFor({ authorization: `Bearer ${secret}x` })).toBe(401);
    expect(await statusFor({ authorization: `Bearer ${secret}` })).toBe(200);
    for (const path of ['/healthz', '/docs', '/openapi.json']) {
      expect((await ask(app, path, { headers: json })).status).toBe(200);
    }
  });
});

describe('what is asked', () => {
  test('is compared with the schema, and refused without its values', async () => {
    const response = await ask(appOf(), '/echo/a', post({}, { email: 'secret-name', more: 1 }));
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(text).toContain('body.email');
    expect(text).not.toContain('secret-name');
  });

  test.each([['{'], ['']])('no JSON is refused: %j', async (body) => {
    const response = await ask(appOf(), '/echo/a', post({}, body));
    expect([response.status, await codeOf(response)]).toEqual([400, 'malformed-body']);
  });

  test.each(['content-length', 'transfer-encoding'])('is 24 MiB at most, by its %s', async (by) => {
    const body = ' '.repeat(24 * 1024 * 1024 + 1);
    const length = by === 'content-length' ? String(body.length) : 'chunked';
    const response = await ask(appOf(), '/echo/a', post({ [by]: length }, body));
    expect([response.status, await codeOf(response)]).toEqual([413, 'too-large']);
  });

  test('is done no longer when whoever asked has gone', async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    const slow = route({
      ...open,
      path: '/slow',
      handle: async ({ signal }) => {
        begun.resolve(signal);
        await once(signal, 'abort');
        return { status: 200, body: {} };
      },
    });
    const app = createApp({ ...options, routes: [slow] });
    const listening = await listen(app, { kind: 'tcp', host: '127.0.0.1', port: 0 });
    const request = httpRequest(new URL('/slow', listening.at));
    request.on('error', () => undefined).end();
    const signal = await begun.promise;
    request.destroy();
    await once(signal, 'abort');
    expect(signal.aborted).toBe(true);
    await listening.close(AbortSignal.abort());
  });

  test('of a query texts become numbers and booleans where the schema says so', async () => {
    const response = await ask(appOf(), '/echo/a?limit=7&all=true', post());
    expect(await response.json()).toEqual({ name: 'a', limit: 7, all: true });
    expect((await ask(appOf(), '/echo/a?limit=x', post())).status).toBe(422);
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
    const away = await ask(appOf(), '/echo/a', post());
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '7']);
    failure = new RecourseError('key-inactive');
    const key = await ask(appOf(), '/echo/a', post());
    expect([key.status, await codeOf(key)]).toEqual([502, 'key-inactive']);
  });

  test('of the agent says nothing, also in its log', async () => {
    const lines: string[] = [];
    const log: Log = {
      progress: () => undefined,
      fault: (where, error) => lines.push(`${where} ${error instanceof Error ? error.name : ''}`),
    };
    failure = new Error('creator@mail.example');
    const response = await ask(appOf({ log }), '/echo/a', post());
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
  const app = createApp({ ...options, routes });

  test('OpenAPI 3.1 has each route, and no name twice', async () => {
    const document = (await (await ask(app, '/openapi.json', { headers: json })).json()) as {
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
    const response = await ask(app, '/docs', { headers: json });
    const page = await response.text();
    for (const { method, path } of routes) expect(page).toContain(`${method} ${path}`);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)/);
  });
});
