import { isId, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { newestAlarms, type AlarmPlace, type AlarmRow } from '../../parties/alarm-store.ts';

const pageSize = 50;

/** Alarms that the registry raised, the newest first: counts, never what they count. */
export async function listAlarms(
  { db }: CallContext,
  { cursor, limit = pageSize }: OpInput<'registry.alarms'>,
): Promise<OpOutput<'registry.alarms'>> {
  const before = cursor === undefined ? undefined : readCursor(cursor);
  const rows = await newestAlarms(db, { before, limit });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    alarms: rows.map(viewAlarm),
    ...(last ? { next: `${last.at.getTime()}-${last.id}` } : {}),
  };
}

function viewAlarm(row: AlarmRow): OpOutput<'registry.alarms'>['alarms'][number] {
  const { at, kind, counts, party, explained, explained_at: explainedAt } = row;
  return {
    at: toTimestamp(at),
    kind,
    counts,
    ...(isId('plt', party) ? { party } : {}),
    ...(explained && explainedAt
      ? { explained: { at: toTimestamp(explainedAt), as: explained } }
      : {}),
  };
}

function readCursor(cursor: string): AlarmPlace {
  const [, time, id] = /^(\d{1,14})-(evt_\w+)$/.exec(cursor) ?? [];
  if (time === undefined || !isId('evt', id)) throw invalid('cursor', 'unknown');
  return { at: new Date(Number(time)), id };
}
