import { newCaseKey } from '@recourse/sdk/case';
import { codeOf } from '../code-of.ts';
import type { Stage } from './appeal-stage.ts';
import type { SampleCase } from './sample-case.ts';

/** Harbour made the code and kept it. Once the creator has claimed their case, it opens nothing. */
export async function tryAccuser({ creator, steps }: Stage, one: SampleCase): Promise<void> {
  const { code } = one;
  const { state } = await creator.open({ code });
  steps.check(
    'refused: the accuser reads the case by the code that it kept',
    state === 'claimed',
    state,
  );
  const words = 'Sample: not the words of the creator.';
  const attempts: readonly [string, () => Promise<unknown>][] = [
    ['claims', () => creator.claim({ code, newKey: newCaseKey() })],
    ['withdraws the appeal of', () => creator.withdrawAppeal({ key: code })],
    ['speaks in', () => creator.addInformation({ key: code, text: words })],
  ];
  for (const [what, attempt] of attempts) {
    const refusal = await codeOf(attempt);
    steps.check(
      `refused: the accuser ${what} the case by that code`,
      refusal === 'state-conflict',
      refusal,
    );
  }
}
