import { once } from 'node:events';
import { Agent, request } from 'node:http';
import process from 'node:process';

/** What one neighbour sends, in a process of its own, for some seconds. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly connections: number;
  /** Requests a second over all connections; as fast as answers come where it is left out */
  readonly perSecond?: number;
  readonly seconds: number;
  /** Address on loopback that it comes from */
  readonly from: string;
}

process.once('message', (load: Load) => void send(load));
process.once('disconnect', () => process.exit());

async function send(load: Load): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const until = Date.now() + load.seconds * 1000;
  const pauseMs = load.perSecond ? (1000 * load.connections) / load.perSecond : 0;
  const counts: Record<string, number> = {};
  process.send?.({ begun: true });
  const one = async (): Promise<void> => {
    while (Date.now() < until) {
      const status = await answerTo(load, agent);
      counts[status] = (counts[status] ?? 0) + 1;
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  await Promise.all(Array.from({ length: load.connections }, one));
  agent.destroy();
  process.send?.({ counts }, () => process.exit());
}

async function answerTo(load: Load, agent: Agent): Promise<string> {
  const { url, method, body, from: localAddress } = load;
  const headers = body === undefined ? {} : { 'content-type': 'application/jose' };
  try {
    const asked = request(url, {
      method,
      headers,
      agent,
      localAddress,
      family: 4,
      timeout: 10_000,
    });
    asked.on('timeout', () => asked.destroy(new Error('timeout')));
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [
      NodeJS.ReadableStream & { statusCode: number },
    ];
    answer.resume();
    await once(answer, 'end');
    return String(answer.statusCode);
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return 'none';
  }
}
