import type { TestRegistry } from '@recourse/testkit';
import { publish, publisherOf } from './prefixes-fixture.ts';

/** A valid input of the operation that reads prefix sets, of which there is one. */
export async function prefixInputs(registry: TestRegistry) {
  await publish(registry, publisherOf(registry));
  const { service } = registry.parties.tubely;
  return {
    'prefixes.sync': { key: service, in: { list: 'all' as const, epoch: 1, version: 1 } },
  };
}
