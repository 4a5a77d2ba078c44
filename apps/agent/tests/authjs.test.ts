import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { Auth, customFetch, type AuthConfig } from '@auth/core';
import type { Adapter, AdapterUser, VerificationToken } from '@auth/core/adapters';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

const origin = 'https://app.example';

interface Asked {
  readonly ref: string;
  readonly identifiers: { readonly email: string };
}

/** Stands in the place of the agent: it takes questions, after it was away for the first `away` of them. */
let agent: Server;
let asked: Asked[];
let away: number;
let link: string;
let profile: Record<string, unknown>;
let config: AuthConfig;
beforeAll(async () => {
  agent = createServer((request, response) => {
    void json(request).then((question) => {
      if (away-- > 0) return response.writeHead(503).end();
      asked.push(question as Asked);
      return response.writeHead(202).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(agent, 'listening');
  process.env['RECOURSE_AGENT'] = `http://127.0.0.1:${(agent.address() as AddressInfo).port}`;
  // It reads where the agent is once.
  const { signupEvents } = await import('../examples/authjs/signup-events.ts');
  config = configOf(signupEvents);
});
afterAll(() => {
  delete process.env['RECOURSE_AGENT'];
  agent.closeAllConnections();
  agent.close();
});
beforeEach(() => {
  [asked, away] = [[], 0];
});

/** What a provider answers over HTTPS, without a network. */
const provider: typeof fetch = async (input) => {
  const path = new URL(input instanceof Request ? input.url : input).pathname;
  return Response.json(path === '/token' ? { access_token: 'a', token_type: 'Bearer' } : profile);
};

const configOf = (events: NonNullable<AuthConfig['events']>): AuthConfig => ({
  secret: 'a-secret-of-a-test-that-is-long-enough',
  trustHost: true,
  basePath: '/auth',
  adapter: memory(),
  session: { strategy: 'jwt' },
  events,
  logger: { error: () => undefined },
  providers: [
    {
      id: 'mail',
      type: 'email',
      name: 'Mail',
      from: 'a@app.example',
      maxAge: 600,
      sendVerificationRequest: ({ url }) => void (link = url),
      options: {},
    },
    {
      id: 'stub',
      type: 'oauth',
      name: 'Stub',
      clientId: 'c',
      clientSecret: 's',
      checks: ['state'],
      authorization: 'https://provider.example/authorize',
      token: 'https://provider.example/token',
      userinfo: 'https://provider.example/user',
      profile: ({ sub, email }: Record<string, string>) => ({ id: sub!, email: email! }),
      [customFetch]: provider,
    },
  ],
});

/** Users in memory, as an adapter of Auth.js keeps them. */
function memory(): Adapter {
  const users: AdapterUser[] = [];
  const accounts: { provider: string; providerAccountId: string; userId: string }[] = [];
  let waiting: VerificationToken | undefined;
  return {
    createUser: (user) => (users.push({ ...user }), user),
    getUser: (id) => users.find((user) => user.id === id) ?? null,
    getUserByEmail: (email) => users.find((user) => user.email === email) ?? null,
    getUserByAccount: ({ provider: of, providerAccountId: at }) => {
      const known = accounts.find((one) => one.provider === of && one.providerAccountId === at);
      return users.find(({ id }) => id === known?.userId) ?? null;
    },
    updateUser: ({ id, ...change }) =>
      Object.assign(
        users.find((user) => user.id === id)!,
        change,
      ),
    linkAccount: (account) => void accounts.push(account),
    createVerificationToken: (token) => (waiting = token),
    useVerificationToken: () => waiting ?? null,
  };
}

/** Requests as one browser makes them, with its cookies. */
function browser() {
  const cookies = new Map<string, string>();
  const go = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const response = await Auth(
      new Request(new URL(url, origin), {
        ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
        headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      }),
      config,
    );
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  const signIn = async (by: string, form: Record<string, string> = {}): Promise<Response> => {
    const { csrfToken } = (await (await go('/auth/csrf')).json()) as { csrfToken: string };
    return go(`/auth/signin/${by}`, { ...form, csrfToken });
  };
  return { go, signIn };
}

async function byOAuth(of: Record<string, unknown>): Promise<void> {
  profile = of;
  const { go, signIn } = browser();
  const begun = await signIn('stub');
  const state = new URL(begun.headers.get('location')!).searchParams.get('state') ?? '';
  await go(`/auth/callback/stub?code=c&state=${encodeURIComponent(state)}`);
}

async function byMail(email: string): Promise<void> {
  const { go, signIn } = browser();
  await signIn('mail', { email });
  await go(link);
}

const emails = (): string[] => asked.map(({ identifiers }) => identifiers.email);

test('a magic link is asked about once, and its later ones are no new proof', async () => {
  await byMail('link@mail.example');
  await vi.waitFor(() => expect(emails()).toEqual(['link@mail.example']));
  expect(asked[0]).toMatchObject({ purpose: 'signup', ref: expect.stringMatching(/^[\w-]{8,}$/) });
  await byMail('link@mail.example');
  await byMail('second@mail.example');
  await vi.waitFor(() => expect(emails()).toEqual(['link@mail.example', 'second@mail.example']));
});

test('an OAuth user is asked about at their first sign-in, if the provider says verified', async () => {
  const verified = { sub: '1', email: 'oauth@mail.example', email_verified: true };
  await byOAuth({ sub: '2', email: 'unproven@mail.example', email_verified: false });
  await byOAuth({ sub: '3', email: 'unsaid@mail.example' });
  await byOAuth(verified);
  await byOAuth(verified);
  await byMail('after@mail.example');
  await vi.waitFor(() => expect(emails()).toEqual(['oauth@mail.example', 'after@mail.example']));
});

test('while the agent is away nobody waits or is denied, and each is asked about afterwards', async () => {
  away = 1;
  await byMail('away@mail.example');
  expect(emails()).toEqual([]);
  await vi.waitFor(() => expect(emails()).toEqual(['away@mail.example']), { timeout: 10_000 });
});
