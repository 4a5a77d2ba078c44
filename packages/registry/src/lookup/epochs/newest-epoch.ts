import { Problem } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { readRotations } from './store.ts';

/** The newest epoch that was announced, whether or not it is open. */
export async function newestEpoch({ db, services }: Pick<CallContext, 'db' | 'services'>) {
  const last = (await readRotations(db)).at(-1);
  if (last) return { epoch: last.epoch, opensAt: last.opens_at };
  const [first] = services.tokens.epochs();
  if (!first) throw new Problem('unknown-epoch');
  return first;
}
