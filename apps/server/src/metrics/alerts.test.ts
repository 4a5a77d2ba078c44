import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Measures, type Measured } from './measures.ts';
import { Metrics } from './metrics.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const rules = read('operate/prometheus-rules.yaml');
const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

/** Names of metrics of this server in expressions. */
const namedIn = (text: string): string[] =>
  matches(text, /\b((?:recourse|nodejs|process)_[a-z0-9_]+)\b/g).map((name) =>
    name.replace(/_(bucket|sum|count)$/, ''),
  );

test('every alert and every panel reads figures that a server has', () => {
  const known = new Set(registeredNames());
  const shown = namedIn(rules + read('operate/grafana-dashboard.json'));
  expect(shown.length).toBeGreaterThan(30);
  expect(shown.filter((name) => !known.has(name))).toEqual([]);
});

test('every alert leads to a section of its own, and every section has its alert', () => {
  const alerts = matches(rules, /- alert: (\w+)/g);
  const sections = matches(read('docs/alerts.md'), /^## (\w+)$/gm);
  expect(sections.toSorted()).toEqual(alerts.toSorted());
  expect(matches(rules, /runbook: (\S+)/g)).toEqual(
    alerts.map((alert) => `docs/alerts.md#${alert.toLowerCase()}`),
  );
});

/** Program of Debian's package of this name. */
const program = 'promtool';
const promtool = (...args: string[]) => spawnSync(program, args, { cwd: root, encoding: 'utf8' });
const isThere = promtool('--version').error === undefined;

test.runIf(isThere)(
  'where promtool is installed, it accepts the rules, and they fire as they should',
  () => {
    for (const [command, file] of [
      ['check rules', 'operate/prometheus-rules.yaml'],
      ['test rules', 'operate/prometheus-rules.test.yaml'],
      ['test rules', 'operate/prometheus-rules.slow.test.yaml'],
      ['check config --syntax-only', 'operate/three-nodes/prometheus.yaml'],
    ] as const) {
      const { status, stdout, stderr } = promtool(...command.split(' '), file);
      expect([file, status, status === 0 ? '' : stdout + stderr]).toEqual([file, 0, '']);
    }
  },
);

/** Names of all figures of a server, its database left aside. */
function registeredNames(): string[] {
  const { registry } = new Metrics({ mode: 'production', role: 'all' });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing is measured
  const nothing = { services: {} } as unknown as Measured;
  return new Measures(registry, nothing).registry.getMetricsAsArray().map(({ name }) => name);
}
