import type { Registration } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';

/** A party as a creator is told of it. */
export const findParty = (
  db: Db,
  id: string,
): Promise<{ id: string; name: string; registration: Registration | null }> =>
  db
    .selectFrom('parties')
    .select(['id', 'name', 'registration'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
