import { testId, type TestRegistry } from '@recourse/testkit';
import { voteOf } from './panel-harness.ts';

/** Valid inputs of the operations on items of the panel. */
export async function panelInputs(registry: TestRegistry) {
  const { tubely, panel } = registry.parties;
  const [reviewer] = panel;
  const item = testId('itm', registry.now());
  return {
    'review.items': { key: reviewer, in: {} },
    'review.vote': {
      key: reviewer,
      in: await voteOf(registry, {
        by: reviewer,
        item,
        outcome: 'refuse',
      }),
    },
    'parties.standing': { key: tubely.service, in: {} },
    'parties.appealSuspension': { key: tubely.admin, in: { item } },
  };
}
