import type { Id, OpInput } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { caseClient, newCaseKey, type CaseClient } from '@recourse/sdk/case';
import { connectAs } from '../src/profile/identity.ts';
import { sandboxIdentity, sandboxRegistry } from '../src/profile/sandbox.ts';
import type { Sandbox } from './sandbox.ts';

/** A sample person by the SDK, such as a reviewer, who has a desk and no commands. */
export const connected = async ({ dataDir }: Sandbox, as: string): Promise<Recourse> =>
  connectAs(await sandboxIdentity(dataDir, as));

/** The creator's side, which pages have. */
export const creatorOf = async ({ dataDir }: Sandbox): Promise<CaseClient> =>
  caseClient(await sandboxRegistry(dataDir));

/** Claims the case of a code, and appeals. */
export async function appealed(sandbox: Sandbox, code: string): Promise<Id<'apl'>> {
  const creator = await creatorOf(sandbox);
  const key = newCaseKey();
  await creator.claim({ code, newKey: key });
  const words = 'It was not me.';
  return (await creator.appeal({ key, ground: 'not-me', words, language: 'en' })).appeal;
}

/** The evidence of a case, opened and confirmed by its reviewer. */
export async function openedBy(reviewer: Recourse, appeal: OpInput<'evidence.confirm'>['appeal']) {
  const opened = await reviewer.evidence.open(appeal);
  await reviewer.evidence.confirm({ appeal });
  return opened.map(({ fits, bytes }) => ({ fits, bytes: bytes && Buffer.from(bytes) }));
}
