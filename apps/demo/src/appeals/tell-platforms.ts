import { createHash } from 'node:crypto';
import { eachOf } from '@recourse/cli';
import type { Stage } from './appeal-stage.ts';
import type { SampleCase } from './sample-case.ts';

const signal = new AbortController().signal;

/** A platform's own case id, which says nothing to anybody else. */
export const refOf = (platform: string, { domain }: Pick<SampleCase, 'domain'>): string =>
  createHash('sha256').update(`${platform}/${domain}`).digest('base64url').slice(0, 24);

/** Each platform asks about each creator and gives a reference of its own, by which a recall finds the person again. */
export async function tellPlatforms(stage: Stage, cases: readonly SampleCase[]): Promise<void> {
  const { told, steps, timings } = stage;
  let matched = 0;
  for (const { name, platform } of told) {
    // The set on its disk may be from before the import, and still be fresh.
    await platform.prefixes.renew();
    await eachOf(cases, { concurrency: 4, signal }, async (one) => {
      const provenAt = platform.session.transport.now();
      const asked = { purpose: 'signup', provenAt, ref: refOf(name, one) } as const;
      const { matches } = await timings.of('check with a reference', () =>
        platform.check({ domain: one.domain }, asked),
      );
      if (matches.some(({ sanction }) => sanction === one.sanction)) matched += 1;
    });
  }
  const names = told.map(({ name }) => name).join(' and ');
  steps.check(
    `${names} are told of each, with their own references`,
    matched === told.length * cases.length,
    `${matched} of ${told.length * cases.length}`,
  );
}
