import { newCaseSecret } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { newJti } from '../../src/case-secret.ts';

/**
 * A process that guesses codes from 127.0.0.3 as fast as it can: `node guess.ts <url> <guesses> <connections>`, with one
 * right code on standard input, which it sends as every 500th. Prints how often it got each status.
 */
const [url = '', total = '', connections = ''] = process.argv.slice(2);
const right = (await text(process.stdin)).trim();
const most = Number(connections);
const agent = new Agent({ keepAlive: true, maxSockets: most });
const counts: Record<string, number> = {};

function send(code: string): Promise<number> {
  const body = JSON.stringify({ jti: newJti(randomBytes), code });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
  const options = { agent, method: 'POST', headers, localAddress: '127.0.0.3' };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/trpc/case.open`, options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject).end(body);
  });
}

let sent = 0;
async function guess(): Promise<void> {
  while (sent < Number(total)) {
    const isRight = ++sent % 500 === 0;
    const status = await send(isRight ? right : newCaseSecret(randomBytes));
    const name = `${isRight ? 'right' : 'wrong'} ${status}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
}

await Promise.all(Array.from({ length: most }, guess));
console.log(JSON.stringify(counts));
process.exit();
