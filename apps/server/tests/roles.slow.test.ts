import { setTimeout as delay } from 'node:timers/promises';
import { signerFromJwk, type PartyId, type Role } from '@recourse/protocol';
import { buildSubmission } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startChild, type ChildServer } from './child-server.ts';
import { eventually } from './eventually.ts';
import { leafOf } from './ledger-fixture.ts';
import type { HttpAnswer, TestServer } from './run-server.ts';
import { payloadOf } from './sample-case.ts';
import { newWitnessedHome, type WitnessedHome } from './witnessed-home.ts';

// Each server is a process, and reads its sources anew.
vi.setConfig({ testTimeout: 300_000 });

let witnessed: WitnessedHome;
let a: TestServer;
let b: TestServer;
let workers: [ChildServer, ChildServer];

const soon = { RECOURSE_HOLD_HOURS: '0' };
const start = (role: string): Promise<ChildServer> =>
  startChild(witnessed.home, { ...soon, RECOURSE_ROLE: role });

beforeAll(async () => {
  // Witnesses that a server of the sandbox runs would die with it.
  witnessed = await newWitnessedHome();
  // The first makes the sandbox, and an api alone would stop to take calls after half a minute.
  workers = [await start('worker'), await start('worker')];
  a = (await start('api')).client;
  b = (await start('api')).client;
}, 300_000);
afterAll(() => witnessed.close());

/** A record that answers at once, as what is stated of a domain does. */
async function submit(at: TestServer): Promise<{ answer: HttpAnswer; sanction: string }> {
  const key = at.party('Harbour', 'trust');
  const signer = await signerFromJwk(key.privateJwk);
  const identity = { party: key.party as PartyId, role: key.role as Role, signer, statement: '' };
  const signing = { signedBy: { ...key, ...identity }, audience: at.origin, now: new Date() };
  const answer = await at.call(key, 'sanctions.submit', await buildSubmission(signing));
  expect(answer.status).toBe(200);
  const { sanction } = answer.body.result;
  const notice = {
    sanction,
    channel: 'letter',
    language: 'en',
    sentAt: Math.floor(Date.now() / 1000),
  };
  expect((await at.call(key, 'sanctions.stateNotice', notice)).status).toBe(200);
  return { answer, sanction };
}

const isLogged =
  (at: TestServer, { answer }: { answer: HttpAnswer }) =>
  async (): Promise<boolean> =>
    (await at.get(`/ledger/proof/${leafOf(answer)}`)).status === 200;

/** A full set may be some versions old: what follows it is asked for by its version. */
async function setVersion(at: TestServer): Promise<number> {
  const sync = async (known: object): Promise<number> => {
    const input = { list: 'all', epoch: 1, ...known };
    const { body } = await at.call(at.party('Tubely', 'service'), 'prefixes.sync', input);
    return Number(payloadOf(body.result.set)['version']);
  };
  return sync({ version: await sync({}) });
}

test('what one api takes a worker logs and publishes, and another api shows', async () => {
  const before = await setVersion(b);
  const submitted = await submit(a);
  const key = b.party('Harbour', 'trust');
  const { sanction } = submitted;
  expect((await b.call(key, 'sanctions.get', { sanction })).body.result.sanction).toBe(sanction);
  expect(await eventually(isLogged(b, submitted), Boolean)).toBe(true);
  const version = await eventually(
    () => setVersion(b),
    (now) => now > before,
  );
  expect(version).toBeGreaterThan(before);
});

test('a worker answers for its health, and nothing else', async () => {
  const { client } = workers[0];
  const paths = [
    '/healthz',
    '/readyz',
    '/ledger/checkpoint',
    '/.well-known/recourse',
    '/case',
    '/',
  ];
  const statuses = await Promise.all(paths.map(async (path) => (await client.get(path)).status));
  expect(statuses).toEqual([200, 200, 404, 404, 404, 404]);
  const call = await client.call(client.party('Tubely', 'service'), 'sanctions.list', {});
  expect(call.status).toBe(404);
});

test('a second worker goes on where the first one was killed, and without any an api logs nothing', async () => {
  const [first, second] = workers;
  first.child.kill('SIGKILL');
  await first.exited;
  expect(await eventually(isLogged(b, await submit(a)), Boolean)).toBe(true);

  second.child.kill('SIGTERM');
  await second.exited;
  const waiting = await submit(a);
  // Ten times as long as a worker takes between two looks.
  await delay(2_000);
  expect(await isLogged(b, waiting)()).toBe(false);

  await start('worker');
  expect(await eventually(isLogged(a, waiting), Boolean)).toBe(true);
});
