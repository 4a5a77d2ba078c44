import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Recourse } from '@recourse/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../log.ts';
import { EventFeed } from './event-feed.ts';
import { EventLog } from './event-log.ts';
import { Webhook } from './webhook.ts';

interface PostedEvent {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let server: Server;
let posted: PostedEvent[];
let statuses: number[];
let events: EventLog;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recourse-webhook-'));
  events = new EventLog(join(folder, 'events'));
  for (const n of [1, 2]) {
    const at = new Date('2026-03-01T12:00:00Z');
    events.append({
      id: `evt_${n}`,
      type: 'question',
      sanction: 'snc_1',
      body: { version: n },
      at,
    });
  }
  posted = [];
  statuses = [];
  server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  posted.push({ headers: request.headers, body: await text(request) });
  response.writeHead(statuses.shift() ?? 204).end();
}

const start = (): Webhook => {
  const { port } = server.address() as AddressInfo;
  const feed = new EventFeed({
    recourse: {} as Recourse,
    events,
    intervalSeconds: 1,
    log: silentLog,
  });
  const webhook = new Webhook({
    url: new URL(`http://127.0.0.1:${port}/hook`),
    allowPrivate: false,
    secret: 'whsec_c2VjcmV0',
    feed,
    placeFile: join(folder, 'place'),
    clock: () => new Date('2026-03-01T12:00:00Z'),
    log: silentLog,
  });
  webhook.start();
  return webhook;
};
const ids = (): (string | string[] | undefined)[] =>
  posted.map(({ headers }) => headers['webhook-id']);

test('events are posted in order, again until they are taken, and signed as the receiver verifies it', async () => {
  statuses = [500];
  const webhook = start();
  await expect.poll(ids, { timeout: 30_000 }).toEqual(['evt_1', 'evt_1', 'evt_2']);
  const { headers, body } = posted[0]!;
  const signed = `evt_1.${String(headers['webhook-timestamp'])}.${body}`;
  const mac = createHmac('sha256', 'secret').update(signed).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${mac}`);
  await webhook.stop();
});

test('a redirect is a refusal: nothing leaves the machine by one', async () => {
  statuses = [302];
  const webhook = start();
  await expect.poll(ids, { timeout: 30_000 }).toEqual(['evt_1', 'evt_1', 'evt_2']);
  await webhook.stop();
});

test('after a restart it goes on where the receiver was', async () => {
  const first = start();
  await expect.poll(ids, { timeout: 30_000 }).toHaveLength(2);
  await first.stop();
  const at = new Date('2026-03-01T12:00:00Z');
  events.append({ id: 'evt_3', type: 'question', sanction: 'snc_1', body: { version: 3 }, at });
  const second = start();
  await expect.poll(ids, { timeout: 30_000 }).toEqual(['evt_1', 'evt_2', 'evt_3']);
  await second.stop();
});
