import { mostEntries } from '@recourse/blind/prefixes';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  connectionsOf,
  readFigures,
  waitsOf,
  type Figures,
  type Services,
} from '@recourse/registry';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Queues } from '../http/queues.ts';
import { notReadyCodes, type Readiness } from '../http/readiness.ts';
import type { OpenDueWork } from '../open-due-work.ts';
import { Remembered } from '../remembered.ts';

export interface Measured {
  readonly services: Pick<Services, 'db' | 'clock' | 'deadlines'>;
  readonly queues: Queues;
  readonly readiness: Readiness;
  readonly due: Pick<OpenDueWork, 'ages'>;
}

interface ReadFigures {
  readonly figures: Figures;
  /** Time of the clock of the tables */
  readonly now: Date;
}

/** However often somebody collects, the tables are read so seldom. */
const readEveryMs = 10_000;
/** While PostgreSQL hangs, readiness is collected all the same: whoever collects waits for three seconds. */
const readWithinMs = 2_000;

/** Everything that is measured when somebody collects it, by its help. */
const gauges = {
  recourse_ready: '1 when this server should get calls.',
  recourse_not_ready: '1 for each reason why it should not.',
  recourse_queue_in_flight: 'Work in flight, by queue.',
  recourse_queue_waiting: 'Work that waits for a place, by queue.',
  recourse_pool_size: 'Connections to PostgreSQL that there may be.',
  recourse_pool_connections: 'Connections to PostgreSQL, by state.',
  recourse_pool_waiting: 'Work that waits for a connection.',
  recourse_figures_age_seconds: 'How old the figures below are, which come from the tables.',
  recourse_log_entries: 'Entries of the log: those with a place, signed, and served.',
  recourse_log_pending: 'Commits whose entries wait for a place in the log, at most.',
  recourse_log_lag_seconds: 'How long the oldest of them has waited.',
  recourse_log_unsigned_seconds: 'Since the newest checkpoint, while entries are unsigned.',
  recourse_witnesses: 'Witnesses that are registered.',
  recourse_witnesses_behind: 'Witnesses that have not cosigned the newest checkpoint.',
  recourse_witness_cosignature_age_seconds: 'Since the newest cosignature of any witness.',
  recourse_recalls_open: 'Recalls that nobody has acknowledged.',
  recourse_recalls_overdue: 'Those of them whose deadline has passed.',
  recourse_events_waiting: 'Events that their platforms have not acknowledged.',
  recourse_events_oldest_seconds: 'How long the oldest of them has waited.',
  recourse_notices_waiting: 'Notices by mail or text message that are not handed in.',
  recourse_notices_oldest_seconds: 'How long the oldest of them has waited.',
  recourse_archive_failing: '1 while the last WAL that PostgreSQL tried to archive failed.',
  recourse_prefix_tokens: 'Tokens of the largest prefix set.',
  recourse_prefix_tokens_most: 'Tokens that a set may have: beyond it none is published.',
  recourse_due: 'Deadlines that have passed and are not written, by kind.',
  recourse_due_failing: 'Those of them that failed and are tried again, by kind.',
  recourse_due_pass_age_seconds: 'Since this server last ended a pass over what is due, by kind.',
} as const;
type GaugeName = keyof typeof gauges;

const labels: Partial<Record<GaugeName, string>> = {
  recourse_not_ready: 'reason',
  recourse_queue_in_flight: 'queue',
  recourse_queue_waiting: 'queue',
  recourse_pool_connections: 'state',
  recourse_log_entries: 'state',
  recourse_due: 'kind',
  recourse_due_failing: 'kind',
  recourse_due_pass_age_seconds: 'kind',
};

/** Sets the gauges each time that somebody collects. */
export class Measures {
  readonly registry: Registry;
  readonly #measured: Measured;
  readonly #gauges: ReadonlyMap<GaugeName, Gauge>;
  readonly #refused: Counter<'queue'>;
  readonly #figures: Remembered<ReadFigures>;
  #readAt = performance.now();

  constructor(registry: Registry, measured: Measured) {
    this.registry = registry;
    this.#measured = measured;
    const registers = [registry];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names of the table above
    const names = Object.keys(gauges) as GaugeName[];
    this.#gauges = new Map(
      names.map((name) => {
        const label = labels[name];
        const labelNames = label === undefined ? [] : [label];
        return [name, new Gauge({ name, help: gauges[name], labelNames, registers })];
      }),
    );
    this.#refused = new Counter({
      name: 'recourse_queue_refused_total',
      help: 'Work that was refused since its queue was full, or that waited too long.',
      labelNames: ['queue'],
      registers,
    });
    const { db, clock, deadlines } = measured.services;
    const read = async (): Promise<ReadFigures> => {
      const [now, readAt] = [clock(), performance.now()];
      const figures = await readFigures(db, { now, deadlines });
      this.#readAt = readAt;
      return { figures, now };
    };
    this.#figures = new Remembered(read, { forMs: readEveryMs });
  }

  async take(): Promise<void> {
    const late = sleep(readWithinMs, undefined, { ref: false });
    const reading = Promise.race([this.#figures.get(), late]).catch(() => undefined);
    this.#setQueues();
    this.#setPool();
    for (const [kind, age] of Object.entries(this.#measured.due.ages()))
      this.#set('recourse_due_pass_age_seconds', age, kind);
    await this.#setReadiness();
    // Without them the last ones stay, and grow old.
    const read = await reading;
    if (read) this.#setFigures(read);
    this.#set('recourse_figures_age_seconds', (performance.now() - this.#readAt) / 1000);
  }

  #setQueues(): void {
    this.#refused.reset();
    for (const [queue, { figures }] of Object.entries(this.#measured.queues)) {
      this.#set('recourse_queue_in_flight', figures.inFlight, queue);
      this.#set('recourse_queue_waiting', figures.waiting, queue);
      this.#refused.inc({ queue }, figures.refused);
    }
  }

  #setPool(): void {
    const pool = connectionsOf(this.#measured.services.db);
    if (!pool) return;
    this.#set('recourse_pool_size', pool.size);
    this.#set('recourse_pool_connections', pool.inUse, 'in-use');
    this.#set('recourse_pool_connections', pool.idle, 'idle');
    this.#set('recourse_pool_waiting', pool.waiting);
  }

  async #setReadiness(): Promise<void> {
    const reasons = await this.#measured.readiness.reasons();
    this.#set('recourse_ready', Number(reasons.length === 0));
    for (const code of notReadyCodes) {
      const isSo = reasons.some((reason) => reason.code === code);
      this.#set('recourse_not_ready', Number(isSo), code);
    }
  }

  #setFigures({ figures, now }: ReadFigures): void {
    const { log, witnesses, duties, archive, prefixTokens, due, failing } = figures;
    const waits = waitsOf(figures, now);
    this.#set('recourse_log_entries', log.size, 'placed');
    this.#set('recourse_log_entries', log.signed, 'signed');
    this.#set('recourse_log_entries', log.served, 'served');
    this.#set('recourse_log_pending', log.pending);
    this.#set('recourse_log_lag_seconds', waits.pending);
    this.#set('recourse_log_unsigned_seconds', waits.unsigned);
    this.#set('recourse_witnesses', witnesses.registered);
    this.#set('recourse_witnesses_behind', witnesses.behind);
    this.#set('recourse_witness_cosignature_age_seconds', waits.cosigned);
    this.#set('recourse_recalls_open', duties.recallsOpen);
    this.#set('recourse_recalls_overdue', duties.recallsOverdue);
    this.#set('recourse_events_waiting', duties.eventsWaiting);
    this.#set('recourse_events_oldest_seconds', waits.events);
    this.#set('recourse_notices_waiting', duties.noticesWaiting);
    this.#set('recourse_notices_oldest_seconds', waits.notices);
    this.#set('recourse_archive_failing', Number(archive.isFailing));
    this.#set('recourse_prefix_tokens', prefixTokens);
    this.#set('recourse_prefix_tokens_most', mostEntries);
    for (const [kind, count] of Object.entries(due)) this.#set('recourse_due', count, kind);
    this.#gauges.get('recourse_due_failing')?.reset();
    for (const kind of Object.keys(due)) this.#set('recourse_due_failing', 0, kind);
    for (const [kind, n] of Object.entries(failing)) this.#set('recourse_due_failing', n, kind);
  }

  #set(name: GaugeName, value: number, label?: string): void {
    const key = labels[name];
    this.#gauges
      .get(name)
      ?.set(key === undefined || label === undefined ? {} : { [key]: label }, value);
  }
}
