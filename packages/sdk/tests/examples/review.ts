import { reviewIdOf } from '@recourse/protocol';
import { connect, type ConnectOptions, type TakenCase } from '@recourse/sdk';
import { fileSealingKeys } from '@recourse/sdk/node';

/** Takes the case that is due first; its key is in `folder` before the registry hears of it. */
export const takeNext = (options: ConnectOptions, folder: string): Promise<TakenCase> =>
  connect({ ...options, sealingKeys: fileSealingKeys(folder) }).review.take();

/** Opens what was delivered since, and decides. */
export async function decide(options: ConnectOptions, folder: string, taken: TakenCase) {
  const recourse = connect({ ...options, sealingKeys: fileSealingKeys(folder) });
  const { sanction } = taken;
  const appeal = reviewIdOf(taken);
  const items = await recourse.evidence.open(appeal);
  if (items.every(({ fits }) => fits)) await recourse.evidence.confirm({ appeal });
  const reasons = 'The payments in item 0 were made to another person.';
  const outcome = 'reversed';
  return recourse.review.decide({ appeal, sanction, outcome, cause: 'mistaken-identity', reasons });
}
