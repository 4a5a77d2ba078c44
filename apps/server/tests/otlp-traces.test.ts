import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EndedRequest } from '../src/traces/ended-request.ts';
import { OtlpTraces } from '../src/traces/otlp-traces.ts';
import { Collector } from './collector.ts';
import { logInto } from './log-into.ts';

let collector: Collector;
let lines: string[];
let traces: OtlpTraces;

beforeEach(async () => {
  [collector, lines] = [new Collector(), []];
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', await collector.listen());
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '20');
  const log = logInto(lines);
  traces = new OtlpTraces({ role: 'api', log });
});
afterEach(async () => {
  await traces.close();
  vi.unstubAllEnvs();
  await collector.close();
});

const ended = (request: Partial<EndedRequest>): EndedRequest => ({
  operation: 'sanctions.list',
  status: 200,
  seconds: 0,
  ...request,
});

test('a collector that takes nothing is named once, and once more when it takes traces again', async () => {
  collector.status = 400;
  for (const count of [1, 2, 3]) {
    traces.request({}).end(ended({}));
    await expect.poll(() => collector.spans).toHaveLength(count);
  }
  collector.status = 200;
  traces.request({}).end(ended({}));
  await expect.poll(() => lines).toHaveLength(2);
  expect(lines[0]).toMatch(/takes no traces: they are dropped/);
  expect(lines[1]).toMatch(/takes traces again/);
});

test('what failed here is an error of its span, and what was refused is none', async () => {
  const statuses = [200, 404, 499, 500, 503];
  for (const status of statuses)
    traces.request({}).end(ended({ operation: `of-${status}`, status }));
  await expect.poll(() => collector.spans).toHaveLength(statuses.length);
  const errors = collector.spans
    .filter(({ status: { code } }) => code === 2)
    .map(({ name }) => name);
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
  await expect.poll(() => collector.spans).toHaveLength(4);
  const traceOf = (name: string) => collector.spans.find((span) => span.name === name)?.traceId;
  expect(traceOf('transaction')).toBe(traceOf('waiting'));
  expect(traceOf('leaving')).not.toBe(traceOf('waiting'));
});
