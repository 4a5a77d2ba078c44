import { sql } from 'kysely';
import type { Db } from '@recourse/registry';
import { clockOffMs } from '../right-clock.ts';

/** Answer of PostgreSQL when it was asked to write. */
export type DatabaseState =
  | { readonly outcome: 'written'; readonly clockOffMs: number }
  | { readonly outcome: 'failed'; readonly why: DatabaseFault };

export type DatabaseFault =
  | 'database-silent'
  | 'database-missing'
  | 'database-login'
  | 'database-read-only'
  | 'disk-full'
  | 'database-refuses';

/** Text that is spilled to the disk: a MiB, which goes with its statement. */
const page = '0'.repeat(8192);
const pages = 128;
/** Less than that, so that it is spilled. */
const memory = '64kB';

interface ProbeOptions {
  readonly db: Db;
  /** Clock of this process, whatever the clock of a sandbox says */
  readonly wallClock: () => number;
  readonly withinMs: number;
}

/**
 * Writes to PostgreSQL as a call would, and leaves nothing behind: a record of the write-ahead log that waits for the
 * disk and for a synchronous standby, and a temporary file beside the tables. The update of no row is refused where
 * only reads are allowed. One write at a time: while PostgreSQL hangs, probes take no more than one connection.
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
  const off = await db.transaction().execute(async (trx) => {
    const clockOff = await clockOffMs(trx, wallClock);
    await sql`select set_config('work_mem', ${memory}, true)`.execute(trx);
    await sql`update ledger_state set size = size where false`.execute(trx);
    await sql`select count(*) from unnest(array_fill(${page}::text, array[${pages}::int]))`.execute(
      trx,
    );
    await sql`select pg_logical_emit_message(true, 'recourse', 'ready')`.execute(trx);
    return clockOff;
  });
  return { outcome: 'written', clockOffMs: off };
}

function faultOf(error: unknown): DatabaseFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === '25006') return 'database-read-only';
  if (code === '53100') return 'disk-full';
  if (code.startsWith('3D')) return 'database-missing';
  if (code.startsWith('28')) return 'database-login';
  return /^(CONNECT|ECONN|ENOENT|08|57)/.test(code) ? 'database-silent' : 'database-refuses';
}
