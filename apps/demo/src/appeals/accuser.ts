import { newCaseKey } from '@recourse/sdk/case';
import { codeOf } from '../code-of.ts';
import type { Stage } from './appeal-stage.ts';
import type { SampleCase } from './sample-case.ts';

/** Harbour made the code and kept it. It reads the record, which is Harbour's own, and nothing that the creator did or wrote. */
export async function tryAccuser({ creator, steps }: Stage, one: SampleCase): Promise<void> {
  const { code } = one;
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
