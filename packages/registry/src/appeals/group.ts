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

/** Of these appeals, those that rest on a common item of evidence. */
export async function ofGroup<A extends { readonly sanction: string }>(
  ctx: CallContext,
  group: Group,
  appeals: readonly A[],
): Promise<A[]> {
  const found: A[] = [];
  for (const appeal of appeals) {
    if (await isOfGroup(ctx, group, appeal.sanction)) found.push(appeal);
  }
  return found;
}

async function isOfGroup(
  { db }: CallContext,
  { commitments, party }: Group,
  sanction: string,
): Promise<boolean> {
  const record = await findSanction(db, sanction);
  return (
    record?.party === party && commitmentsOf(record.statement).some((one) => commitments.has(one))
  );
}

const commitmentsOf = (statement: string): string[] =>
  readStatement(statement).evidence.map(({ commitment }) => commitment);
