import type { RecallRecord } from '@recourse/protocol';
import { codeOf } from '../code-of.ts';
import type { Stage } from './appeal-stage.ts';
import type { SampleCase } from './sample-case.ts';
import { moveTo } from './sandbox-time.ts';

const dayMs = 86_400_000;

/** A recall that nobody answers for 14 days stops the checks of the platform that owes it, until it answers. */
export async function tryOverdueRecall(
  stage: Stage,
  late: { name: string; recall: RecallRecord | undefined; one: SampleCase },
): Promise<void> {
  const { steps, told } = stage;
  const { name, recall, one } = late;
  const platform = told.find((each) => each.name === name)?.platform;
  if (!platform || !recall) return steps.check(`${name} left a recall alone`, false);
  const check = (): Promise<string> =>
    codeOf(() => {
      const provenAt = platform.session.transport.now();
      return platform.check({ domain: one.domain }, { purpose: 'signup', provenAt });
    });
  await moveTo(stage, new Date(new Date(recall.dueAt).getTime() + 14 * dayMs));
  const stopped = await check();
  steps.check(
    `refused: a check of ${name}, which has owed a recall for 14 days`,
    stopped === 'checks-stopped',
    stopped,
  );
  const answer = { recall: recall.recall, action: 'undone', copies: 'deleted' } as const;
  const { checksStopped, open } = await platform.recalls.acknowledge(answer);
  const again = await check();
  steps.check(
    'acknowledged, and checks answer at once',
    !checksStopped && again === 'accepted',
    `${open} still open`,
  );
}
