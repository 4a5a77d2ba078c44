import type { Db } from '../kernel/database.ts';
import { peopleRows, type PersonRow } from './governance-store.ts';

/** The statement of the operator about a person: a name or a professional pseudonym, and whom they work for. */
export interface PersonName {
  readonly name: string;
  readonly organisation: string;
}

/** Names by holder id. The registry keeps none. */
export type PeopleNames = Readonly<Record<string, PersonName>>;

/**
 * Somebody with the power to change who takes part. Others are named by their place in the list, from 0: no id of a
 * holder or of a key stands here, by which a decision could be tied to a name.
 */
export interface Person {
  readonly name: string | null;
  readonly organisation: string | null;
  readonly as: 'operator' | 'reviewer';
  /** Year and month; an operator has none */
  readonly termUntil?: string;
  readonly former: boolean;
  /** Whoever signed their first key; null of the first of each, whom an invite brought in */
  readonly invitedBy: number | null;
  readonly countersignedBy: readonly number[];
}

/** Everybody who ever enrolled for the operator or the panel, so that each leads back to the first. */
export async function publicPeople(
  db: Db,
  { now, names }: { now: Date; names: PeopleNames },
): Promise<Person[]> {
  const rows = (await peopleRows(db)).toSorted((a, b) =>
    orderOf(a, names).localeCompare(orderOf(b, names)),
  );
  const placeOf = new Map(rows.map(({ id }, place) => [id, place]));
  const holderOf = new Map(rows.flatMap(({ id, kids }) => kids.map((kid) => [kid, id] as const)));
  return rows.map((row) => {
    const signer = holderOf.get(signerIn(row.statement));
    const invitedBy = signer === undefined || signer === row.id ? undefined : placeOf.get(signer);
    const { name = null, organisation = null } = names[row.id] ?? {};
    return {
      name,
      organisation,
      as: row.party === 'operator' ? 'operator' : 'reviewer',
      ...(row.term_until ? { termUntil: row.term_until.toISOString().slice(0, 7) } : {}),
      former: row.removed_at !== null || (row.term_until !== null && row.term_until <= now),
      invitedBy: invitedBy ?? null,
      countersignedBy: row.countersigned_by
        .flatMap((id) => placeOf.get(id) ?? [])
        .toSorted((a, b) => a - b),
    };
  });
}

/** Orders people by name, so that the order says nothing of when a key was added. Ids are random at their end. */
const orderOf = ({ id, party }: PersonRow, names: PeopleNames): string =>
  `${party} ${names[id]?.name ?? '\uffff'} ${id.slice(-16)}`;

/** Returns the admin key that signed a key statement, or the first key that signed its own enrolment. */
function signerIn(statement: string): string {
  const [header = ''] = statement.split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { kid: string };
  return kid;
}
