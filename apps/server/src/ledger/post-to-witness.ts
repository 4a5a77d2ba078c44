import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { checkedAddress, type AddressRules } from './witness-address.ts';

/** The operator's own witness is in the network of the operator: whoever sets the address may reach all of it. */
export const ownAddress = 'own';

export interface WitnessReply {
  readonly status: number;
  readonly body: Buffer;
}

/** A cosignature has 100 bytes and a size 17. */
const mostBytes = 4_096;

/**
 * Sends a body to an address that a member chose, or the operator, and reads what comes back as far as it is small. Redirects are
 * answers like any other: nothing is followed. One connection each, so that none outlives its check.
 * @param request.signal ends it, whatever the other side does
 * @throws AddressError, `too-large`, or what the network says
 */
export async function postToWitness(
  url: string,
  request: { body: string; signal: AbortSignal; rules: AddressRules | typeof ownAddress },
): Promise<WitnessReply> {
  const target = new URL(url);
  const { rules } = request;
  const lookup =
    rules === ownAddress
      ? undefined
      : await orAborted(checkedAddress(target, rules), request.signal);
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = send(target, {
      method: 'POST',
      agent: false,
      ...(lookup ? { lookup } : {}),
      signal: request.signal,
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Length': Buffer.byteLength(request.body),
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostBytes) sent.destroy(new TooLarge());
        else chunks.push(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }),
      );
      response.on('error', reject);
    });
    sent.end(request.body);
  });
}

class TooLarge extends Error {
  override readonly name = 'TooLarge';
  readonly code = 'too-large';
}

/** A resolver cannot be aborted: it is left to itself. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
