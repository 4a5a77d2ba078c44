import type { CallContext } from '../context.ts';
import { readStatement } from '../sanctions/opening.ts';
import { findSanction } from '../sanctions/store.ts';
import { findClaimed } from './lock-appeal.ts';

/** Open appeals of one submitter that are looked through for a common item of evidence. */
export const mostSearched = 64;

/** What appeals with a common evidence commitment have in common: the same bytes of the same submitter. */
export interface Group {
  readonly party: string;
  readonly commitments: ReadonlySet<string>;
}

/** The group of an appeal that the caller has taken. Whether they may judge another one of it is asked for each. */
export async function groupOf(ctx: CallContext, appeal: string): Promise<Group> {
  const { record } = await findClaimed(ctx, appeal);
  return { party: record.party, commitments: new Set(commitmentsOf(record.statement)) };
}

export async function isOfGroup(
  { db }: CallContext,
  { commitments }: Group,
  sanction: string,
): Promise<boolean> {
  const record = await findSanction(db, sanction);
  return (
    record !== undefined && commitmentsOf(record.statement).some((one) => commitments.has(one))
  );
}

const commitmentsOf = (statement: string): string[] =>
  readStatement(statement).evidence.map(({ commitment }) => commitment);
