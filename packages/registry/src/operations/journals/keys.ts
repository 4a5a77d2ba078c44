import type { OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { sealingKeysOf } from '../../review/journal-store.ts';

export async function listSealingKeys({
  db,
  caller,
}: CallContext): Promise<OpOutput<'journals.keys'>> {
  const keys = await sealingKeysOf(db, caller.party);
  return { statements: keys.map(({ statement }) => statement) };
}
