import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { recourse } from '@recourse/better-auth';
import { workerPort } from '@recourse/testkit';
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { genericOAuth, magicLink } from 'better-auth/plugins';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { spawnAgent, type AgentProcess } from './agent-process.ts';
import { bytesIn, endedIn } from './kept-questions.ts';
import { Stage } from './stage.ts';

/** `npm run ways` plays 500 and five minutes. */
const signups = Number(process.env['RECOURSE_SIGNUPS'] ?? '60');
const outageSeconds = Number(process.env['RECOURSE_OUTAGE_SECONDS'] ?? '10');
const kills = signups < 500 ? 4 : 10;
const origin = 'http://localhost:3000';

// A registry has to start first.
vi.setConfig({ hookTimeout: 600_000 });

let stage: Stage;
let state: string;
let agentUrl: string;
let startAgent: () => Promise<AgentProcess>;
beforeAll(async () => {
  stage = await Stage.start();
  state = join(stage.dir, 'state');
  const address = `127.0.0.1:${await workerPort()}`;
  agentUrl = `http://${address}`;
  const flags = ['--no-token', '--config', stage.profileOf('Harbour'), '--state', state];
  startAgent = () => spawnAgent([...flags, '--listen', address]);
});
afterAll(() => stage.end());

/** The last link that was mailed, and the person whom the OAuth provider describes. */
let link = '';
let person = { id: '', email: '', emailVerified: true };
const held: string[] = [];

async function startApplication() {
  const options = {
    baseURL: origin,
    secret: 'a-secret-of-a-test-that-is-long-enough',
    database: new DatabaseSync(':memory:'),
    emailAndPassword: { enabled: true },
    emailVerification: {
      sendOnSignUp: true,
      sendVerificationEmail: async ({ url }) => void (link = url),
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [
      magicLink({ sendMagicLink: async ({ url }) => void (link = url) }),
      genericOAuth({
        config: [
          {
            providerId: 'stub',
            clientId: 'c',
            clientSecret: 's',
            authorizationUrl: `${origin}/authorize`,
            tokenUrl: `${origin}/token`,
            getToken: async () => ({ accessToken: 'a' }),
            getUserInfo: async () => ({ ...person, name: 'N' }),
          },
        ],
      }),
      recourse({
        agent: { url: agentUrl, token: 'none-is-asked-for' },
        onHeld: ({ userId }) => void held.push(userId),
        everySeconds: 1,
      }),
    ],
  } satisfies BetterAuthOptions;
  await (await getMigrations(options)).runMigrations();
  return betterAuth(options);
}

type Application = Awaited<ReturnType<typeof startApplication>>;

/** Signs somebody up as a browser of their own would. */
async function signUp({ handler }: Application, n: number, email: string): Promise<void> {
  const cookies: string[] = [];
  const go = async (path: string, body?: object): Promise<Response> => {
    const response = await handler(
      new Request(new URL(path, `${origin}/api/auth/`), {
        ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
        headers: { 'content-type': 'application/json', origin, cookie: cookies.join('; ') },
      }),
    );
    cookies.push(...response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? ''));
    expect(response.status).toBeLessThan(400);
    return response;
  };
  if (n % 4 === 0) {
    await go('sign-up/email', { email, password: 'correct-horse', name: 'N' });
    await go(link);
  } else if (n % 4 === 1) {
    await go('sign-in/magic-link', { email });
    await go(link);
  } else {
    person = { id: `o-${n}`, email, emailVerified: n % 4 === 2 };
    const begun = await go('sign-in/social', { provider: 'stub', callbackURL: '/' });
    const { url } = (await begun.json()) as { url: string };
    await go(`callback/stub?code=c&state=${new URL(url).searchParams.get('state')}`);
  }
}

interface User {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
}

test(
  'signups of an outage, by the real Better Auth: nobody is held back by it, and each proof has one result',
  async () => {
    const application = await startApplication();
    let agent = await startAgent();
    const down = Math.floor(signups / 5);
    const up = Math.floor((signups * 4) / 5);
    let wentDown = 0;
    for (let n = 0; n < signups; n++) {
      if (n === down) {
        await stage.stopRegistry();
        wentDown = performance.now();
      }
      if (n === up) {
        await sleep(Math.max(0, wentDown + outageSeconds * 1000 - performance.now()));
        await stage.startRegistry();
      }
      const isListed = n === down + 2 - (down % 4);
      await signUp(
        application,
        n,
        isListed ? 'best.deals@mail.example' : `canary-${n}@mail.example`,
      );
      if (n % Math.ceil(signups / kills) === 0) {
        await agent.kill();
        agent = await startAgent();
      }
    }
    const { adapter } = await application.$context;
    const users = await adapter.findMany<User>({ model: 'user', limit: signups + 1 });
    expect(users).toHaveLength(signups);
    const proven = users.filter(({ emailVerified }) => emailVerified);
    expect(users.filter(({ emailVerified }) => !emailVerified)).toHaveLength(
      Math.floor(signups / 4),
    );

    const standingOf = async ({ id }: User): Promise<string> =>
      (await application.api.recourseStanding({ body: { userId: id } })).state;
    await expect
      .poll(
        async () => (await Promise.all(proven.map(standingOf))).filter((one) => one === 'waiting'),
        {
          timeout: 300_000,
          interval: 1_000,
        },
      )
      .toEqual([]);
    const heldUsers: string[] = [];
    for (const user of users) if ((await standingOf(user)) === 'held') heldUsers.push(user.email);
    expect(heldUsers).toEqual(['best.deals@mail.example']);
    expect(held).toHaveLength(1);

    // One event for each proof, and none for whom the provider did not call verified.
    const ended = await endedIn(agentUrl);
    expect([ended.length, new Set(ended).size]).toEqual([proven.length, proven.length]);
    expect(bytesIn(state)).toContain(proven[0]?.id);
    expect(bytesIn(state)).not.toContain('canary');
    await agent.kill();
  },
  (outageSeconds + 900) * 1000,
);
