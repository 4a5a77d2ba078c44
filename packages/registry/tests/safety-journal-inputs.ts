import type { TestRegistry } from '@recourse/testkit';
import { newSealingKey } from './appeals-harness.ts';
import { publishKey, sealedJournal, sealingStatement } from './journals-fixture.ts';

/** Valid inputs of the operations on journals, by one who has no such record. */
export async function journalInputs(registry: TestRegistry, sanction: string) {
  const { id: iss, trust: by } = registry.parties.tubely;
  const { key } = await publishKey(registry, { by, iss });
  const statement = await sealingStatement(registry, { by, iss, key: await newSealingKey() });
  return {
    'journals.addKey': { key: by, in: { statement } },
    'journals.keys': { key: by, in: {} },
    'journals.put': { key: by, in: { sanction, jwe: await sealedJournal([key]) } },
    'journals.get': { key: by, in: { sanction } },
    'journals.putBook': {
      key: by,
      in: { book: 'work' as const, after: 0, jwe: await sealedJournal([key]) },
    },
    'journals.getBook': { key: by, in: { book: 'work' as const } },
  };
}
