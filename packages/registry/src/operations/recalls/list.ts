import {
  isId,
  toTimestamp,
  type Id,
  type OpInput,
  type OpOutput,
  type RecallRecord,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { listOwn, type ListedRecall, type ToldMatch } from '../../told/recalls/store.ts';

const pageSize = 50;

/** Own recalls with the times the platform was told, by which it finds who is concerned. Ids sort by time of issue. */
export async function listRecalls(
  ctx: CallContext,
  { cursor, limit = pageSize, all = false }: OpInput<'recalls.list'>,
): Promise<OpOutput<'recalls.list'>> {
  if (cursor !== undefined && !isId('rcl', cursor)) throw invalid('cursor', 'unknown');
  const { party } = ctx.caller;
  const rows = await listOwn(ctx.db, { party, after: cursor, limit, all });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { recalls: rows.map(toRecord), ...(last ? { next: last.id } : {}) };
}

function toRecord(row: ListedRecall): RecallRecord {
  const { acked_at: at, action, superseded_by: supersededBy } = row;
  return {
    recall: row.id,
    kind: row.kind,
    sanction: row.sanction as Id<'snc'>,
    version: row.version,
    issuedAt: toTimestamp(row.issued_at),
    dueAt: toTimestamp(row.due_at),
    told: row.told.map(toTelling),
    ...(at ? { acknowledged: { at: toTimestamp(at), ...(action ? { action } : {}) } } : {}),
    ...(supersededBy === null ? {} : { supersededBy: supersededBy as Id<'rcl'> }),
  };
}

const toTelling = ({ match, check, ref, purpose, told_at: at, outcome }: ToldMatch) => ({
  match,
  check,
  purpose,
  toldAt: toTimestamp(new Date(at)),
  ...(ref === null ? {} : { ref }),
  ...(outcome === null ? {} : { outcome }),
});
