import { noticeChannels, toNumericDate, writtenLanguage, type OpInput } from '@recourse/protocol';
import { Cells, type RowIssue } from './cells.ts';
import { noticeColumns } from './columns.ts';
import type { RowGroup } from './group-rows.ts';

export type Notice = Pick<OpInput<'sanctions.notify'>, 'channel' | 'language' | 'sentAt'>;

/** When and how the creator was told; the three columns come together, or later in a second run. */
export function readNotice(group: RowGroup, issues: RowIssue[]): Notice | undefined {
  const row = group.find(({ values }) => noticeColumns.some((name) => values[name] !== undefined));
  if (!row) return undefined;
  const cells = new Cells(row, issues);
  const channel = cells.oneOf('notice_channel', noticeChannels);
  const language = cells.text('notice_language', 6);
  const sentAt = cells.date('notice_sent_at');
  if (language !== undefined && !writtenLanguage.safeParse(language).success) {
    return cells.refuse('notice_language', 'not-a-language');
  }
  if (channel === undefined || language === undefined || !sentAt) return undefined;
  return { channel, language, sentAt: toNumericDate(sentAt) };
}
