import type { Id, ReasonCode } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import { reasonOf } from './record.ts';
import type { SanctionRow } from './store.ts';

/** A record as a list speaks of it. */
export interface RecordName {
  readonly reason: ReasonCode;
  /** The submitter's own case id */
  readonly ref?: string;
  readonly platform: Id<'plt'>;
}

/** What names these records, by their ids. */
export async function namesOf(
  db: Db,
  about: readonly { readonly sanction: string }[],
): Promise<ReadonlyMap<string, RecordName>> {
  if (about.length === 0) return new Map();
  const ids = [...new Set(about.map(({ sanction }) => sanction))];
  const rows = await db
    .selectFrom('sanctions')
    .select(['id', 'party', 'ref', 'reason', 'amended_reason'])
    .where('id', 'in', ids)
    .$castTo<Named>()
    .execute();
  return new Map(
    rows.map(({ id, party, ref, ...row }) => [
      id,
      { platform: party, reason: reasonOf(row), ...(ref === null ? {} : { ref }) },
    ]),
  );
}

interface Named extends Pick<SanctionRow, 'id' | 'ref' | 'reason' | 'amended_reason'> {
  readonly party: Id<'plt'>;
}

/** A record as its own submitter names it: by reason and own case id. */
export function ownNameOf(
  names: ReadonlyMap<string, RecordName>,
  sanction: string,
): Pick<RecordName, 'reason' | 'ref'> {
  const name = names.get(sanction);
  if (!name) throw new Error('a review is about no record');
  const { platform: _, ...own } = name;
  return own;
}
