import { newCaseSecret, type CaseInput, type Id } from '@recourse/protocol';
import type { CaseHandler } from '@recourse/registry';
import { ServerError } from '../../errors.ts';
import type { SamplePlatform } from '../cast.ts';
import { keptKey } from '../kept-key.ts';
import { sampleCode } from '../sample-cases.ts';
import { sampleNames, samplePlatforms, type SampleName } from '../sample-platforms.ts';
import type { SandboxRegistry } from '../sandbox-registry.ts';
import { buildSubmission } from '../submit-sample.ts';
import { appeals, appealsInAll, moreSamples, type MoreSample } from './more-samples.ts';

export interface Filling {
  readonly registry: SandboxRegistry;
  readonly cases: Pick<CaseHandler, 'handle'>;
  readonly dataDir: string;
  /** When it was begun: a filling that was cut off goes on with the same statements */
  readonly begunAt: Date;
  readonly signal: AbortSignal;
  readonly onRecords: (count: number) => void;
  readonly onAppeal: () => void;
}

/** So many records a second person confirms at once */
const together = 25;

/**
 * Makes records and appeals by the operations that real ones come by. One analyst drafts and another confirms, so that no
 * bound is lifted. What was made before is made again as the same call, and gets its answer.
 */
export async function fillSandbox(filling: Filling): Promise<void> {
  const platforms = await platformsOf(filling);
  for (const name of sampleNames) {
    const samples = moreSamples().filter(({ by }) => by === name);
    for (let from = 0; from < samples.length; from += together) {
      await record(filling, platforms[name], samples.slice(from, from + together));
    }
  }
  for (const [index, sample] of appealed().entries()) await appeal(filling, sample, index);
}

type Drafting = Pick<SamplePlatform, 'id' | 'trust' | 'service' | 'colleague'> & {
  readonly language: string;
};

async function platformsOf({
  registry,
  dataDir,
}: Filling): Promise<Readonly<Record<SampleName, Drafting>>> {
  const keysOf = async (name: SampleName): Promise<Drafting> => {
    const [trust, service, colleague] = await Promise.all([
      keptKey(registry.seed, dataDir, `${name}/trust`),
      keptKey(registry.seed, dataDir, `${name}/service`),
      keptKey(registry.seed, dataDir, `${name}/trust/2`),
    ]);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a platform that the registry made
    const id = trust.party as Id<'plt'>;
    return { id, trust, service, colleague, language: samplePlatforms[name].language };
  };
  const [harbour, tubely, marketo] = await Promise.all([
    keysOf('harbour'),
    keysOf('tubely'),
    keysOf('marketo'),
  ]);
  return { harbour, tubely, marketo };
}

async function record(
  { registry, begunAt, signal, onRecords }: Filling,
  platform: Drafting,
  samples: readonly MoreSample[],
): Promise<void> {
  const epoch = registry.services.tokens.epochs().at(-1)?.epoch;
  if (epoch === undefined) throw new ServerError('sandbox_failed', 'No key of tokens is live.');
  const drafted = [];
  for (const sample of samples) {
    signal.throwIfAborted();
    const built = await buildSubmission(registry, { sample, platform, at: begunAt, epoch });
    const call = { in: built.submission, idem: `${sample.label}/draft` };
    await registry.call(platform.trust, 'sanctions.draft', call);
    drafted.push({ ...built, sample });
  }
  await registry.call(platform.colleague, 'sanctions.confirm', {
    in: { sanctions: drafted.map(({ sanction }) => sanction) },
    idem: `${samples[0]?.label}/confirm`,
  });
  for (const { sanction, sample } of drafted) {
    signal.throwIfAborted();
    if (!sample.isNotified) continue;
    await registry.call(platform.trust, 'sanctions.notify', {
      in: { sanction, language: platform.language, addresses: [sample.email] },
      idem: `${sample.label}/notice`,
    });
  }
  onRecords(samples.length);
}

/** Of each platform some, and only of those who were told. */
function appealed(): MoreSample[] {
  const told = moreSamples().filter(({ isNotified }) => isNotified);
  const step = Math.floor(told.length / appealsInAll);
  return told.filter((_, index) => index % step === 0).slice(0, appealsInAll);
}

/** The creator comes by the code of the notice, takes a key of their own, and appeals. */
async function appeal(filling: Filling, sample: MoreSample, index: number): Promise<void> {
  filling.signal.throwIfAborted();
  const { seed } = filling.registry;
  const { ground, words } = appeals[index % appeals.length] ?? { ground: 'not-me', words: '' };
  const key = newCaseSecret((size) => seed.bytes(`${sample.label}/case-key`).slice(0, size));
  const jti = (act: string): string => seed.text(`${sample.label}/${act}`);
  const code = sampleCode(seed, sample);
  await act(filling, 'case.claim', { jti: jti('claim'), code, newKey: key });
  await act(filling, 'case.appeal', { jti: jti('appeal'), key, ground, words, language: 'en' });
  filling.onAppeal();
}

async function act<N extends 'case.claim' | 'case.appeal'>(
  { cases }: Filling,
  op: N,
  input: CaseInput<N>,
): Promise<void> {
  const { status } = await cases.handle(op, Buffer.from(JSON.stringify(input)));
  if (status === 200) return;
  throw new ServerError('sandbox_failed', `Filling the sandbox failed at ${op} (${status}).`);
}
