import { setTimeout as sleep } from 'node:timers/promises';
import {
  countDueByKind,
  type LateReason,
  type LedgerGuard,
  type Services,
} from '@recourse/registry';
import type { Log } from '../log.ts';
import { Remembered } from '../remembered.ts';
import { mostClockOffMs, type RightClock } from '../right-clock.ts';
import { hostsSayer } from './database-hosts.ts';
import { DatabaseProbe, type DatabaseFault, type DatabaseState } from './database-probe.ts';

/** Why calls should go to another server; `docs/operating.md` has a line on each. */
export type NotReadyCode = keyof typeof texts;

export interface NotReady {
  readonly code: NotReadyCode;
  /** The next step of an operator */
  readonly text: string;
}

export interface ReadinessOptions {
  readonly ledger: Pick<LedgerGuard, 'fault' | 'late' | 'isFolderLost'> & {
    readonly backlog: { readonly isFull: boolean };
  };
  /** Writes to the database */
  readonly probe: () => Promise<DatabaseState>;
  /** Deadlines that have passed and are not written */
  readonly countDue: () => Promise<number>;
  /** Milliseconds that only grow */
  readonly now?: () => number;
  /** Told once of each change; `before` is nothing at the first look */
  readonly onChange?: (
    now: readonly NotReadyCode[],
    before: readonly NotReadyCode[] | undefined,
  ) => void;
}

/** Probes of balancers share what was found out so long ago. */
const probeEveryMs = 1_000;
const countEveryMs = 15_000;
const answerWithinMs = 2_000;
/** As often as a balancer asks. */
const lookEveryMs = 2_000;
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
  #before: readonly NotReadyCode[] | undefined;
  #looking: NodeJS.Timeout | undefined;

  constructor(options: ReadinessOptions) {
    this.#options = options;
    const { probe, countDue, now = () => performance.now() } = options;
    this.#database = new Remembered(probe, { forMs: probeEveryMs, now });
    // While the database cannot be asked that is said already.
    this.#due = new Remembered(() => countDue().catch(() => 0), { forMs: countEveryMs, now });
  }

  /** Looks by itself from now on, so that a change is told where nobody asks, too. */
  start(): void {
    void this.reasons();
    this.#looking ??= setInterval(() => void this.reasons(), lookEveryMs).unref();
  }

  /** From now on another server should be asked. */
  stop(): void {
    this.#isStopping = true;
    clearInterval(this.#looking);
    this.#tell(['stopping']);
  }

  /** Nothing when it is ready. Known within some seconds, whatever hangs. */
  async reasons(): Promise<readonly NotReady[]> {
    const codes = this.#isStopping ? [] : await this.#look();
    // It may have been told to stop meanwhile.
    if (this.#isStopping) return [reason('stopping')];
    this.#tell(codes);
    return codes.map(reason);
  }

  #tell(codes: readonly NotReadyCode[]): void {
    const before = this.#before;
    if (before && before.join() === codes.join()) return;
    this.#before = codes;
    this.#options.onChange?.(codes, before);
  }

  async #look(): Promise<NotReadyCode[]> {
    const database = await this.#database.get();
    const isDown = database.outcome === 'failed';
    const unknown = sleep(answerWithinMs, 0, { ref: false });
    const due = isDown ? 0 : await Promise.race([this.#due.get(), unknown]);
    const { fault, backlog, late, isFolderLost } = this.#options.ledger;
    const found: [boolean, NotReadyCode][] = [
      [fault !== undefined, 'recovering'],
      [backlog.isFull, 'log-late'],
      [isFolderLost && (backlog.isFull || late.length > 0), 'folder-unusable'],
      [!isDown && database.clockOffMs > mostClockOffMs, 'clock-off'],
      [due > mostDue, 'work-late'],
    ];
    const codes = found.flatMap(([isSo, code]) => (isSo ? [code] : []));
    const why = fault === undefined ? late : [];
    const ofLog = why.map((one): NotReadyCode => `log-${one}`);
    return [...(isDown ? [database.why] : []), ...ofLog, ...codes];
  }
}

/** Readiness of a server with these services, which says each change in its log. */
export function openReadiness(
  { db, ledger, clock, deadlines }: Services,
  { rightClock, log }: { rightClock: RightClock; log: Log },
): Readiness {
  const probe = new DatabaseProbe({ db, wallClock: Date.now, withinMs: answerWithinMs });
  const sayHosts = hostsSayer(db, log);
  return new Readiness({
    ledger,
    probe: async () => {
      const state = await probe.ask();
      if (state.outcome === 'written') rightClock.note(state);
      sayHosts();
      return state;
    },
    countDue: async () => {
      const options = { now: clock(), deadlines, timersOnly: true, passOver: true };
      const counts = await countDueByKind(db, options);
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    onChange: (now, before) => sayChange(log, now, before),
  });
}

function sayChange(
  log: Log,
  now: readonly NotReadyCode[],
  before: readonly NotReadyCode[] | undefined,
): void {
  const was = `Before: ${before === undefined ? 'starting' : before.join(', ') || 'ready'}.`;
  if (now.length === 0) return log.progress(`READY. ${was}`);
  const line = `NOT READY: ${now.join(', ')}. ${was}`;
  if (now[0] === 'stopping') return log.progress(line);
  log.warn(`${line} ${now.map((code) => texts[code]).join(' ')}`);
}

const reason = (code: NotReadyCode): NotReady => ({ code, text: texts[code] });

const texts = {
  stopping: 'The server was told to stop. Send calls to another one.',
  'database-silent':
    'PostgreSQL does not answer in time. Check that it runs and that this server reaches it.',
  'database-missing':
    'PostgreSQL runs, and has no database of the name in DATABASE_URL. Bring it back under this name, or restore a backup into an empty one.',
  'database-login':
    'PostgreSQL refuses the login of DATABASE_URL. Check user and password there, and pg_hba.conf.',
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
  'folder-unusable':
    'The folder in RECOURSE_CHECKPOINTS_DIR does not answer, or cannot be written. Mount it again, or make room. The line FOLDER of the server log names it.',
  'work-late':
    'Too many deadlines have passed and are not written down. `recourse-server doctor --timers` counts them.',
} as const satisfies Record<DatabaseFault | `log-${LateReason}` | (string & {}), string>;

export const notReadyCodes = Object.keys(texts) as NotReadyCode[];
