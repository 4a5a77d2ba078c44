import type { TestPlatform } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resultOf } from './checks-fixture.ts';
import { record } from './derived-fixture.ts';
import { Copy, doctorOf, publish, publisherOf } from './prefixes-fixture.ts';
import { RotatingRegistry, tokenOf } from './rotation-fixture.ts';

let rotating: RotatingRegistry;
let harbour: TestPlatform;
beforeEach(async () => {
  rotating = await RotatingRegistry.start();
  ({ harbour } = rotating.registry.parties);
});
afterEach(() => rotating.registry.close());

/** Which of the tokens of a domain are in the sets of the epochs. */
async function holds(domain: string): Promise<boolean[]> {
  const { registry } = rotating;
  await publish(registry, publisherOf(registry));
  const epochs = [1, 2];
  const copies = await Promise.all(epochs.map((epoch) => new Copy(registry, epoch).sync()));
  return copies.flatMap((copy) => epochs.map((epoch) => copy.has(tokenOf(epoch, domain))));
}

test('a record is in the set of each epoch that it has tokens of, and in no other', async () => {
  const domain = 'scam-of-march.example';
  const sanction = await record(rotating.registry, harbour, [tokenOf(1, domain)]);
  await rotating.open();
  expect(await holds(domain)).toEqual([true, false, false, false]);
  resultOf(await rotating.retokenise(harbour, sanction, [domain]));
  expect(await holds(domain)).toEqual([true, false, false, true]);
  expect(await doctorOf(rotating.registry)).toEqual([]);
});
