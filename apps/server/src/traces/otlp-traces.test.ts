import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EndedRequest } from '../http/watch-requests.ts';
import { OtlpTraces } from './otlp-traces.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly status: { readonly code: number };
}

let collector: Server;
/** What the collector answers */
let status: number;
let spans: Span[];
let said: string[];
let traces: OtlpTraces;

beforeEach(async () => {
  [status, spans, said] = [200, [], []];
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
      };
      spans.push(...body.resourceSpans.flatMap((one) => one.scopeSpans.flatMap((of) => of.spans)));
      response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`);
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '20');
  const log = { progress: (line: string) => void said.push(line), fault: () => undefined };
  traces = new OtlpTraces({ role: 'api', log });
});
afterEach(async () => {
  await traces.close();
  vi.unstubAllEnvs();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

const ended = (of: Partial<EndedRequest>): EndedRequest => ({
  operation: 'sanctions.list',
  status: 200,
  seconds: 0,
  ...of,
});

test('a collector that takes nothing is named once, and once more when it takes traces again', async () => {
  status = 400;
  for (const count of [1, 2, 3]) {
    traces.request({}).end(ended({}));
    await vi.waitFor(() => expect(spans).toHaveLength(count), { timeout: 20_000 });
  }
  status = 200;
  traces.request({}).end(ended({}));
  await vi.waitFor(() => expect(said).toHaveLength(2), { timeout: 20_000 });
  expect(said[0]).toMatch(/takes no traces: they are dropped/);
  expect(said[1]).toMatch(/takes traces again/);
});

test('what failed here is an error of its span, and what was refused is none', async () => {
  const statuses = [200, 404, 499, 500, 503];
  for (const of of statuses) traces.request({}).end(ended({ operation: `of-${of}`, status: of }));
  await vi.waitFor(() => expect(spans).toHaveLength(statuses.length), { timeout: 20_000 });
  const errors = spans.filter(({ status: { code } }) => code === 2).map(({ name }) => name);
  expect(errors.toSorted()).toEqual(['of-500', 'of-503']);
});

test('a request that another one lets in goes on under its own span', async () => {
  let letIn: () => void = () => undefined;
  // As a queue does it: what waits is started by whoever leaves.
  const limit = traces.queued((work) => new Promise((resolve) => (letIn = () => resolve(work()))));
  const [waiting, leaving] = [traces.request({}), traces.request({})];
  const done = waiting.run(() => limit(() => traces.step('transaction', async () => undefined)));
  leaving.run(() => letIn());
  await done;
  waiting.end(ended({ operation: 'waiting' }));
  leaving.end(ended({ operation: 'leaving' }));
  await vi.waitFor(() => expect(spans).toHaveLength(4), { timeout: 20_000 });
  const traceOf = (name: string) => spans.find((span) => span.name === name)?.traceId;
  expect(traceOf('transaction')).toBe(traceOf('waiting'));
  expect(traceOf('leaving')).not.toBe(traceOf('waiting'));
});
