import type { OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { servedSize } from '../../log/served-store.ts';
import { newestCheckpoint } from '../../log/store.ts';
import { countRows } from '../../parties/store.ts';

/** How much there is of everything, and how much of the log is signed and served. */
export async function registryStats({ db }: CallContext): Promise<OpOutput<'registry.stats'>> {
  const [counts, newest, served] = await Promise.all([
    countRows(db),
    newestCheckpoint(db),
    servedSize(db),
  ]);
  return { counts: { ...counts, ledger_signed: newest?.size ?? 0, ledger_served: served } };
}
