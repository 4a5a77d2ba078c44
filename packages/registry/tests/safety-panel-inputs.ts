import { testId, type TestRegistry } from '@recourse/testkit';
import { newSealingKey, seal } from './appeals-harness.ts';
import { voteOf } from './panel-harness.ts';

/** Valid inputs of the operations on items of the panel and on inspections. */
export async function panelInputs(registry: TestRegistry) {
  const { tubely, panel } = registry.parties;
  const [reviewer] = panel;
  const item = testId('itm', registry.now());
  return {
    'inspections.list': { key: tubely.service, in: {} },
    'inspections.claim': { key: reviewer, in: {} },
    'inspections.deliver': {
      key: tubely.service,
      in: {
        item,
        place: 0,
        jwe: await seal([await newSealingKey()]),
      },
    },
    'inspections.open': {
      key: reviewer,
      in: { item, place: 0 },
    },
    'inspections.get': { key: reviewer, in: { item } },
    'inspections.file': { key: reviewer, in: { item, file: 0 } },
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
