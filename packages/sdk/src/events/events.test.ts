import {
  eventUri,
  generateKey,
  signCompact,
  signerFromJwk,
  toNumericDate,
  type EventBody,
  type EventType,
  type Signer,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, type ConnectedClients } from '../../tests/connected.ts';
import {
  newSigner,
  now,
  origin,
  platformA,
  platformB,
  sanctionA,
} from '../../tests/fake-registry.ts';
import { cryptoRandom } from '../random.ts';
import { eventLoop, pollEvents, type EventLoopOptions } from './index.ts';

const sanctionB = sanctionA.replace(/0$/, '1');
const idOf = (n: number): string => `evt_01hzy3v7q8e9k4m5n6p7r8s9${n.toString().padStart(2, '0')}`;

let at: ConnectedClients;
let eventSigner: Signer;
/** Waiting at the registry, by id */
let waiting: Map<string, string>;
let acknowledged: string[][];
beforeEach(async () => {
  at = await connected();
  eventSigner = await newSigner();
  await at.registry.announce(at.registry.logSigner, eventSigner, { use: 'event' });
  waiting = new Map();
  acknowledged = [];
  at.registry.handlers.set('events.poll', ({ payload }) => {
    const { ack = [], maxEvents = 64 } = payload.in as { ack?: string[]; maxEvents?: number };
    acknowledged.push(ack);
    for (const id of ack) waiting.delete(id);
    const sets = Object.fromEntries([...waiting].slice(0, maxEvents));
    return { result: { sets, moreAvailable: waiting.size > maxEvents } };
  });
});

interface EventParts {
  readonly type?: EventType;
  readonly sanction?: string;
  readonly version?: number;
  readonly by?: Signer;
  readonly typ?: 'secevent+jwt' | 'recourse-receipt+jwt';
  readonly over?: object;
}

/** Puts an event where the next poll finds it. */
async function waits(n: number, parts: EventParts = {}): Promise<string> {
  const { type = 'sanction-disputed', sanction = sanctionA, version = 2 } = parts;
  const body: EventBody = { version };
  const set = await signCompact(parts.by ?? eventSigner, parts.typ ?? 'secevent+jwt', {
    iss: origin,
    aud: platformA,
    iat: toNumericDate(now),
    jti: idOf(n),
    txn: sanction,
    sub_id: { format: 'opaque', id: sanction },
    events: { [eventUri(type)]: body },
    ...parts.over,
  });
  waiting.set(idOf(n), set);
  return set;
}

const poll = (options = {}) => pollEvents(at.recourse.session, options);

describe('an event is returned only when the registry signed it for this party', () => {
  it('returns what happened to which sanction, and acknowledges', async () => {
    await waits(1);
    await waits(2, { type: 'evidence-requested' });
    expect(await poll({ maxEvents: 1 })).toEqual({
      events: [
        {
          id: idOf(1),
          type: 'sanction-disputed',
          sanction: sanctionA,
          body: { version: 2 },
          at: now,
        },
      ],
      moreAvailable: true,
    });
    const { events } = await poll({ ack: [idOf(1)] });
    expect(events.map(({ type }) => type)).toEqual(['evidence-requested']);
  });

  it('reads keys of both algorithms', async () => {
    const es256 = await signerFromJwk(await generateKey('ES256'));
    await at.registry.announce(at.registry.logSigner, es256, { use: 'event' });
    await waits(1, { by: es256 });
    expect((await poll()).events).toHaveLength(1);
  });

  const subject = (id: string) => ({ format: 'opaque', id });
  it.each<[string, EventParts]>([
    ['for another party', { over: { aud: platformB } }],
    ['of another registry', { over: { iss: 'https://other.example' } }],
    ['of another type of token', { typ: 'recourse-receipt+jwt' }],
    ['listed under another id', { over: { jti: idOf(9) } }],
    ['about one case in the name of another', { over: { sub_id: subject(sanctionB) } }],
    ['without an event', { over: { events: {} } }],
    [
      'of an unknown kind',
      { over: { events: { [`${eventUri('sanction-upheld')}x`]: { version: 2 } } } },
    ],
    [
      'with two events',
      {
        over: {
          events: {
            [eventUri('sanction-upheld')]: { version: 2 },
            [eventUri('sanction-reversed')]: { version: 2 },
          },
        },
      },
    ],
    ['with text where ids and enums belong', { over: { note: 'they are a fraud' } }],
  ])('refuses a token %s', async (_, made) => {
    await waits(1, made);
    expect(await codeOf(poll)).toBe('event-invalid');
  });

  it('refuses a key that was not announced for events', async () => {
    await waits(1, { by: at.registry.receiptSigner });
    expect(await codeOf(poll)).toBe('registry-key-invalid');
    await waits(1, { by: await newSigner() });
    expect(await codeOf(poll)).toBe('registry-key-invalid');
  });

  it('refuses a token that was changed after it was signed', async () => {
    const [header, , signature] = (await waits(1)).split('.');
    const payload = (await waits(1, { type: 'sanction-reversed' })).split('.')[1];
    waiting.set(idOf(1), [header, payload, signature].join('.'));
    expect(await codeOf(poll)).toBe('event-invalid');
  });

  it('fails the whole poll, rather than leave out what does not verify', async () => {
    await waits(1);
    await waits(2, { over: { aud: platformB } });
    expect(await codeOf(poll)).toBe('event-invalid');
  });
});

describe('the loop', () => {
  /** Runs until so many waits have passed. */
  async function run(
    handle: EventLoopOptions['handle'],
    options: { pauses?: number; onError?: EventLoopOptions['onError'] } = {},
  ): Promise<number[]> {
    const stop = new AbortController();
    const waits: number[] = [];
    const { pauses = 1 } = options;
    const recourse = at.connectAgain({
      // Two bytes are a jitter, more are a name.
      random: (size) => (size === 2 ? new Uint8Array(2).fill(128) : cryptoRandom(size)),
      sleep: async (milliseconds) => {
        if (waits.push(milliseconds) >= pauses) stop.abort();
      },
    });
    await eventLoop(recourse.session, {
      handle,
      signal: stop.signal,
      intervalSeconds: 30,
      onError: options.onError,
    });
    return waits;
  }

  it('handles each once and acknowledges it', async () => {
    await waits(1);
    await waits(2, { sanction: sanctionB });
    const handled: string[] = [];
    expect(await run(async ({ id }) => void handled.push(id))).toEqual([30_000]);
    expect(handled).toEqual([idOf(1), idOf(2)]);
    expect(acknowledged).toEqual([[], [idOf(1), idOf(2)]]);
  });

  it('handles those of one sanction in the order of its versions, whatever order they come in', async () => {
    await waits(1, { version: 3, type: 'sanction-reversed' });
    await waits(2, { version: 2 });
    const handled: number[] = [];
    await run(async ({ body }) => void handled.push(body.version));
    expect(handled).toEqual([2, 3]);
  });

  it('drops a state that was overtaken, and acknowledges it; but no duty', async () => {
    await waits(1, { version: 5, type: 'sanction-reinstated' });
    const handled: string[] = [];
    await run(async ({ type }) => {
      if (handled.push(type) > 1) return;
      await waits(2, { version: 4, type: 'sanction-suspended' });
      await waits(3, { version: 4, type: 'evidence-requested' });
    });
    expect(handled).toEqual(['sanction-reinstated', 'evidence-requested']);
    expect(acknowledged).toEqual([[], [idOf(1)], [idOf(2), idOf(3)]]);
  });

  it('acknowledges only what was handled, holds back what comes after it, and waits', async () => {
    await waits(1, { version: 2 });
    await waits(2, { version: 3, type: 'sanction-reversed' });
    await waits(3, { sanction: sanctionB });
    const tries: string[] = [];
    const errors: unknown[] = [];
    const handle: EventLoopOptions['handle'] = async ({ id }) => {
      tries.push(id);
      if (id === idOf(1) && tries.length === 1) throw new Error('our database is away');
    };
    const onError: EventLoopOptions['onError'] = (error, event) =>
      void errors.push([String(error), event?.id]);
    await run(handle, { pauses: 2, onError });
    expect(tries).toEqual([idOf(1), idOf(3), idOf(1), idOf(2)]);
    expect(errors).toEqual([['Error: our database is away', idOf(1)]]);
    expect(acknowledged).toEqual([[], [idOf(3)], [idOf(1), idOf(2)]]);
  });

  it('waits longer after each failed poll, and goes on', async () => {
    at.registry.handlers.delete('events.poll');
    const codes: unknown[] = [];
    const waited = await run(async () => undefined, {
      pauses: 12,
      onError: (error) => void codes.push((error as { code?: string }).code),
    });
    expect(codes).toEqual(Array(12).fill('unknown-op'));
    expect(waited[0]).toBe(30_000);
    expect(waited.at(-1)).toBeGreaterThan(60_000);
    expect(waited.at(-1)).toBeLessThanOrEqual(300_000);
  });
});
