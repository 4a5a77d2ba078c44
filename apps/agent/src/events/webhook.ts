import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { writeDurably } from '../secrets/private-file.ts';
import type { EventFeed } from './event-feed.ts';
import type { LoggedEvent } from './event-log.ts';
import { nearLookup } from './webhook-address.ts';

const attemptMs = 10_000;
const mostPauseMs = 300_000;

export interface WebhookOptions {
  readonly url: URL;
  readonly allowPrivate: boolean;
  readonly secret: string;
  readonly feed: EventFeed;
  /** Where it is kept how far the receiver came */
  readonly placeFile: string;
  readonly clock: () => Date;
  readonly log: Log;
  readonly onAttempt?: ((end: 'delivered' | 'failed') => void) | undefined;
}

/**
 * Posts events to one local service, in order: the next one leaves when this one was answered by 2xx. What fails is
 * posted again, later and later. Each comes at least once, with an id that stays the same.
 */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.#options.log.fault('webhook', error);
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { feed, placeFile } = this.#options;
    const { signal } = this.#stopping;
    for await (const logged of feed.from(placeOf(placeFile), signal)) {
      await this.#deliver(logged, signal);
      writeDurably(placeFile, String(logged.seq));
    }
  }

  async #deliver(logged: LoggedEvent, signal: AbortSignal): Promise<void> {
    const { log, onAttempt } = this.#options;
    for (let failures = 0; ; failures++) {
      signal.throwIfAborted();
      try {
        await this.#post(logged, signal);
        onAttempt?.('delivered');
        return;
      } catch (error) {
        signal.throwIfAborted();
        onAttempt?.('failed');
        log.fault(`webhook of ${logged.event.id}`, error);
        await sleep(Math.min(mostPauseMs, 500 * 2 ** failures), undefined, { signal });
      }
    }
  }

  #post(logged: LoggedEvent, signal: AbortSignal): Promise<void> {
    const { url, allowPrivate, secret, clock } = this.#options;
    const body = JSON.stringify(logged.event);
    const message = { id: logged.event.id, timestamp: Math.floor(clock().getTime() / 1000), body };
    return new Promise((resolve, reject) => {
      // Redirects are not followed: they could lead off the machine.
      const posted = request(url, {
        method: 'POST',
        lookup: nearLookup(allowPrivate),
        signal: AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'webhook-id': message.id,
          'webhook-timestamp': String(message.timestamp),
          'webhook-signature': signatureOf(message, secret),
        },
      });
      posted.once('error', reject);
      posted.once('response', (response) => {
        const { statusCode = 0 } = response;
        response.resume();
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(Object.assign(new Error('refused'), { code: `status ${statusCode}` }));
      });
      posted.end(body);
    });
  }
}

/**
 * Standard Webhooks 1.0, "Verifying signatures": HMAC-SHA-256 over id, time and body, base64.
 * @param secret `whsec_` and base64, as that specification writes it, or any text
 */
function signatureOf(
  { id, timestamp, body }: { id: string; timestamp: number; body: string },
  secret: string,
): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return `v1,${mac}`;
}

const placeOf = (path: string): number =>
  existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
