import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadJob, LoadRequest, LoadResult, SlowJob } from './load.ts';

/** A process of its own, so that what it costs is not the server's. It takes one job by message and answers it. */
process.on('message', (job: LoadJob | SlowJob) => {
  const done = 'slow' in job ? openSlowly(job) : run(job);
  void done.then((result) => process.send?.(result));
});

async function run(job: LoadJob): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: job.connections });
  const latencies: number[] = [];
  const receipts: string[] = [];
  const other: Record<string, number> = {};
  let firstOther: string | undefined;
  let next = 0;
  const pauseMs = (1000 * job.connections) / (job.perSecond ?? 1);
  const start = performance.now();
  const end = start + job.seconds * 1000;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      if (job.isRepeated && next >= job.requests.length) next = 0;
      const sent = job.requests[next++];
      if (!sent) return;
      const before = performance.now();
      const { status, body, receipt = '' } = await send(job, sent, agent);
      if (status === 0 || job.perSecond) await delay(job.perSecond ? pauseMs : 20);
      if (status === 200) {
        latencies.push(performance.now() - before);
        receipts.push(receipt);
      } else {
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
    ...(job.keepsReceipts ? { receipts } : {}),
    ...(firstOther === undefined ? {} : { firstOther }),
  };
}

interface SentAnswer {
  readonly status: number;
  readonly body: string;
  readonly receipt?: string;
}

function send(
  { url, from }: LoadJob,
  { path, contentType, body }: LoadRequest,
  agent: Agent,
): Promise<SentAnswer> {
  return new Promise((resolve) => {
    const posted = {
      method: 'POST',
      headers: { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body ?? '') },
    };
    const options = {
      agent,
      ...(body === undefined ? {} : posted),
      ...(from === undefined ? {} : { localAddress: from }),
    };
    const sent = request(new URL(path, url), options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          receipt: String(answer.headers['recourse-receipt']),
        }),
      );
      answer.on('error', () => resolve({ status: 0, body: '' }));
    });
    sent.on('error', (error) => resolve({ status: 0, body: error.message }));
    sent.end(body);
  });
}

/** Holds so many connections open; one that is cut is opened anew a moment later. */
async function openSlowly({ slow, seconds }: SlowJob): Promise<LoadResult> {
  const { url, connections, from: localAddress } = slow;
  const { hostname: host, port } = new URL(url);
  let [isOver, opened, cut] = [false, 0, 0];
  const open = (): void => {
    if (isOver) return;
    const socket = connect({ host, port: Number(port), localAddress }, () => {
      opened++;
      socket.write('POST /call/sanctions.list HTTP/1.1\r\nHost: a\r\nX: ');
    });
    const drip = setInterval(() => socket.write('a'), 1000);
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      cut++;
      setTimeout(open, 1000);
    });
    ends.push(() => socket.destroy());
  };
  const ends: (() => void)[] = [];
  for (let n = 0; n < connections; n++) open();
  await delay(seconds * 1000);
  isOver = true;
  for (const end of ends) end();
  return { answered: 0, other: { opened, cut }, seconds, latencies: [] };
}
