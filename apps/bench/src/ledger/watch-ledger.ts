import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@recourse/registry';
import { sql } from 'kysely';
import { LagMeter, type Lags, type Look } from './lag-meter.ts';

const everyMs = 10;
/** After that what still waits is no longer waited for, and not hidden either: the run ends. */
const longestMs = 30_000;

/** Looks at the ledger again and again. @returns ends it once all is signed that was seen, with the lags */
export function watchLedger(db: Db): () => Promise<Lags> {
  const meter = new LagMeter();
  let until = Infinity;
  const watching = (async () => {
    while (performance.now() < until) {
      meter.take(await look(db));
      if (until < Infinity && meter.isSettled) return meter.lags;
      await delay(everyMs);
    }
    throw new Error('the ledger did not come after');
  })();
  // It is awaited at the end.
  watching.catch(() => undefined);
  return () => {
    until = performance.now() + longestMs;
    return watching;
  };
}

async function look(db: Db): Promise<Look> {
  const { rows } = await sql<Omit<Look, 'now'>>`
    select size, (select coalesce(max(size), 0) from ledger_checkpoints) as signed,
      (select coalesce(jsonb_agg(jsonb_build_object('seq', seq, 'at', extract(epoch from at) * 1000)), '[]')
       from ledger_pending) as waiting
    from ledger_state`.execute(db);
  return { ...rows[0]!, now: Date.now() };
}
