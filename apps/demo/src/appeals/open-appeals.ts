import { eachOf } from '@recourse/cli';
import type { Stage } from './appeal-stage.ts';
import type { SampleCase } from './sample-case.ts';

const signal = new AbortController().signal;

/** Each creator opens their case by the code of the notice, claims it with a key of their own, and appeals. */
export async function openAppeals(stage: Stage, cases: readonly SampleCase[]): Promise<void> {
  const { steps } = stage;
  let told = 0;
  // A source has two acts in flight; real creators come from as many addresses as there are creators.
  await eachOf(cases, { concurrency: 2, signal }, async (one) => {
    if (await openAppeal(stage, one)) told += 1;
  });
  const opened = cases.filter(({ appeal }) => appeal !== undefined).length;
  const grounds = new Set(cases.map(({ ground }) => ground)).size;
  steps.check(
    'each creator reads their case by its code, claims it and appeals',
    opened === cases.length,
    `${opened} appeals on ${grounds} grounds`,
  );
  steps.check(
    'a claimant reads by name who was told',
    told === cases.length,
    `${told} of ${cases.length}`,
  );
}

/** @returns whether the creator read of every platform that was told */
export async function openAppeal(stage: Stage, one: SampleCase): Promise<boolean> {
  const { creator, timings } = stage;
  const { code, key, ground, words } = one;
  await timings.of('case.open', () => creator.open({ code }));
  await timings.of('case.claim', () => creator.claim({ code, newKey: key }));
  const { appeal } = await timings.of('case.appeal', () =>
    creator.appeal({ key, ground, words, language: 'en' }),
  );
  one.appeal = appeal;
  const opened = await creator.open({ code: key });
  const names = (opened.case.told ?? []).map(({ name }) => name);
  return stage.told.every(({ name }) => names.includes(name));
}
