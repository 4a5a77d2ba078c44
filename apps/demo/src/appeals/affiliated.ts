import { codeOf } from '../code-of.ts';
import type { Stage } from './appeal-stage.ts';

/** Whoever worked for a platform that was told judges none of it: not assigned, whatever waits. */
export async function tryAffiliated({ affiliated, steps }: Stage): Promise<void> {
  const { waiting, claims } = await affiliated.review.queue({});
  const code = await codeOf(() => affiliated.review.take());
  steps.check(
    'refused: a reviewer who worked for Tubely is assigned nothing',
    claims.length === 0 && waiting.all > 0 && waiting.eligible === 0 && code !== 'accepted',
    `${code}, ${waiting.eligible} of ${waiting.all} that wait`,
  );
}
