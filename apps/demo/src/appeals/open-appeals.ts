import { eachOf } from '@recourse/cli';
import type { Stage } from './appeal-stage.ts';
import type { SampleCase } from './sample-case.ts';

const signal = new AbortController().signal;

/** Half of the creators come by the code of the notice, half by a proof of their domain; each has a key of their own. */
export async function openAppeals(stage: Stage, cases: readonly SampleCase[]): Promise<void> {
  const { steps } = stage;
  // A source has two acts in flight; real creators come from as many addresses as there are creators.
  await eachOf(cases, { concurrency: 2, signal }, (one) => openAppeal(stage, one));
  const opened = cases.filter(({ appeal }) => appeal !== undefined).length;
  const grounds = new Set(cases.map(({ ground }) => ground)).size;
  steps.check(
    'each creator opens their case by its code or by proving the domain, and appeals',
    opened === cases.length,
    `${opened} appeals on ${grounds} grounds`,
  );
  await readWhoWasTold(stage, cases);
}

/** Who proved nothing may be anybody with the code, the submitter too, and reads a coarse number. */
async function readWhoWasTold(stage: Stage, cases: readonly SampleCase[]): Promise<void> {
  const { creator, steps, told } = stage;
  for (const [way, what, wanted] of [
    ['proof', 'who proved the domain reads by name which platforms were told', told.length],
    ['code', 'who came by the code that Harbour handed out reads the name of none', 0],
  ] as const) {
    const ofWay = cases.filter((theCase) => theCase.way === way);
    let read = 0;
    for (const { key } of ofWay) {
      const opened = await creator.open({ code: key });
      const names = new Set(opened.case.told?.map(({ name }) => name));
      const known = told.filter(({ name }) => names.has(name)).length;
      if (names.size === wanted && known === wanted) read += 1;
    }
    steps.check(what, read === ofWay.length && read > 0, `${read} of ${ofWay.length}`);
  }
}

export async function openAppeal(stage: Stage, sample: SampleCase): Promise<void> {
  const { creator, timings } = stage;
  await (sample.way === 'proof' ? proveDomain(stage, sample) : claimByCode(stage, sample));
  const { key, ground, words } = sample;
  const { appeal } = await timings.of('case.appeal', () =>
    creator.appeal({ key, ground, words, language: 'en' }),
  );
  sample.appeal = appeal;
}

async function claimByCode(
  { creator, timings }: Stage,
  { code, secret }: SampleCase,
): Promise<void> {
  await timings.of('case.open', () => creator.open({ code }));
  await timings.of('case.claim', () => creator.claim({ code, newKey: secret }));
}

/** The owner of the domain publishes what the registry asks for. */
async function proveDomain(
  { creator, nameServer, timings }: Stage,
  sample: SampleCase,
): Promise<void> {
  const { domain, secret: newKey } = sample;
  const { find, proof } = await timings.of('case.find', () =>
    creator.find({ kind: 'domain', identifier: domain, language: 'en' }),
  );
  if (proof.by !== 'dns') throw new Error(`a domain is proved by ${proof.by}`);
  nameServer.records.set(proof.name, proof.value);
  const { found } = await timings.of('case.prove', () =>
    creator.prove({ find, identifier: domain, newKey }),
  );
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`a proof found ${found.length} cases`);
  sample.key = `${newKey}.${only.n}`;
}
