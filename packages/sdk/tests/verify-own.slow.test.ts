import {
  detailDigest,
  disclosurePair,
  hashText,
  jcs,
  toTimestamp,
  type Entry,
  type Id,
  type Opening,
} from '@recourse/protocol';
import { random32, type TestRegistry } from '@recourse/testkit';
import { insertPending, placeOf } from '@recourse/registry';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OwnLedgerError, type Recourse } from '../src/index.ts';
import { first } from './connected.ts';
import { RegistryHttp } from './registry-http.ts';
import { recordScam } from './scam.ts';

let http: RegistryHttp;
let registry: TestRegistry;
let harbour: Recourse;
let tubely: Recourse;
beforeAll(async () => {
  http = await RegistryHttp.start();
  ({ registry } = http);
  harbour = http.connectAs(registry.parties.harbour);
  tubely = http.connectAs(registry.parties.tubely);
});
afterAll(() => registry.close());

/** A record that Tubely is told of. */
async function tell(email: string): Promise<Id<'snc'>> {
  const sanction = await recordScam(http, harbour, email);
  const asked = { purpose: 'signup', provenAt: registry.now() } as const;
  await tubely.prefixes.renew();
  expect((await tubely.check({ email }, asked)).matches).toHaveLength(1);
  return sanction;
}

async function recall(email: string): Promise<{ sanction: Id<'snc'>; recall: Id<'rcl'> }> {
  const sanction = await tell(email);
  await harbour.sanctions.withdraw({ sanction, cause: 'error' });
  const { recalls } = await tubely.recalls.list({ all: true });
  return {
    sanction,
    recall: first(recalls.filter((recall) => recall.sanction === sanction)).recall,
  };
}

async function findings(): Promise<[string, string][]> {
  try {
    await tubely.ledger.verifyOwn();
    return [];
  } catch (error) {
    if (!(error instanceof OwnLedgerError)) throw error;
    return error.issues.map(({ code, path }) => [code, path]);
  }
}

/** What the owner of the schema and of every key of the registry can write: all of an acknowledgement but its call. */
async function forge(forged: { sanction: string; recall: string }): Promise<void> {
  const { ownerDb, parties, services } = registry;
  const { id: party, service } = parties.tubely;
  const acknowledgement = { recall: forged.recall, action: 'undone', copies: 'deleted' } as const;
  const ack = hashText('a call that nobody signed');
  const { wrapped } = await ownerDb
    .selectFrom('case_keys')
    .select('wrapped')
    .where('sanction', '=', forged.sanction)
    .executeTakeFirstOrThrow();
  const caseKey = services.vault.openCase({ sanction: forged.sanction, wrapped });
  const pairSalt = caseKey.salt(`pair:${party}`);
  const entrySalt = random32();
  const entry: Entry = {
    v: 1,
    type: 'recall-acknowledged',
    at: toTimestamp(registry.now()),
    pair: disclosurePair(pairSalt, { sanction: forged.sanction, party }),
    digest: detailDigest(entrySalt, acknowledgement),
    ack,
  };
  const { sanction } = forged;
  const opening: Opening = {
    entry,
    sanction,
    party,
    pairSalt,
    entrySalt,
    detail: { ...acknowledgement },
  };
  await insertPending(ownerDb, [jcs(entry)], registry.now());
  const by = { kid: service.kid, jti: random32() };
  const sealed = caseKey.sealJson(opening, placeOf('openings.opening', { ...by, position: 0 }));
  await ownerDb
    .insertInto('openings')
    .values({ ...by, position: 0, party, sanction, opening: sealed })
    .execute();
  await ownerDb
    .insertInto('acknowledgements')
    .values({
      ...acknowledgement,
      ...by,
      party,
      ack,
      reviewed_at: null,
      notice_sent_at: null,
      at: registry.now(),
    })
    .execute();
  await ownerDb
    .updateTable('recalls')
    .set({ acknowledgement: forged.recall })
    .where('id', '=', forged.recall)
    .execute();
}

it('verifies a disclosure, its recall and the acknowledgement that the platform signed', async () => {
  const { recall: owed } = await recall('verified@example.com');
  await tubely.recalls.acknowledge({ recall: owed, action: 'undone', copies: 'deleted' });
  expect(await tubely.ledger.verifyOwn()).toEqual({
    openings: 3,
    disclosures: 1,
    recalls: 1,
    acknowledgements: 1,
    unverifiable: [],
  });
  // The submitter has openings of its own acts, and of nobody's recall.
  expect(await harbour.ledger.verifyOwn()).toMatchObject({ disclosures: 0, recalls: 0 });
});

it('finds an acknowledgement that the owner of the database forged before it was logged', async () => {
  const owed = await recall('forged@example.com');
  await forge(owed);
  expect(await findings()).toEqual([['acknowledgement-forged', owed.recall]]);
});

it('finds one for which a call that answered another recall is kept', async () => {
  const { ownerDb, services } = registry;
  const rows = await ownerDb
    .selectFrom('acknowledgements as a')
    .innerJoin('recalls as r', 'r.id', 'a.recall')
    .innerJoin('case_keys as c', 'c.sanction', 'r.sanction')
    .leftJoin('kept_calls as k', (join) =>
      join.onRef('k.kid', '=', 'a.kid').onRef('k.jti', '=', 'a.jti'),
    )
    .select(['a.recall', 'a.kid', 'a.jti', 'r.sanction', 'c.wrapped', 'k.sealed'])
    .execute();
  const genuine = first(rows.filter(({ sealed }) => sealed !== null));
  const forged = first(rows.filter(({ sealed }) => sealed === null));
  const placeOfCall = (row: { sanction: string; kid: string | null; jti: string | null }) =>
    placeOf('kept_calls.sealed', { sanction: row.sanction, kid: row.kid!, jti: row.jti! });
  const call = services.vault.openCase(genuine).open(genuine.sealed!, placeOfCall(genuine));
  const { recall: id, sanction } = forged;
  const [kid, jti] = [forged.kid!, forged.jti!];
  const sealed = services.vault.openCase(forged).seal(call, placeOfCall(forged));
  await ownerDb.insertInto('kept_calls').values({ sanction, kid, jti, sealed }).execute();
  expect(await findings()).toEqual([['acknowledgement-forged', id]]);
});

it('calls what was erased unverifiable', async () => {
  const { recall: owed, sanction } = await recall('erased@example.com');
  await tubely.recalls.acknowledge({ recall: owed, action: 'undone', copies: 'deleted' });
  const before = await findings();
  await registry.ownerDb.deleteFrom('case_keys').where('sanction', '=', sanction).execute();
  expect(await findings()).toEqual(before);
  const { openings } = await tubely.ledger.openings({ limit: 100 });
  expect(openings).toContainEqual({ erased: sanction });
});

it('misses a disclosure that it was told of and that the ledger does not open', async () => {
  const sanction = await tell('missing@example.com');
  await registry.ownerDb.deleteFrom('openings').where('sanction', '=', sanction).execute();
  expect(await findings()).toContainEqual(['disclosure-missing', sanction]);
});
