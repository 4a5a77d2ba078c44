import { newCaseSecret, type ReasonCode } from '@recourse/protocol';
import type { ServerConfig } from '../config/config.ts';
import { samplePlatforms } from './sample-platforms.ts';
import { loadSandboxSeed, type SandboxSeed } from './sandbox-seed.ts';
import { samples, type Sample } from './samples.ts';

export interface SampleCase {
  readonly label: string;
  readonly platform: string;
  readonly reason: ReasonCode;
  readonly account: string;
  readonly code: string;
}

/** The code in the notice of a sample, always the same. */
export const sampleCode = (seed: SandboxSeed, { label }: Pick<Sample, 'label'>): string =>
  newCaseSecret((size) => seed.bytes(`${label}/case-code`).slice(0, size));

/** The samples as their creators would open them. */
export function sampleCases({ dataDir }: Pick<ServerConfig, 'dataDir'>): SampleCase[] {
  const seed = loadSandboxSeed(dataDir);
  return samples.map((sample) => ({
    label: sample.label,
    platform: samplePlatforms[sample.by].name,
    reason: sample.reason,
    account: sample.account,
    code: sampleCode(seed, sample),
  }));
}
