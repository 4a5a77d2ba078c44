import { openingSchema, verifyOpening, type Opening } from '@recourse/protocol';
import type { TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeOf } from '../src/vault/vault.ts';
import { openingsOf } from '../src/cases/view-store.ts';
import { wrappedCaseKeys } from '../src/vault/case-key-store.ts';
import { startCheckRegistry } from './checks-fixture.ts';
import { expectWhole, newSigner, opened } from './ledger-fixture.ts';
import { erase } from './recovery-cast.ts';
import { logAndSign } from './recovery-fixture.ts';
import { tell, type ToldRecord } from './recalls-fixture.ts';
import { withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
let erased: ToldRecord;
let other: ToldRecord;
beforeAll(async () => {
  registry = await startCheckRegistry();
  [erased, other] = [await tell(registry), await tell(registry)];
  for (const { sanction } of [erased, other]) await withdraw(registry, sanction);
  await erase(registry, erased);
});
afterAll(() => registry.close());

/** What opens the entries of a case, by whoever has the vault. */
async function openings({ sanction }: ToldRecord): Promise<Opening[]> {
  const [key] = await wrappedCaseKeys(registry.db, [sanction]);
  if (!key) return [];
  const caseKey = registry.services.vault.openCase(key);
  const rows = await openingsOf(registry.db, sanction);
  return rows.map((row) =>
    openingSchema.parse(caseKey.openJson(row.opening, placeOf('openings.opening', row))),
  );
}

test('an erased case leaves the log whole: every entry, tile and root', async () => {
  const signer = await newSigner();
  const note = await logAndSign(registry, signer);
  const entries = await expectWhole(registry.db);
  expect((await opened(note, signer)).size).toBe(entries.length);
  expect(entries.filter((entry) => entry.includes('"type":"erased"'))).toHaveLength(1);
});

test('nothing opens the entries of an erased case any more', async () => {
  expect(await openings(erased)).toEqual([]);
});

test('the entries of other cases open as before', async () => {
  const others = await openings(other);
  expect(others.map(({ entry }) => entry.type)).toEqual(
    expect.arrayContaining(['sanction-submitted', 'sanction-disclosed', 'sanction-ended']),
  );
  for (const opening of others) verifyOpening(opening);
});
