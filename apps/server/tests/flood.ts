import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A process that floods a server from 127.0.0.2 with well-formed calls under a bad signature, as fast as it can:
 * `node flood.ts <url> <seconds>` with the call on standard input. Prints how often it got each answer.
 */
const [url = '', seconds = '1'] = process.argv.slice(2);
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const body = Buffer.concat(chunks);
const until = performance.now() + Number(seconds) * 1000;
const counts: Record<string, number> = {};
const count = (name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};
const agent = new Agent({ keepAlive: true, maxSockets: 128 });

function send(): Promise<void> {
  return new Promise((resolve) => {
    const headers = { 'Content-Type': 'application/jose', 'Content-Length': body.length };
    const options = { agent, method: 'POST', headers, localAddress: '127.0.0.2' };
    const sent = request(`${url}/call/sanctions.list`, options, (response) => {
      count(String(response.statusCode));
      response.resume();
      response.on('close', resolve);
    });
    sent.on('error', () => {
      count('cut');
      resolve();
    });
    sent.end(body);
  });
}

async function flood(): Promise<void> {
  while (performance.now() < until) await send();
}

await Promise.race([
  Promise.all(Array.from({ length: 128 }, flood)),
  sleep(Number(seconds) * 1000 + 2000),
]);
console.log(JSON.stringify(counts));
process.exit();
