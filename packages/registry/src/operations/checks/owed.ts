import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import { invalid } from '../../kernel/refusal.ts';
import type { CallContext } from '../../context/context.ts';
import { owedCursor, readOwedCursor, type OwedMatch } from '../../lookup/checks/owed.ts';
import { listOwed } from '../../lookup/checks/store.ts';

const owedPageSize = 50;

/** Matches whose outcome the caller owes, the oldest first. */
export async function listOwedOutcomes(
  ctx: CallContext,
  input: OpInput<'checks.owed'>,
): Promise<OpOutput<'checks.owed'>> {
  const after = input.cursor === undefined ? undefined : readOwedCursor(input.cursor);
  if (input.cursor !== undefined && !after) {
    throw invalid('cursor', 'unknown');
  }
  const limit = input.limit ?? owedPageSize;
  const owed = await listOwed(ctx.db, { party: ctx.caller.party, after, limit });
  const last = owed.length === limit ? owed.at(-1) : undefined;
  return { owed: owed.map(toOwed), ...(last ? { next: owedCursor(last) } : {}) };
}

const toOwed = ({ id, toldAt, dueAt, outcome, ref, ...rest }: OwedMatch) => ({
  ...rest,
  match: id,
  toldAt: toTimestamp(toldAt),
  dueAt: toTimestamp(dueAt),
  ...(outcome === null ? {} : { outcome }),
  ...(ref === null ? {} : { ref }),
});
