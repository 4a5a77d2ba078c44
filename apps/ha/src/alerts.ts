import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@recourse/server/embedded-postgres';
import { missingPackages, Program, until } from './programs.ts';
import type { Server } from './registry.ts';

const rules = join(import.meta.dirname, '../../../operate/prometheus-rules.yaml');

interface Series {
  readonly metric: Readonly<Record<string, string>>;
}

/** A Prometheus with the rules of `operate/`, which collects as `operate/three-nodes/prometheus.yaml` does. */
export class Alerts {
  readonly #program: Program;
  readonly #url: string;

  private constructor(program: Program, url: string) {
    this.#program = program;
    this.#url = url;
  }

  /** @returns undefined where Prometheus is not installed */
  static async start(dir: string, servers: readonly Server[]): Promise<Alerts | undefined> {
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
      scrape_configs: [{ job_name: 'recourse', static_configs: [{ targets }] }],
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

  async #names(from: Date, to: Date): Promise<string[]> {
    const times = { start: from.toISOString(), end: to.toISOString(), step: '1' };
    const query = new URLSearchParams({ query: 'ALERTS', ...times });
    const answer = await fetch(`${this.#url}/api/v1/query_range?${query.toString()}`);
    const { data } = (await answer.json()) as { data: { result: Series[] } };
    const states = new Map<string, Set<string>>();
    for (const { metric } of data.result) {
      const { alertname = '', alertstate = '', reason, queue, kind } = metric;
      const name = [alertname, reason ?? queue ?? kind].filter(Boolean).join(' ');
      states.set(name, (states.get(name) ?? new Set()).add(alertstate));
    }
    const said = [...states].map(([name, all]) => (all.has('firing') ? name : `${name} pending`));
    return said.toSorted();
  }

  stop(): Promise<void> {
    return this.#program.end('SIGKILL');
  }
}
