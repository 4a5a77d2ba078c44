import type { TestPlatform, TestRegistry } from '@recourse/testkit';

export const groupOf = ({ name }: TestPlatform): string => name.toLowerCase();

/** A platform is of another group from here on, and was of no other before; `undefined` for its own again. */
export async function setGroup(
  registry: TestRegistry,
  platform: TestPlatform,
  group = groupOf(platform),
): Promise<void> {
  const { ownerDb } = registry;
  await ownerDb.deleteFrom('party_groups').where('party', '=', platform.id).execute();
  await ownerDb
    .insertInto('party_groups')
    .values({
      party: platform.id,
      group_name: group,
      since: new Date('2020-01-01'),
      until: null,
      by_party: null,
      item: null,
    })
    .execute();
}
