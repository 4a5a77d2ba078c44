import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { blind } from '@recourse/blind';
import { toBase64url, utf8 } from '@recourse/protocol';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readConfig } from '../src/index.ts';
import { Collector, type ReceivedSpan } from './collector.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

// A collector of OpenTelemetry that listens on a socket, and a server that sends it spans.

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const collector = new Collector();
let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  const endpoint = await collector.listen();
  // The packages of OpenTelemetry read their variables by themselves.
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint);
  vi.stubEnv('OTEL_SERVICE_NAME', 'registry-of-the-test');
  home = await newHome();
  server = await home.start({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await home.close();
  await collector.close();
});

const bodies = (): string =>
  collector.received.map(({ path, body }) => `${path}\n${body}`).join('\n');

const attribute = (span: ReceivedSpan | undefined, key: string): unknown =>
  span && Object.values(span.attributes.find((attribute) => attribute.key === key)?.value ?? {})[0];

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parent = 'b7ad6b7169203331';
const hostile = '7f3a-hostile';

test('a call is a span with its steps, under the trace of its caller, and nothing that a caller wrote is in it', async () => {
  const key = server.party('Harbour', 'service');
  const [element = ''] = blind([utf8(hostile)]).blinded.map(toBase64url);
  const headers = {
    traceparent: `00-${traceId}-${parent}-01`,
    tracestate: `evil=${hostile}`,
    baggage: `evil=${hostile}`,
    'user-agent': hostile,
  };
  const jti = `${hostile}-jti-0123456789`;
  const read = await server.sign(key, 'sanctions.list', {}, { jti });
  expect((await server.post('/call/sanctions.list', read, { headers })).status).toBe(200);
  const evaluation = { purpose: 'monetisation', epochs: [1], blinded: [element] };
  expect((await server.call(key, 'checks.evaluate', evaluation)).status).toBe(200);
  const trust = server.party('Harbour', 'trust');
  await server.call(trust, 'sanctions.withdraw', { sanction: hostile, reason: 'x' });
  await server.get(`/case/${hostile}`, { traceparent: `00-${hostile}` });
  await server.stop();

  const all = collector.spans;
  const root = all.find(({ name }) => name === 'sanctions.list');
  expect([root?.traceId, root?.parentSpanId]).toEqual([traceId, parent]);
  expect(attribute(root, 'recourse.operation')).toBe('sanctions.list');
  expect(String(attribute(root, 'http.response.status_code'))).toBe('200');
  const steps = all.filter(({ parentSpanId }) => parentSpanId === root?.spanId);
  const names = steps.map(({ name }) => name).toSorted();
  expect(names).toEqual(['group commit', 'queue', 'signature']);
  for (const { startTimeUnixNano, endTimeUnixNano } of steps) {
    expect(BigInt(startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(root!.startTimeUnixNano));
    // The library cuts each start to a millisecond and adds the measured duration, so that an end is exact to that.
    const latest = BigInt(root!.endTimeUnixNano) + 1_000_000n;
    expect(BigInt(endTimeUnixNano)).toBeLessThanOrEqual(latest);
  }
  const under = (operation: string): string[] => {
    const span = all.find(({ name }) => name === operation);
    return all
      .filter((one) => one.traceId === span?.traceId && one !== span)
      .map(({ name }) => name);
  };
  expect(under('checks.evaluate')).toContain('multiplications');
  expect(under('sanctions.withdraw')).toContain('transaction');
  expect(all.find(({ name }) => name === '/case')?.traceId).toMatch(/^[0-9a-f]{32}$/);

  expect(new Set(collector.received.map(({ path }) => path))).toEqual(new Set(['/v1/traces']));
  expect(bodies()).toContain('registry-of-the-test');
  const secrets = [hostile, element, key.party, key.kid, key.name, trust.party, trust.kid, jti];
  for (const secret of secrets) expect(bodies()).not.toContain(secret);
});

test('without a collector nothing of the SDK of OpenTelemetry is loaded, and with one it is', () => {
  const module = JSON.stringify(join(import.meta.dirname, '../src/traces/open-traces.ts'));
  const loads = (traces: boolean): string => {
    const script = `
      import { registerHooks } from 'node:module';
      const asked = [];
      registerHooks({ resolve: (name, of, next) => (asked.push(name), next(name, of)) });
      const { openTraces } = await import(${module});
      await openTraces({ traces: ${traces}, role: 'api' }, { progress() {}, warn() {}, alarm() {}, fault() {} });
      console.log(asked.some((name) => name.startsWith('@opentelemetry/sdk')));
      process.exit();`;
    const args = ['--conditions=@recourse/source', '--input-type=module', '-e', script];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return stdout.trim() || stderr;
  };
  expect([loads(false), loads(true)]).toEqual(['false', 'true']);
});

const at = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

test.each<[object, boolean]>([
  [at, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
  [{}, false],
  [{ ...at, OTEL_SDK_DISABLED: 'true' }, false],
  [{ ...at, OTEL_TRACES_EXPORTER: 'none' }, false],
])('the variables %j turn traces on: %s', (env, expected) => {
  expect(readConfig({ ...env }).traces).toBe(expected);
});
