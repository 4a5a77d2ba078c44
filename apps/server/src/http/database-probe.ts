import type { Db } from '@recourse/registry';
import { writeNothing } from '../postgres-store.ts';
import { measureClock, type ClockMeasurement } from '../right-clock.ts';

/** Answer of PostgreSQL when it was asked to write. */
export type DatabaseState =
  | ({ readonly outcome: 'written' } & ClockMeasurement)
  | { readonly outcome: 'failed'; readonly why: DatabaseFault };

export type DatabaseFault =
  | 'database-silent'
  | 'database-missing'
  | 'database-login'
  | 'database-read-only'
  | 'disk-full'
  | 'database-refuses';

interface ProbeOptions {
  readonly db: Db;
  /** Clock of this process, whatever the clock of a sandbox says */
  readonly wallClock: () => number;
  readonly withinMs: number;
}

/**
 * Writes to PostgreSQL as a call would, and leaves nothing behind. One write at a time: while PostgreSQL hangs, probes
 * take no more than one connection.
 */
export class DatabaseProbe {
  readonly #options: ProbeOptions;
  #writing: Promise<DatabaseState> | undefined;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  async ask(): Promise<DatabaseState> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<DatabaseState>((resolve) => {
      timer = setTimeout(() => resolve(failed('database-silent')), this.#options.withinMs);
    });
    this.#writing ??= write(this.#options)
      .catch((error: unknown) => failed(faultOf(error)))
      .finally(() => (this.#writing = undefined));
    const state = await Promise.race([this.#writing, late]);
    clearTimeout(timer);
    return state;
  }
}

const failed = (why: DatabaseFault): DatabaseState => ({ outcome: 'failed', why });

async function write({ db, wallClock }: ProbeOptions): Promise<DatabaseState> {
  const measured = await db.transaction().execute(async (trx) => {
    const clock = await measureClock(trx, wallClock);
    await writeNothing(trx);
    return clock;
  });
  return { outcome: 'written', ...measured };
}

function faultOf(error: unknown): DatabaseFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === '25006') return 'database-read-only';
  if (code === '53100') return 'disk-full';
  if (code.startsWith('3D')) return 'database-missing';
  if (code.startsWith('28')) return 'database-login';
  return /^(CONNECT|ECONN|ENOENT|08|57)/.test(code) ? 'database-silent' : 'database-refuses';
}
