import { setTimeout as delay } from 'node:timers/promises';
import { cosign, encodeSignatures, parseNote } from '@recourse/ledger';
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import type { TestServer } from './run-server.ts';
import { newNoteSigner, type TestWitness } from './test-witness.ts';
import {
  grown,
  newWitnessedHome,
  servedSize,
  witnessedSize,
  type WitnessedHome,
} from './witnessed-home.ts';

let witnessed: WitnessedHome;
let server: TestServer;
let lines: string[];
let a: TestWitness;
let b: TestWitness;
let c: TestWitness;
beforeAll(async () => {
  witnessed = await newWitnessedHome();
  [a, b, c] = witnessed.witnesses;
  ({ server, said: lines } = await witnessed.start());
});
afterEach(async () => {
  c.answer = undefined;
  await b.up();
});
afterAll(() => witnessed.close());

const call = () => server.call(server.party('Harbour', 'service'), 'sanctions.list', {});
const saying = async (text: string): Promise<boolean> =>
  eventually(
    () => Promise.resolve(lines.some((line) => line.includes(text))),
    (isSaid) => isSaid,
  );
const namesIn = async (): Promise<string[]> =>
  parseNote((await server.get('/ledger/checkpoint')).text).signatures.map(({ name }) => name);

describe('of three witnesses', () => {
  test('all cosign: every line is served', async () => {
    await grown(server);
    const all = [
      'registry.test/ledger',
      ...witnessed.witnesses.map((witness) => witness.signer.key.name),
    ];
    const names = await eventually(namesIn, (now) => all.every((name) => now.includes(name)));
    expect(names).toEqual(expect.arrayContaining(all));
  });

  test('two are enough', async () => {
    const before = await witnessedSize(server);
    await c.down();
    expect(await grown(server)).toBeGreaterThan(before);
    expect(await saying('Witness c.example/witness (plt_')).toBe(true);
    await c.up();
    expect(await saying('cosigns again')).toBe(true);
  });

  test('one is not: what was cosigned last is served on, and the lag is told', async () => {
    const before = await grown(server);
    await b.down();
    await c.down();
    await call();
    const asked = a.asked.length;
    await eventually(
      () => Promise.resolve(a.asked.length),
      (n) => n > asked,
    );
    const isLagging = () => Promise.resolve(lines.some((line) => line.startsWith('LAGGING')));
    const isTold = async () =>
      (await eventually(isLagging, Boolean)) || eventually(isLagging, Boolean);
    expect(await isTold()).toBe(true);
    expect([await servedSize(server), await witnessedSize(server)]).toEqual([before, before]);
    expect((await call()).status).toBe(200);
    await b.up();
    await c.up();
    const size = await eventually(
      () => witnessedSize(server),
      (now) => now > before,
    );
    expect(size).toBeGreaterThan(before);
    expect(await saying('served to its end again')).toBe(true);
  });
});

describe('a witness that is needed and', () => {
  const ending = (status: number, body: string) => (response: ServerResponse) => {
    response.writeHead(status).end(body);
  };
  const signedBy = async (
    response: ServerResponse,
    request: string,
    signer: TestWitness['signer'],
  ) => {
    const { text } = parseNote(request.slice(request.indexOf('\n\n') + 2));
    response.end(encodeSignatures([await cosign(text, { signer, time: 1 })]));
  };

  test.each<[string, string, (response: ServerResponse, body: string) => unknown]>([
    ['answers garbage', 'cosignature-invalid', ending(200, '\u0000<html>')],
    ['answers nothing', 'cosignature-invalid', ending(200, '')],
    ['answers without end', 'too-large', ending(200, 'x'.repeat(1_000_000))],
    ['is slow', 'timeout', () => undefined],
    ['fails', 'status-500', ending(500, '')],
    ['does not know the log', 'status-404', ending(404, '')],
    ['redirects', 'status-302', (response) => response.writeHead(302, { Location: a.url }).end()],
    ['says that it is elsewhere, in words', 'answer-malformed', ending(409, 'elsewhere')],
    [
      'says that it is at a size beyond all',
      'answer-malformed',
      ending(409, '99999999999999999999'),
    ],
    [
      'says now one size, now another',
      'answer-malformed',
      (response) => {
        response.writeHead(409).end(String(1 + (c.asked.length % 3)));
      },
    ],
    [
      'cosigns with another key',
      'cosignature-invalid',
      async (response, body) => {
        await signedBy(response, body, await newNoteSigner('c.example/witness', 'cosignature'));
      },
    ],
    [
      'cosigns by the name of another',
      'cosignature-invalid',
      async (response, body) => {
        await signedBy(response, body, {
          ...c.signer,
          key: { ...c.signer.key, name: 'a.example/witness' },
        });
      },
    ],
    [
      'cosigns another checkpoint',
      'cosignature-invalid',
      async (response, body) => {
        const text = body.slice(body.indexOf('\n\n') + 2).replace(/\n\d+\n/, '\n9\n');
        await signedBy(response, `old 0\n\n${text}`, c.signer);
      },
    ],
  ])('%s does not count', async (_, why, answer) => {
    const before = await grown(server);
    await b.down();
    c.answer = (_request, response, body) => answer(response, body.toString('utf8'));
    lines.length = 0;
    await call();
    const line = () =>
      Promise.resolve(lines.find((line) => line.includes('Witness c.example/witness')) ?? '');
    expect(await eventually(line, (one) => one !== '')).toContain(`does not cosign: ${why}.`);
    expect(await servedSize(server)).toBe(before);
    c.answer = undefined;
    const size = await eventually(
      () => witnessedSize(server),
      (now) => now > before,
    );
    expect(size).toBeGreaterThan(before);
  });
});

test('a slow witness holds up neither signing nor the others', async () => {
  const isGrownBeside = async (): Promise<boolean> => {
    let held: ServerResponse | undefined;
    c.answer = (_request, response) => (held ??= response);
    const before = await grown(server);
    const asked = await eventually(
      () => Promise.resolve(held),
      (response) => response !== undefined,
    );
    return (await grown(server)) > before && asked?.destroyed === false;
  };
  // A question is given up after some seconds: a busy machine may need more for a checkpoint.
  expect((await isGrownBeside()) || (await isGrownBeside()) || (await isGrownBeside())).toBe(true);
});

test('a witness that has seen less than it says is asked from there', async () => {
  await grown(server);
  await c.down();
  c.remember(undefined);
  await c.up();
  await grown(server);
  const names = await eventually(namesIn, (all) => all.includes('c.example/witness'));
  expect(names).toContain('c.example/witness');
});

test('one of three that disagrees is named, and stops nothing', async () => {
  c.remember({ size: 1_000_000, root: new Uint8Array(32) });
  const before = await grown(server);
  expect(await saying('Witness c.example/witness')).toBe(true);
  expect(await saying('(rolled-back)')).toBe(true);
  await delay(300);
  expect(await grown(server)).toBeGreaterThan(before);
  expect(lines.some((line) => line.includes('RECOVERING'))).toBe(false);
});

test('two of three that disagree while it runs: the registry recovers', async () => {
  const { size } = b;
  b.remember({ size: 1_000_000, root: new Uint8Array(32) });
  await call();
  expect(await saying('RECOVERING')).toBe(true);
  expect((await call()).status).toBe(503);
  expect(await servedSize(server)).toBe(size);
});
