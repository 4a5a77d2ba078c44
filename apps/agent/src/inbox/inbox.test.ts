import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen, type Listener } from '../http/listen.ts';
import { silentLog } from '../log.ts';
import { Metrics } from '../metrics.ts';
import type { KeptCheckOrder } from '../orders/schemas.ts';
import type { Questions } from '../questions/questions.ts';
import { createInbox } from './inbox-app.ts';
import { readInbox } from './inbox-file.ts';

const hourMs = 3_600_000;
const signing = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const shared = 'a-secret-that-both-know';
const environment = { SIGNING: signing, SHARED: shared };

let folder: string;
let inbox: Listener;
let metrics: Metrics;
let asked: KeptCheckOrder[];
let lines: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recourse-inbox-'));
  [asked, lines, metrics] = [[], [], new Metrics()];
  const { sources } = await readInbox(fileOf(standard), environment);
  const questions = { take: (order: KeptCheckOrder) => asked.push(order) } as unknown as Questions;
  const log = { ...silentLog, progress: (line: string) => void lines.push(line) };
  const clock = (): Date => new Date();
  const app = createInbox({ sources, questions, metrics, log, clock });
  inbox = await listen(app, { kind: 'tcp', host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await inbox.close(AbortSignal.abort());
  rmSync(folder, { recursive: true });
});

const own = {
  secret: 'env:SIGNING',
  verify: { by: 'standard-webhooks' },
  map: {
    ref: '/user/id',
    email: '/user/email',
    provenAt: '/user/verifiedAt',
    only: { '/type': 'user.verified' },
  },
};
const standard = {
  sources: {
    own,
    few: { ...own, perHour: 2 },
    kratos: {
      secret: 'env:SHARED',
      verify: { by: 'header', header: 'x-recourse-secret' },
      map: { ref: '/ref', phone: '/phone', changed: ['/before', '/after'] },
    },
    hub: {
      secret: 'env:SHARED',
      verify: { by: 'hmac', header: 'x-hub-signature-256' },
      map: own.map,
    },
    clerk: { secret: 'env:SIGNING', of: 'clerk' },
    supabase: { secret: 'env:SHARED', of: 'supabase' },
    ghost: { secret: 'env:SHARED', of: 'ghost' },
  },
};

function fileOf(json: unknown): string {
  const path = join(folder, 'inbox.json');
  writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
  return path;
}

const agoText = (ms: number): string => new Date(Date.now() - ms).toISOString();

interface Answer {
  readonly status: number;
  readonly body: { readonly end?: string; readonly said?: string; readonly next: string };
}

async function post(source: string, body: unknown, headers: object = {}): Promise<Answer> {
  const response = await fetch(`${inbox.at}/in/${source}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** Headers of Standard Webhooks, or of Svix, over a body. */
function signed(body: unknown, { at = new Date(), prefix = 'webhook', secret = signing } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    [`${prefix}-id`]: 'msg_1',
    [`${prefix}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
    [`${prefix}-signature`]: new Webhook(secret).sign('msg_1', at, text),
  };
}

const user = (over: object = {}) => ({
  type: 'user.verified',
  user: { id: 'u-1', email: 'a@mail.example', verifiedAt: agoText(hourMs), ...over },
});

describe('a webhook of a proof makes a question', () => {
  test('by Standard Webhooks, with the pointers of the file', async () => {
    const body = user();
    expect((await post('own', body, signed(body))).status).toBe(202);
    expect(asked).toEqual([
      {
        purpose: 'signup',
        ref: 'u-1',
        identifiers: { email: 'a@mail.example' },
        provenAt: body.user.verifiedAt,
      },
    ]);
  });

  test('by a shared HMAC, and by a secret header where the change is the proof', async () => {
    const body = user();
    const mac = createHmac('sha256', shared).update(JSON.stringify(body)).digest('hex');
    expect((await post('hub', body, { 'x-hub-signature-256': `sha256=${mac}` })).status).toBe(202);
    const change = { ref: 7, phone: '+4915112345678', before: null, after: 'completed' };
    const secret = { 'x-recourse-secret': shared };
    expect((await post('kratos', change, secret)).status).toBe(202);
    expect((await post('kratos', { ...change, before: 'completed' }, secret)).body.end).toBe(
      'skipped',
    );
    expect(asked.map(({ ref }) => ref)).toEqual(['u-1', '7']);
  });

  test('of Clerk: the primary address if it is verified, and none if none is', async () => {
    const body = (status: string) => ({
      type: 'user.created',
      data: {
        id: 'user_2abc',
        created_at: Date.now() - hourMs,
        primary_email_address_id: 'idn_2',
        email_addresses: [
          { id: 'idn_1', email_address: 'first@mail.example', verification: { status } },
          { id: 'idn_2', email_address: 'second@mail.example', verification: { status } },
        ],
        phone_numbers: [],
      },
    });
    const send = (one: object) => post('clerk', one, signed(one, { prefix: 'svix' }));
    expect((await send(body('verified'))).status).toBe(202);
    expect((await send(body('unverified'))).body).toMatchObject({
      end: 'skipped',
      said: 'not-proven',
    });
    const other = { ...body('verified'), type: 'user.updated' };
    expect((await send(other)).body.said).toBe('other-event');
    expect(asked).toMatchObject([
      { ref: 'user_2abc', identifiers: { email: 'second@mail.example' } },
    ]);
  });

  test('of Supabase: the change in which the address turned confirmed', async () => {
    const row = (confirmed: string | null) => ({
      id: '6a1c0f3e-8f2b-4c55-9d0a-6f0c2a9b7d11',
      email: 'a@mail.example',
      email_confirmed_at: confirmed,
    });
    const at = agoText(hourMs);
    const send = (record: object, old_record: object | null) =>
      post('supabase', { type: 'UPDATE', record, old_record }, { 'x-recourse-secret': shared });
    expect((await send(row(null), null)).body.said).toBe('not-proven');
    expect((await send(row(at), row(null))).status).toBe(202);
    expect((await send(row(at), row(at))).body.said).toBe('other-event');
    expect((await send(row(at), null)).status).toBe(202);
    expect(asked.map(({ provenAt }) => provenAt)).toEqual([at, at]);
  });

  test('of Ghost, which signs the time behind the body', async () => {
    const body = JSON.stringify({
      member: { current: { id: '64f', email: 'a@mail.example', created_at: agoText(hourMs) } },
    });
    const send = (t: number) => {
      const mac = createHmac('sha256', shared).update(`${body}${t}`).digest('hex');
      return post('ghost', body, { 'x-ghost-signature': `sha256=${mac}, t=${t}` });
    };
    expect((await send(Date.now())).status).toBe(202);
    expect((await send(Date.now() - hourMs)).status).toBe(401);
  });
});

describe('and none where', () => {
  test('it is forged, replayed, or of nobody: a thousand of them', async () => {
    const body = user();
    const right = signed(body);
    const old = signed(body, { at: new Date(Date.now() - 600_000) });
    const other = signed(body, { secret: `whsec_${Buffer.alloc(24, 8).toString('base64')}` });
    const attempts: [string, unknown, object][] = [
      ['own', body, {}],
      ['own', body, old],
      ['own', body, other],
      ['own', { ...body, more: 1 }, right],
      ['own', body, { ...right, 'webhook-id': 'msg_2' }],
      ['hub', body, { 'x-hub-signature-256': 'sha256=00' }],
      ['kratos', body, { 'x-recourse-secret': `${shared}x` }],
      ['clerk', body, right],
      ['ghost', body, { 'x-ghost-signature': 't=1' }],
      ['nobody', body, right],
    ];
    for (let n = 0; n < 100; n++) {
      const answers = await Promise.all(attempts.map((attempt) => post(...attempt)));
      expect(answers.map(({ status }) => status)).toEqual(attempts.map(() => 401));
    }
    expect(asked).toEqual([]);
    expect(metrics.text()).toContain('{source="own",end="unauthenticated"} 500');
  });

  test.each([
    [
      'a pointer leads nowhere',
      { type: 'user.verified', user: {} },
      '/user/verifiedAt leads nowhere',
    ],
    ['an address is none', user({ email: 'canary at home' }), 'what stands for email is none'],
    [
      'a time is none',
      user({ verifiedAt: 'canary' }),
      'what stands for the time of the proof is none',
    ],
    [
      'the reference is a person',
      user({ id: 'DE89370400440532013000' }),
      'ref is an identifier of a person',
    ],
    ['the reference is no reference', user({ id: 'canary person' }), 'ref does not fit'],
  ])('%s: it is refused with what to mend, and without what was sent', async (_, body, said) => {
    const answer = await post('own', body, signed(body));
    expect(answer).toMatchObject({ status: 422, body: { end: 'unmapped', said } });
    expect(answer.body.next).toContain('Correct the map');
    expect([asked, JSON.stringify(answer) + lines.join()]).toEqual([
      [],
      expect.not.stringContaining('canary'),
    ]);
  });

  test('a body is no JSON', async () => {
    const answer = await post('kratos', 'canary', { 'x-recourse-secret': shared });
    expect(answer).toMatchObject({ status: 422, body: { said: 'the body is no JSON' } });
  });

  test('a proof is of yesterday, or of another event', async () => {
    const old = user({ verifiedAt: agoText(25 * hourMs) });
    expect((await post('own', old, signed(old))).body.said).toBe('proof-too-old');
    const other = { ...user(), type: 'user.deleted' };
    expect((await post('own', other, signed(other))).body.said).toBe('other-event');
    expect(asked).toEqual([]);
  });

  test('a source used its share of the hour: another one goes on', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 3; n++) {
      const body = user({ id: `u-${n}` });
      statuses.push((await post('few', body, signed(body))).status);
    }
    const body = user();
    expect([statuses, (await post('own', body, signed(body))).status]).toEqual([
      [202, 202, 429],
      202,
    ]);
  });

  test('a body is larger than a webhook, or goes to another path', async () => {
    expect((await post('own', 'x'.repeat(300_000))).status).toBe(413);
    for (const path of ['/', '/checks', '/metrics', '/desk/', '/in', '/in/own/more'])
      expect((await fetch(`${inbox.at}${path}`)).status).toBe(404);
  });
});

test.each([
  ['no JSON', '{', 'cannot be read as JSON'],
  ['an unknown source', { sources: { a: { of: 'auth0', secret: 'env:SHARED' } } }, 'sources.a'],
  [
    'nothing that says when it was proven',
    { sources: { a: { ...own, map: { ref: '/id', email: '/email' } } } },
    'provenAt or changed has to be named',
  ],
  [
    'no identifier',
    { sources: { a: { ...own, map: { ref: '/id', provenAt: '/at' } } } },
    'email or phone',
  ],
  [
    'a pointer that is none',
    { sources: { a: { ...own, map: { ...own.map, ref: 'id' } } } },
    'map.ref',
  ],
])('a file with %s is refused with the place, and with what is allowed', async (_, json, text) => {
  const reading = readInbox(fileOf(json), environment);
  await expect(reading).rejects.toMatchObject({
    code: 'inbox-invalid',
    message: expect.stringContaining(text),
    next: expect.stringContaining('clerk, supabase, ghost'),
  });
});
