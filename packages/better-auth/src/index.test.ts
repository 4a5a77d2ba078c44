import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { DatabaseSync } from 'node:sqlite';
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getMigrations } from 'better-auth/db/migration';
import { genericOAuth, magicLink, phoneNumber } from 'better-auth/plugins';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { recourse } from './index.ts';

const dayMs = 86_400_000;
const origin = 'http://localhost:3000';

interface Asked {
  readonly ref: string;
  readonly identifiers: { readonly email?: string; readonly phone?: string };
  readonly provenAt: string;
}

/** Stands in the place of the agent: takes questions as it does, and answers each by `advice`. */
let agent: Server;
let asked: Asked[];
let isAway: boolean;
let advice: string;
let now: Date;
let held: string[];
/** What was sent to people */
let sent: { link?: string; code?: string };
/** A user as an OAuth provider describes them */
let profile: { readonly id: string; readonly email: string; readonly emailVerified: boolean };

beforeEach(async () => {
  [asked, isAway, advice, now, held, sent] = [[], false, 'no-record', new Date(), [], {}];
  profile = { id: 'o-1', email: 'oauth@mail.example', emailVerified: true };
  agent = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await once(agent, 'listening');
});
afterEach(async () => {
  agent.closeAllConnections();
  await new Promise((resolve) => agent.close(resolve));
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (isAway) {
    response.destroy();
    return;
  }
  const answer = await answerTo(request);
  response.writeHead(answer === undefined ? 404 : 202, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer ?? {}));
}

const agentUrl = (): string => `http://127.0.0.1:${(agent.address() as AddressInfo).port}`;

async function answerTo(request: IncomingMessage): Promise<object | undefined> {
  if (request.headers.authorization !== 'Bearer token-of-services') return undefined;
  if (request.url === '/token') return { access_token: 'a', token_type: 'Bearer' };
  if (request.method === 'POST') asked.push((await json(request)) as Asked);
  const question = request.method === 'POST' ? `q-${asked.length}` : request.url?.slice(8);
  return { question, state: 'answered', advice };
}

async function start(kind: Kind) {
  const options = {
    baseURL: origin,
    secret: 'a-secret-of-a-test-that-is-long-enough',
    database: databases[kind](),
    emailAndPassword: { enabled: true },
    emailVerification: {
      sendOnSignUp: true,
      sendVerificationEmail: async ({ url }) => void (sent = { link: url }),
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [
      magicLink({ sendMagicLink: async ({ url }) => void (sent = { link: url }) }),
      phoneNumber({ sendOTP: async ({ code }) => void (sent = { code }) }),
      genericOAuth({
        config: [
          {
            providerId: 'stub',
            clientId: 'c',
            clientSecret: 's',
            authorizationUrl: `${origin}/authorize`,
            tokenUrl: `${origin}/token`,
            getToken: async () => ({ accessToken: 'a' }),
            getUserInfo: async () => ({ ...profile, name: 'O' }),
          },
        ],
      }),
      recourse({
        agent: { url: agentUrl(), token: 'token-of-services' },
        onHeld: ({ userId }) => void held.push(userId),
        everySeconds: 0,
        clock: () => now,
      }),
    ],
  } satisfies BetterAuthOptions;
  if (kind === 'sqlite') await (await getMigrations(options)).runMigrations();
  const auth = betterAuth(options);
  return { auth, ...browserOf(auth) };
}

const databases = {
  memory: () => memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  sqlite: () => new DatabaseSync(':memory:'),
};
type Kind = keyof typeof databases;

/** Requests as one browser makes them, with its cookies. */
function browserOf({ handler }: { handler: (request: Request) => Promise<Response> }) {
  const cookies = new Map<string, string>();
  const go = async (path: string, body?: object): Promise<Response> => {
    const response = await handler(
      new Request(new URL(path, `${origin}/api/auth/`), {
        method: body ? 'POST' : 'GET',
        ...(body ? { body: JSON.stringify(body) } : {}),
        headers: {
          'content-type': 'application/json',
          origin,
          cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
        },
      }),
    );
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  const signUp = async (email: string, over: object = {}): Promise<string> => {
    const response = await go('sign-up/email', {
      email,
      password: 'correct-horse',
      name: 'N',
      ...over,
    });
    return ((await response.json()) as { user: { id: string } }).user.id;
  };
  return { go, signUp };
}

type Started = Awaited<ReturnType<typeof start>>;

const standingOf = ({ auth }: Started, userId: string) =>
  auth.api.recourseStanding({ body: { userId } });
const sweep = ({ auth }: Started): Promise<void> => auth.api.recourseSweep();
const settled = async (at: Started, userId: string, state: string): Promise<void> =>
  vi.waitFor(async () => expect((await standingOf(at, userId)).state).toBe(state));

describe.each(['memory', 'sqlite'] as const)('with users in %s', (kind) => {
  test('a password signup is asked about once its mail is verified, and once', async () => {
    const at = await start(kind);
    const id = await at.signUp('a@mail.example');
    await sweep(at);
    expect([asked, await standingOf(at, id)]).toEqual([[], { state: 'waiting' }]);
    await at.go(sent.link!);
    await settled(at, id, 'free');
    await at.go(sent.link!);
    await sweep(at);
    expect(asked).toMatchObject([
      {
        purpose: 'signup',
        ref: id,
        identifiers: { email: 'a@mail.example' },
        provenAt: now.toISOString(),
      },
    ]);
  });

  test('a magic link and an OAuth provider that says verified bring a proof; one that says unverified does not', async () => {
    const at = await start(kind);
    await at.go('sign-in/magic-link', { email: 'link@mail.example' });
    await at.go(sent.link!);
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    const other = { ...at, ...browserOf(at.auth) };
    const signIn = async (): Promise<void> => {
      const begun = await other.go('sign-in/social', { provider: 'stub', callbackURL: '/' });
      const { url } = (await begun.json()) as { url: string };
      const state = new URL(url).searchParams.get('state') ?? '';
      await other.go(`callback/stub?code=c&state=${state}`);
    };
    await signIn();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    await signIn();
    profile = { id: 'o-2', email: 'unproven@mail.example', emailVerified: false };
    await signIn();
    await sweep(at);
    expect(asked.map(({ identifiers }) => identifiers.email)).toEqual([
      'link@mail.example',
      'oauth@mail.example',
    ]);
  });

  test('a phone number that is verified is a new question, about all that a new account proved', async () => {
    const at = await start(kind);
    const id = await at.signUp('a@mail.example');
    await at.go(sent.link!);
    await settled(at, id, 'free');
    await at.go('sign-in/email', { email: 'a@mail.example', password: 'correct-horse' });
    await at.go('phone-number/send-otp', { phoneNumber: '+4915112345678' });
    await at.go('phone-number/verify', {
      phoneNumber: '+4915112345678',
      code: sent.code,
      updatePhoneNumber: true,
    });
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1]).toMatchObject({
      ref: id,
      identifiers: { email: 'a@mail.example', phone: '+4915112345678' },
    });
  });

  test('nobody is denied or held back while the agent is away, and everybody is asked about afterwards', async () => {
    isAway = true;
    const at = await start(kind);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.push(await at.signUp(`a${n}@mail.example`));
      expect((await at.go(sent.link!)).status).toBeLessThan(400);
    }
    await sweep(at);
    for (const id of ids) expect(await standingOf(at, id)).toEqual({ state: 'waiting' });
    isAway = false;
    // Another server of the application: nothing was kept in the first one.
    await sweep(at);
    for (const id of ids) expect(await standingOf(at, id)).toEqual({ state: 'free' });
    expect(asked.map(({ ref }) => ref).toSorted()).toEqual(ids.toSorted());
  });

  test('a match holds an account back until a person looked, for seven days at most, and tells it once', async () => {
    advice = 'review';
    const at = await start(kind);
    const [first, second] = [
      await at.signUp('a@mail.example'),
      await browserOf(at.auth).signUp('b@mail.example'),
    ];
    const { adapter } = await at.auth.$context;
    for (const id of [first, second])
      await adapter.update({
        model: 'user',
        where: [{ field: 'id', value: id }],
        update: { emailVerified: true, recourseWaiting: `ask ${now.toISOString()} email` },
      });
    await Promise.all([sweep(at), sweep(at)]);
    await sweep(at);
    expect(held.toSorted()).toEqual([first, second].toSorted());
    expect((await standingOf(at, first)).state).toBe('held');
    await at.auth.api.recourseRelease({ body: { userId: first } });
    expect(await standingOf(at, first)).toEqual({ state: 'free' });
    await sweep(at);
    expect(await standingOf(at, first)).toEqual({ state: 'free' });
    now = new Date(now.getTime() + 7 * dayMs);
    expect(await standingOf(at, second)).toMatchObject({ state: 'free', lapsed: true });
  });

  test('verify-identity asks for another identifier, and holds nothing back', async () => {
    advice = 'verify-identity';
    const at = await start(kind);
    const id = await at.signUp('a@mail.example');
    await at.go(sent.link!);
    await settled(at, id, 'verify');
    expect(held).toEqual([]);
  });

  test('no client reads the mark, or writes it at sign-up or later', async () => {
    advice = 'review';
    const at = await start(kind);
    const refused = await at.go('sign-up/email', {
      email: 'x@mail.example',
      password: 'correct-horse',
      name: 'N',
      recourse: 'free x',
    });
    const { user } = (await refused.json()) as { user?: { id: string } };
    const id = user?.id ?? (await at.signUp('a@mail.example'));
    await at.go(sent.link!);
    await settled(at, id, 'held');
    await at.go('sign-in/email', {
      email: user ? 'x@mail.example' : 'a@mail.example',
      password: 'correct-horse',
    });
    await at.go('update-user', { recourse: 'free x', name: 'M' });
    expect((await standingOf(at, id)).state).toBe('held');
    expect(await (await at.go('get-session')).text()).not.toMatch(/recourse|held/);
    for (const path of ['recourse-release', 'recourse-standing', 'recourse-sweep'])
      expect((await at.go(path, { userId: id })).status).toBe(404);
  });

  test('a user of before the plugin, who has no mark, is asked about what they prove next', async () => {
    const at = await start(kind);
    const id = await at.signUp('a@mail.example');
    const { adapter } = await at.auth.$context;
    const createdAt = new Date(now.getTime() - 30 * dayMs);
    await adapter.update({
      model: 'user',
      where: [{ field: 'id', value: id }],
      update: { recourse: null, recourseWaiting: null, createdAt },
    });
    await sweep(at);
    expect(asked).toEqual([]);
    await at.go(sent.link!);
    await settled(at, id, 'free');
    expect(asked).toMatchObject([{ ref: id, provenAt: now.toISOString() }]);
  });
});
