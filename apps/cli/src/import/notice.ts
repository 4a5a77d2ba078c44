import { noticeChannels, writtenLanguage } from '@recourse/protocol';
import type { Creator, SanctionInput, TellOrder } from '@recourse/sdk';
import { Cells, type RowIssue } from './cells.ts';
import { noticeColumns } from './columns.ts';
import type { RowGroup } from './group-rows.ts';

export type Notice = Omit<TellOrder, 'sanction'>;

/**
 * In which language the creator is told, by the registry where the record has an address; how and when the platform did so
 * itself, for where it has none. The columns come with the record, or later in a second run.
 */
export function readNotice(
  group: RowGroup,
  { creator: proven, issues }: { creator: SanctionInput['creator']; issues: RowIssue[] },
): Notice | undefined {
  const row = group.find(({ values }) => noticeColumns.some((name) => values[name] !== undefined));
  if (!row) return undefined;
  const cells = new Cells(row, issues);
  const language = cells.text('notice_language', 6);
  if (language === undefined) return undefined;
  if (!writtenLanguage.safeParse(language).success) {
    return cells.refuse('notice_language', 'not-a-language');
  }
  const { notice_channel, notice_sent_at } = row.values;
  const creator = valuesOf(proven);
  if (notice_channel === undefined && notice_sent_at === undefined) {
    if (creator.email ?? creator.phone) return { language, creator };
    return cells.refuse('notice_channel', 'no-address');
  }
  const channel = cells.oneOf('notice_channel', noticeChannels);
  const sentAt = cells.date('notice_sent_at');
  if (channel === undefined || !sentAt) return undefined;
  return { language, creator, stated: { channel, sentAt } };
}

const valuesOf = (proven: SanctionInput['creator']): Creator<string> =>
  Object.fromEntries(
    Object.entries(proven).map(([kind, given]) => [
      kind,
      [given ?? []].flat().map(({ value }) => value),
    ]),
  );
