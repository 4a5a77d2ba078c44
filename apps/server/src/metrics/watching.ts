import type { ServerConfig } from '../config/config.ts';
import { logFailed } from '../http/log-failed.ts';
import type { OnEnded } from '../traces/ended-request.ts';
import type { Log } from '../log.ts';
import { Measures, type Measured } from './measures.ts';
import { Metrics } from './metrics.ts';
import { serveMetrics } from './serve-metrics.ts';

/** Shows this server to others: a line of the log for each call that failed, and figures where somebody asks. */
export class Watching {
  readonly #config: Pick<ServerConfig, 'metrics' | 'mode' | 'role'>;
  readonly #metrics: Metrics | undefined;
  readonly #logFailed: OnEnded;

  constructor({
    config,
    log,
  }: {
    config: Pick<ServerConfig, 'metrics' | 'mode' | 'role'>;
    log: Log;
  }) {
    this.#config = config;
    this.#metrics = config.metrics && new Metrics(config);
    this.#logFailed = logFailed(log);
  }

  readonly onEnded: OnEnded = (request) => {
    this.#logFailed(request);
    this.#metrics?.ended(request);
  };

  readonly onGroup = (reads: number): void => this.#metrics?.committed(reads);

  /**
   * Listens for whoever collects the figures, if it should. @returns ends it
   * @throws ServerError `port_in_use` or `port_unusable`
   */
  async serve(measured: Measured): Promise<() => Promise<void>> {
    const { metrics: at } = this.#config;
    if (!at || !this.#metrics) return async () => undefined;
    const measures = new Measures(this.#metrics.registry, measured);
    const { registry } = measures;
    return serveMetrics(at, async () => {
      await measures.take();
      return { type: registry.contentType, text: await registry.metrics() };
    });
  }
}
