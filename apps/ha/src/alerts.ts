import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@recourse/server/embedded-postgres';
import { missingPackages, Program, until } from './programs.ts';
import type { Cluster } from './cluster.ts';
import type { Server } from './registry.ts';

const rules = join(import.meta.dirname, '../../../operate/prometheus-rules.yaml');

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

const nameOf = ({ alertname = '', reason, queue, kind }: Series['metric']): string =>
  [alertname, reason ?? queue ?? kind].filter(Boolean).join(' ');

/** A Prometheus with the rules of `operate/`, which collects from every server every two seconds. */
export class Alerts {
  readonly #program: Program;
  readonly #url: string;

  private constructor(program: Program, url: string) {
    this.#program = program;
    this.#url = url;
  }

  /** @returns undefined where Prometheus is not installed */
  static async start(
    dir: string,
    { servers, cluster }: { servers: readonly Server[]; cluster: Cluster },
  ): Promise<Alerts | undefined> {
    if (missingPackages('alerts').length > 0) return undefined;
    const port = await freePort();
    const folder = join(dir, 'prometheus');
    mkdirSync(folder, { mode: 0o700 });
    const file = join(folder, 'prometheus.json');
    const targets = servers.map(({ metricsPort }) => `127.0.0.1:${metricsPort}`);
    // YAML has JSON in it.
    const settings = {
      global: { scrape_interval: '3s', scrape_timeout: '3s', evaluation_interval: '2s' },
      rule_files: [rules],
      scrape_configs: [
        { job_name: 'recourse', static_configs: [{ targets }] },
        {
          job_name: 'patroni',
          scheme: 'https',
          tls_config: { ca_file: cluster.ca },
          static_configs: [{ targets: cluster.patroniTargets }],
        },
      ],
    };
    writeFileSync(file, JSON.stringify(settings));
    const url = `http://127.0.0.1:${port}`;
    const args = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const logFile = join(dir, 'prometheus.log');
    const program = new Program({ command: '/usr/bin/prometheus', args, logFile });
    program.start();
    const alerts = new Alerts(program, url);
    await until('Prometheus answers', async () => (await fetch(`${url}/-/ready`)).ok, 30);
    return alerts;
  }

  /**
   * Names of alerts, with what tells one from another of the same name, and `pending` where one has not yet lasted as
   * long as it waits.
   * @param calm what was there between it and `begun` is left out
   */
  async since(begun: Date, calm?: Date): Promise<string[]> {
    const before = calm ? await this.#names(calm, begun) : [];
    return (await this.#names(begun, new Date())).filter((name) => !before.includes(name));
  }

  /** Alerts that fired within a time, with the seconds after which each did. */
  async firing({ from, to }: { from: Date; to: Date }): Promise<string[]> {
    const data = await this.#samples({ query: 'ALERTS{alertstate="firing"}', from, to });
    const first = data.map(({ metric, values }): [string, number] => [
      nameOf(metric),
      (values[0]?.[0] ?? 0) - from.getTime() / 1000,
    ]);
    const sorted = first.toSorted(([, a], [, b]) => a - b);
    return [...new Map(sorted.toReversed())]
      .toReversed()
      .map(([name, seconds]) => `${name} after ${Math.round(seconds)} s`);
  }

  async #samples(range: { query: string; from: Date; to: Date }): Promise<Series[]> {
    const times = { start: range.from.toISOString(), end: range.to.toISOString(), step: '1' };
    const query = new URLSearchParams({ query: range.query, ...times });
    const answer = await fetch(`${this.#url}/api/v1/query_range?${query.toString()}`);
    return ((await answer.json()) as { data: { result: Series[] } }).data.result;
  }

  async #names(from: Date, to: Date): Promise<string[]> {
    const data = await this.#samples({ query: 'ALERTS', from, to });
    const states = new Map<string, Set<string>>();
    for (const { metric } of data) {
      const { alertstate = '' } = metric;
      const name = nameOf(metric);
      states.set(name, (states.get(name) ?? new Set()).add(alertstate));
    }
    const alerts = [...states].map(([name, all]) => (all.has('firing') ? name : `${name} pending`));
    return alerts.toSorted();
  }

  stop(): Promise<void> {
    return this.#program.end('SIGKILL');
  }
}
