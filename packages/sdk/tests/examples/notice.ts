import {
  connect,
  type ConnectOptions,
  type NoticeOrder,
  type NoticeText,
  type SubmittedSanction,
} from '@recourse/sdk';

/** Has the notice sent in the creator's language, and tells the registry so: the hold runs from then on. */
export async function tellCreator(
  options: ConnectOptions,
  {
    submitted: { sanction, caseCode, subjects },
    ...words
  }: Pick<NoticeOrder, 'account' | 'language' | 'timeZone'> & { submitted: SubmittedSanction },
  send: (notice: NoticeText) => Promise<Date>,
): Promise<string> {
  const { sanctions } = connect(options);
  const channel = 'email';
  const found = { channel, detectedByAutomatedMeans: false } as const;
  const sentAt = await send(await sanctions.noticeText({ sanction, caseCode, ...words, ...found }));
  const { visibleFrom } = await sanctions.notify({
    sanction,
    channel,
    language: words.language,
    sentAt: Math.floor(sentAt.getTime() / 1000),
    subjects: subjects.map(({ index }) => index),
  });
  return visibleFrom;
}
