import { createHmac, createHash, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Source } from './source.ts';

const toleranceMs = 300_000;

/** One request of a source. */
export interface Delivered {
  readonly body: Buffer;
  readonly header: (name: string) => string | undefined;
  readonly now: Date;
}

/** Whether a request is of its source, and not an old one. */
export function isOf(
  { verify, secret }: Pick<Source, 'verify' | 'secret'>,
  of: Delivered,
): boolean {
  const { by } = verify;
  if (by === 'standard-webhooks') return isSigned(secret, of, 'webhook');
  // The same scheme, with headers of its own.
  if (by === 'svix') return isSigned(secret, of, 'svix');
  if (by === 'ghost') return isOfGhost(secret, of);
  const sent = of.header(verify.header) ?? '';
  if (by === 'header') return isSame(sent, secret);
  return isSame(sent.replace(/^sha256=/, ''), macOf(secret, of.body));
}

function isSigned(secret: string, { body, header }: Delivered, prefix: string): boolean {
  const sent = (name: string): string => header(`${prefix}-${name}`) ?? '';
  try {
    new Webhook(secret).verify(body.toString('utf8'), {
      'webhook-id': sent('id'),
      'webhook-timestamp': sent('timestamp'),
      'webhook-signature': sent('signature'),
    });
    return true;
  } catch {
    return false;
  }
}

/** Ghost signs the body and the milliseconds behind it. */
function isOfGhost(secret: string, { body, header, now }: Delivered): boolean {
  const sent = header('x-ghost-signature') ?? '';
  const [, mac = '', at = ''] = /^sha256=([0-9a-f]{64}), ?t=(\d{1,16})$/.exec(sent) ?? [];
  const isNew = Math.abs(now.getTime() - Number(at)) <= toleranceMs;
  return isNew && isSame(mac, macOf(secret, Buffer.concat([body, Buffer.from(at)])));
}

const macOf = (secret: string, body: Buffer): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** In the same time for every value. */
const isSame = (sent: string, right: string): boolean =>
  timingSafeEqual(digestOf(sent), digestOf(right));

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
