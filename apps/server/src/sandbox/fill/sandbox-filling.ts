import { readFacts, recordFacts, type CaseHandler } from '@recourse/registry';
import type { Log } from '../../log.ts';
import type { SandboxRegistry } from '../sandbox-registry.ts';
import { fillSandbox } from './fill-sandbox.ts';

export interface FillingState {
  /** `cut-off`: begun, and ended by a fault or by the end of the server */
  readonly state: 'empty' | 'running' | 'cut-off' | 'filled';
  readonly records: number;
  readonly appeals: number;
}

const begunFact = 'sandbox-filling';
const filledFact = 'sandbox-filled';

/** Fills a sandbox once, in the background. Facts in the database say that it was begun, and that it is done. */
export class SandboxFilling {
  readonly #parts: SandboxFillingParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #made = { records: 0, appeals: 0 };

  constructor(parts: SandboxFillingParts) {
    this.#parts = parts;
  }

  async state(): Promise<FillingState> {
    if (this.#running) return { state: 'running', ...this.#made };
    const facts = await readFacts(this.#parts.registry.services.db);
    if (facts.has(filledFact)) return { state: 'filled', ...this.#made };
    return { state: facts.has(begunFact) ? 'cut-off' : 'empty', ...this.#made };
  }

  /** Begins, or goes on where it was cut off; does nothing where it runs or is done. */
  async begin(): Promise<void> {
    const { state } = await this.state();
    if (state === 'running' || state === 'filled' || this.#running) return;
    this.#made = { records: 0, appeals: 0 };
    this.#running = this.#fill()
      .catch((error: unknown) => {
        if (!this.#stopping.signal.aborted) this.#parts.log.fault('sandbox filling', error);
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Leaves the rest to another start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #fill(): Promise<void> {
    const { registry, cases, dataDir, settle } = this.#parts;
    const { db } = registry.services;
    const now = registry.clock.now();
    const begun = { name: begunFact, value: now.toISOString() };
    const facts = await recordFacts(db, [begun], now);
    await fillSandbox({
      registry,
      cases,
      dataDir,
      signal: this.#stopping.signal,
      begunAt: new Date(facts.get(begunFact)?.value ?? now),
      onRecords: (count) => {
        this.#made.records += count;
      },
      onAppeal: () => {
        this.#made.appeals += 1;
      },
    });
    await settle();
    await recordFacts(db, [{ name: filledFact, value: 'yes' }], registry.clock.now());
  }
}

interface SandboxFillingParts {
  readonly registry: SandboxRegistry;
  readonly cases: Pick<CaseHandler, 'handle'>;
  readonly dataDir: string;
  readonly settle: () => Promise<void>;
  readonly log: Log;
}
