import { readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Alerts } from './alerts.ts';
import { whyNotReady, type Registry, type Server } from './registry.ts';
import { countWords } from './traffic.ts';

/** Signs of a fault that an operator is shown. */
export interface Seen {
  /** Alerts that fired, and with `pending` those that had not yet lasted as long as they wait */
  readonly alerts: readonly string[];
  /** Reasons that `/readyz` of any server named */
  readonly reasons: readonly string[];
  /** Lines of the logs by their first words, and how often */
  readonly lines: Readonly<Record<string, number>>;
}

const askEveryMs = 1_000;

/** Asks every server whether it is ready, all the time, and reads what their logs say from now on. */
export class Watch {
  readonly #registry: Registry;
  readonly #alerts: Alerts | undefined;
  readonly #reasons = new Set<string>();
  readonly #ending = new AbortController();
  readonly #from: ReadonlyMap<Server, number>;
  readonly #calm: Date;
  readonly #since = new Date();
  readonly #asking: Promise<unknown>;

  /** @param calm when calls began to arrive, before the fault */
  constructor(registry: Registry, { alerts, calm }: { alerts: Alerts | undefined; calm: Date }) {
    this.#registry = registry;
    this.#alerts = alerts;
    this.#calm = calm;
    this.#from = new Map(
      registry.servers.map((server) => [server, statSync(server.program.logFile).size]),
    );
    this.#asking = Promise.all(registry.servers.map((server) => this.#ask(server)));
  }

  async end(): Promise<Seen> {
    this.#ending.abort();
    await this.#asking;
    return {
      alerts: (await this.#alerts?.since(this.#since, this.#calm)) ?? [],
      reasons: [...this.#reasons].toSorted(),
      lines: countWords(this.#registry.servers.flatMap((server) => this.#linesOf(server))),
    };
  }

  async #ask(server: Server): Promise<void> {
    while (!this.#ending.signal.aborted) {
      for (const reason of await whyNotReady(server)) this.#reasons.add(reason);
      await delay(askEveryMs);
    }
  }

  #linesOf(server: Server): string[] {
    const text = readFileSync(server.program.logFile).subarray(this.#from.get(server)).toString();
    return text.split('\n').flatMap((line) => firstWords(line) ?? []);
  }
}

/** @returns undefined of steps of a start and of a stop */
function firstWords(line: string): string | undefined {
  if (line === '') return undefined;
  try {
    const { level, msg, code } = JSON.parse(line) as { level: string; msg: string; code?: string };
    if (level !== 'info') return code === undefined ? msg : `${msg} ${code}`;
    return /^[A-Z]{4,}:/.test(msg) ? msg.slice(0, msg.indexOf(':')) : undefined;
  } catch {
    // Of Node, for example what it warns of
    return line.slice(0, 60);
  }
}
