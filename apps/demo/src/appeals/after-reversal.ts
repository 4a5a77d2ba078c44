import { eachOf } from '@recourse/cli';
import { utf8 } from '@recourse/protocol';
import type { SanctionInput } from '@recourse/sdk';
import { codeOf } from '../code-of.ts';
import { sampleInput } from '../sample-input.ts';
import type { Stage } from './appeal-stage.ts';
import type { SampleCase } from './sample-case.ts';

const signal = new AbortController().signal;

/** Shows what is different once a record was reversed: for platforms, for the creator, and for whoever made it. */
export async function afterReversal(stage: Stage, cases: readonly SampleCase[]): Promise<void> {
  const { steps } = stage;
  const silent = await count(cases, (one) => hasNoRecord(stage, one));
  steps.check('a new check of each has no record', silent === cases.length, share(silent, cases));
  const letters = await count(cases, (one) => hasLetter(stage, one));
  steps.check(
    'each creator gets a signed letter that says so',
    letters === cases.length,
    share(letters, cases),
  );
  const refused = await count(cases, (one) => refilingIsRefused(stage, one));
  steps.check(
    'refused: Harbour files the same again (already-decided)',
    refused === cases.length,
    share(refused, cases),
  );
}

const share = (n: number, { length }: readonly unknown[]): string => `${n} of ${length}`;

async function count<T>(
  items: readonly T[],
  holds: (item: T) => Promise<boolean>,
): Promise<number> {
  let n = 0;
  await eachOf(items, { concurrency: 2, signal }, async (item) => {
    if (await holds(item)) n += 1;
  });
  return n;
}

export async function hasNoRecord({ told, timings }: Stage, sample: SampleCase): Promise<boolean> {
  for (const { platform } of told) {
    const provenAt = platform.session.transport.now();
    const { advice, matches } = await timings.of('check after reversal', () =>
      platform.check({ domain: sample.domain }, { purpose: 'signup', provenAt }),
    );
    if (advice !== 'no-record' || matches.length > 0) return false;
  }
  return true;
}

async function hasLetter({ creator, timings }: Stage, { key }: SampleCase): Promise<boolean> {
  const { letter, text } = await timings.of('case.letter', () => creator.letter({ key }));
  return letter.split('.').length === 3 && text.includes('Harbour');
}

async function refilingIsRefused(
  { harbour, timings }: Stage,
  sample: SampleCase,
): Promise<boolean> {
  const { creator: _, ...rest } = sampleInput({});
  const again: SanctionInput = {
    ...rest,
    creator: {
      domain: {
        value: sample.domain,
        control: 'dns',
        provenAt: new Date(Date.now() - 40 * 86_400_000),
      },
    },
    evidence: [{ class: 'captured-artefact', source: utf8('Sample: the same again.') }],
  };
  const code = await timings.of('refiling, refused', () =>
    codeOf(() => harbour.sanctions.submit(again)),
  );
  return code === 'already-decided';
}
