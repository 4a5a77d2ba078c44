import { connectAs, readPack } from '@recourse/cli';
import type { RecallRecord } from '@recourse/protocol';
import { newCaseKey } from '@recourse/sdk/case';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../code-of.ts';
import type { Stage } from './appeal-stage.ts';
import { deliverPack, packOf, type SampleCase } from './sample-case.ts';
import { moveTo } from './sandbox-time.ts';

/** Harbour made the code and kept it. It reads the record, which is Harbour's own, and nothing that the creator did or wrote. */
export async function tryAccuser({ creator, steps }: Stage, sample: SampleCase): Promise<void> {
  const { code } = sample;
  const { appeals, told } = (await creator.open({ code })).case;
  const reads = told !== undefined || appeals.some(({ words }) => words !== undefined);
  steps.check(
    'refused: by the code that it kept the accuser reads who was told, or what the creator wrote',
    !reads,
    reads ? 'read' : `${appeals.length} appeal without words, no platform`,
  );
  const key = newCaseKey();
  await creator.claim({ code, newKey: key });
  const words = 'Sample: not the words of the creator.';
  const attempts: readonly [string, () => Promise<unknown>][] = [
    ['withdraws the appeal of', () => creator.withdrawAppeal({ key })],
    ['speaks in the appeal of', () => creator.addInformation({ key, text: words })],
  ];
  for (const [what, attempt] of attempts) {
    const refusal = await codeOf(attempt);
    steps.check(
      `refused: the accuser, who claims by that code, ${what} the creator`,
      refusal === 'state-conflict',
      refusal,
    );
  }
}

/** Who was told bars no reviewer: a creator who signs up where one worked would choose the judges. */
export async function seeAffiliated({ affiliated, steps }: Stage): Promise<void> {
  const { waiting } = await affiliated.review.queue({});
  steps.check(
    'a reviewer who worked for Tubely may judge what Tubely was told of',
    waiting.all > 0 && waiting.eligible === waiting.all,
    `${waiting.eligible} of ${waiting.all} that wait`,
  );
}

/** One byte of the evidence is not the one that was committed to: the SDK sends none of it. */
export async function tryWrongByte(stage: Stage, sample: SampleCase, dir: string): Promise<void> {
  const { steps, harbourIdentity } = stage;
  const pack = await packOf(join(dir, 'wrong-byte'), sample);
  const [item] = readPack(pack);
  const path = join(pack, item?.file ?? '');
  const bytes = readFileSync(path);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const sent: string[] = [];
  const watched = connectAs(harbourIdentity, {
    fetch: (url, init) => {
      sent.push(url);
      return fetch(url, init);
    },
  });
  const { appeal } = sample;
  const code = appeal ? await codeOf(() => deliverPack(watched, { appeal, pack })) : 'no appeal';
  const left = sent.filter((url) => url.endsWith('/evidence.deliver')).length;
  steps.check(
    'refused: evidence with one wrong byte, before any of it leaves',
    code === 'evidence-mismatch' && left === 0,
    `${code}, ${left} sent`,
  );
}

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
