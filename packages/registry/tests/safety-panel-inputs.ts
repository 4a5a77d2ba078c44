import { inviteKey, toNumericDate } from '@recourse/protocol';
import { random32, testId, type TestRegistry } from '@recourse/testkit';
import { voteOf } from './panel-harness.ts';

/** Valid inputs of the operations on items of the panel. */
export async function panelInputs(registry: TestRegistry) {
  const { tubely, harbour, panel, operator } = registry.parties;
  const [reviewer] = panel;
  const item = testId('itm', registry.now());
  const until = toNumericDate(registry.now()) + 99;
  return {
    'panel.invite': {
      key: operator[0],
      in: {
        invite: inviteKey(random32()),
        affiliations: [{ party: harbour.id, until }],
        languages: ['en'],
        optOut: [],
        termUntil: until,
      },
    },
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
