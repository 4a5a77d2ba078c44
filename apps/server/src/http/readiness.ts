import {
  countDueByKind,
  type LateReason,
  type LedgerGuard,
  type Services,
} from '@recourse/registry';
import { Remembered } from '../remembered.ts';
import { mostClockOffMs } from '../right-clock.ts';
import { DatabaseProbe, type DatabaseFault, type DatabaseState } from './database-probe.ts';

/** Why calls should go to another server; `docs/operating.md` has a line on each. */
export type NotReadyCode = keyof typeof texts;

export interface NotReady {
  readonly code: NotReadyCode;
  /** What an operator does about it */
  readonly text: string;
}

export interface ReadinessOptions {
  readonly ledger: Pick<LedgerGuard, 'fault' | 'late'> & {
    readonly backlog: { readonly isFull: boolean };
  };
  /** Writes to the database */
  readonly probe: () => Promise<DatabaseState>;
  /** Deadlines that have passed and are not written */
  readonly countDue: () => Promise<number>;
  /** Milliseconds that only grow */
  readonly now?: () => number;
}

/** Probes of balancers share what was found out so long ago. */
const probeEveryMs = 1_000;
const countEveryMs = 15_000;
const answerWithinMs = 2_000;
/** Some minutes of one server's work. */
const mostDue = 10_000;

/**
 * Whether this server should get calls. It refuses none by itself: whoever sends one all the same is answered as well
 * as it goes.
 */
export class Readiness {
  readonly #options: ReadinessOptions;
  readonly #database: Remembered<DatabaseState>;
  readonly #due: Remembered<number>;
  #isStopping = false;

  constructor(options: ReadinessOptions) {
    this.#options = options;
    const { probe, countDue, now = () => performance.now() } = options;
    this.#database = new Remembered(probe, { forMs: probeEveryMs, now });
    // While the database cannot be asked that is said already.
    this.#due = new Remembered(() => countDue().catch(() => 0), { forMs: countEveryMs, now });
  }

  /** From now on another server should be asked. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Nothing when it is ready. */
  async reasons(): Promise<readonly NotReady[]> {
    if (this.#isStopping) return [reason('stopping')];
    const database = await this.#database.get();
    const isDown = database.outcome === 'failed';
    const due = isDown ? 0 : await this.#due.get();
    const { fault, backlog, late } = this.#options.ledger;
    const found: [boolean, NotReadyCode][] = [
      [fault !== undefined, 'recovering'],
      [backlog.isFull, 'log-late'],
      [!isDown && database.clockOffMs > mostClockOffMs, 'clock-off'],
      [due > mostDue, 'work-late'],
    ];
    const codes = found.flatMap(([isSo, code]) => (isSo ? [code] : []));
    const why = fault === undefined ? late : [];
    const ofLog = why.map((one): NotReadyCode => `log-${one}`);
    return [...(isDown ? [database.why] : []), ...ofLog, ...codes].map(reason);
  }
}

/** Readiness of a server with these services. */
export function openReadiness({ db, ledger, clock, deadlines }: Services): Readiness {
  const probe = new DatabaseProbe({ db, wallClock: Date.now, withinMs: answerWithinMs });
  return new Readiness({
    ledger,
    probe: () => probe.ask(),
    countDue: async () => {
      const counts = await countDueByKind(db, { now: clock(), deadlines, timersOnly: true });
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
  });
}

const reason = (code: NotReadyCode): NotReady => ({ code, text: texts[code] });

const texts = {
  stopping: 'The server was told to stop. Send calls to another one.',
  'database-silent':
    'PostgreSQL does not answer in time. Check that it runs and that this server reaches it.',
  'database-read-only':
    'PostgreSQL only lets this server read. Check which server is the primary, and default_transaction_read_only.',
  'disk-full': 'The disk of PostgreSQL is full. Make room on it.',
  'database-refuses': 'PostgreSQL refuses a write. Its log says why.',
  'clock-off':
    'The clocks of this server and of PostgreSQL differ by more than two seconds. Set both by NTP.',
  recovering:
    'The log in the database is not the one that was signed. The lines RECOVERING of the server log say what to do.',
  'log-late':
    'Entries wait too long for their place in the log. The lines "ledger" of the server log say what fails.',
  'log-unprotected':
    'What is signed could be lost unseen. Set synchronous_standby_names of PostgreSQL, with synchronous_commit on, or RECOURSE_WITNESS_URL and RECOURSE_WITNESS_KEY. The line UNPROTECTED of the server log says which is missing.',
  'log-unsigned':
    'The log has not been signed for half a minute. The lines UNSIGNED and "ledger" of the server log say what fails: a witness of your own, the database, or the disk.',
  'log-unshown':
    'The log is signed and has not been shown for half a minute. The lines LAGGING and "Witness" of the server log say which witnesses do not cosign.',
  'work-late':
    'Too many deadlines have passed and are not written down. `recourse-server doctor --timers` counts them.',
} as const satisfies Record<DatabaseFault | `log-${LateReason}` | (string & {}), string>;

export const notReadyCodes = Object.keys(texts) as NotReadyCode[];
