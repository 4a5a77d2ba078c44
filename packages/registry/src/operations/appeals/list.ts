import { isId, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { namesOf, ownNameOf } from '../../records/names-store.ts';
import { inspectionsAgainst } from '../../review/inspection-store.ts';
import { viewInspection } from '../../review/inspection-view.ts';
import { listAppeals } from '../../review/store.ts';
import { viewAppeal } from '../../review/view.ts';

const pageSize = 50;

/** Appeals against own sanctions, and on the first page their open inspections. */
export async function listOwnAppeals(
  ctx: CallContext,
  { cursor, limit = pageSize, open }: OpInput<'appeals.list'>,
): Promise<OpOutput<'appeals.list'>> {
  if (cursor !== undefined && !isId('apl', cursor)) throw invalid('cursor', 'unknown');
  const { db, now, caller } = ctx;
  const { party } = caller;
  const rows = await listAppeals(db, { party, before: cursor, limit, open });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  const inspections =
    cursor === undefined && open !== false ? await inspectionsAgainst(db, { party, now }) : [];
  const names = await namesOf(db, [...rows, ...inspections]);
  return {
    appeals: rows.map((row) => ({ ...viewAppeal(row, now), ...ownNameOf(names, row.sanction) })),
    inspections: inspections.map((row) => ({
      ...viewInspection(row, now),
      ...ownNameOf(names, row.sanction),
    })),
    ...(last ? { next: last.id } : {}),
  };
}
