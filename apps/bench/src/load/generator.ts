import { Agent, request } from 'node:http';
import type { LoadJob, LoadRequest, LoadResult } from './load.ts';

/** A process of its own, so that what it costs is not the server's. It takes one job by message and answers it. */
process.on('message', (job: LoadJob) => {
  void run(job).then((result) => process.send?.(result));
});

async function run(job: LoadJob): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: job.connections });
  const latencies: number[] = [];
  const other: Record<string, number> = {};
  let firstOther: string | undefined;
  let next = 0;
  const start = performance.now();
  const end = start + job.seconds * 1000;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      const sent = job.requests[next++];
      if (!sent) return;
      const before = performance.now();
      const { status, body } = await send(job.url, sent, agent);
      if (status === 200) latencies.push(performance.now() - before);
      else {
        other[status] = (other[status] ?? 0) + 1;
        firstOther ??= body;
      }
    }
  };
  await Promise.all(Array.from({ length: job.connections }, worker));
  agent.destroy();
  return {
    answered: latencies.length,
    other,
    seconds: (performance.now() - start) / 1000,
    latencies,
    ...(firstOther === undefined ? {} : { firstOther }),
  };
}

function send(
  url: string,
  { path, contentType, body }: LoadRequest,
  agent: Agent,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const headers = { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) };
    const sent = request(new URL(path, url), { method: 'POST', agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
      answer.on('error', () => resolve({ status: 0, body: '' }));
    });
    sent.on('error', (error) => resolve({ status: 0, body: error.message }));
    sent.end(body);
  });
}
