import { signCompact } from '@recourse/protocol';
import { call } from '../signing.ts';
import type { Stage } from '../stage.ts';
import { makeSubmission } from '../submission.ts';

/** Submits a record about one domain. @returns its id */
export async function submitOne(
  stage: Stage,
  { by: name, epoch = 1 }: { by: string; epoch?: number },
): Promise<string> {
  const by = stage.key({ name, role: 'trust' });
  const { submission, statement } = await makeSubmission(stage, by, { epoch });
  await call(stage, { by, op: 'sanctions.submit', in: submission });
  return statement.jti;
}

/** Withdraws a record of Harbour. */
export async function withdrawOne(stage: Stage, sanction: string): Promise<void> {
  const by = stage.key({ name: 'Harbour', role: 'trust' });
  const withdrawal = await signCompact(by.signer, 'recourse-withdrawal+jwt', {
    iss: by.key.party as `plt_${string}`,
    aud: stage.origin,
    sub: sanction as `snc_${string}`,
    cause: 'error',
    iat: Math.floor(Date.now() / 1000),
  });
  await call(stage, { by, op: 'sanctions.withdraw', in: { withdrawal } });
}
