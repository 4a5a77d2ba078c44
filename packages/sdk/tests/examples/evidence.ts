import type { Id } from '@recourse/protocol';
import { connect, type ConnectOptions, type EvidenceOpening } from '@recourse/sdk';
import { fileSource } from '@recourse/sdk/node';

/** Answers an appeal: seals the export that was committed to, and stands by the sanction. */
export async function answerAppeal(
  options: ConnectOptions,
  appeal: Id<'apl'>,
  file: { path: string; opening: EvidenceOpening },
) {
  const recourse = connect(options);
  const evidence = [{ source: fileSource(file.path), opening: file.opening }];
  const { missing } = await recourse.evidence.deliver({ appeal, evidence });
  await recourse.appeals.stand({ appeal, text: 'The export lists every payment.' });
  return missing;
}
