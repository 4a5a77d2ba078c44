import {
  jcs,
  keyAddedDetail,
  reasonCodes,
  toTimestamp,
  type PartyId,
  type Registration,
} from '@recourse/protocol';
import type { Db } from '@recourse/registry';
import { addedKey, enrolmentKey, testId, type TestKey } from './keys.ts';

export interface TestPlatform {
  readonly id: PartyId;
  readonly name: string;
  /** Admin, and a trust key */
  readonly admin: TestKey;
  readonly service: TestKey;
  readonly trust: TestKey;
  /** A trust key of another person */
  readonly trust2: TestKey;
}

export interface TestParties {
  readonly harbour: TestPlatform;
  readonly tubely: TestPlatform;
  readonly market: TestPlatform;
  /** Two holders, the first of them admin */
  readonly operator: readonly [TestKey, TestKey];
  /** Three holders, the first of them admin */
  readonly panel: readonly [TestKey, TestKey, TestKey];
}

interface Seed {
  readonly db: Db;
  readonly audience: string;
  readonly now: Date;
  /** Days since a platform registered; a year unless it says */
  readonly registeredFor?: number;
}

/** Three platforms of different groups, the panel and the operator, with chains that verify. */
export async function seedParties(seed: Seed): Promise<TestParties> {
  return {
    harbour: await seedPlatform(seed, 'Harbour'),
    tubely: await seedPlatform(seed, 'Tubely'),
    market: await seedPlatform(seed, 'Market'),
    operator: (await seedPeople(seed, 'operator', 2)) as [TestKey, TestKey],
    panel: (await seedPeople(seed, 'panel', 3)) as [TestKey, TestKey, TestKey],
  };
}

export async function seedPlatform(
  seed: Seed,
  name: string,
  overrides: Partial<Registration> = {},
): Promise<TestPlatform> {
  const id = testId('plt', seed.now);
  const of = { ...seed, party: id };
  const admin = await enrolmentKey({ ...of, role: 'trust', admin: true });
  const service = await addedKey({ ...of, role: 'service', admin: false, by: admin });
  const trust = await addedKey({ ...of, role: 'trust', admin: false, by: admin });
  const trust2 = await addedKey({ ...of, role: 'trust', admin: false, by: admin });
  const registration = { ...registrationOf(name), ...overrides };
  await insertParty(seed, { id, kind: 'platform', name, registration, root: admin });
  await insertKeys(seed, [admin, service, trust, trust2]);
  return { id, name, admin, service, trust, trust2 };
}

async function seedPeople(
  seed: Seed,
  party: 'operator' | 'panel',
  count: number,
): Promise<TestKey[]> {
  const role = party === 'operator' ? 'operator' : 'reviewer';
  const first = await enrolmentKey({ ...seed, party, role, admin: true });
  const keys = [first];
  while (keys.length < count) {
    // Two admins, as one alone may add no key for anybody else.
    const admin = keys.length === 1;
    keys.push(await addedKey({ ...seed, party, role, admin, by: first }));
  }
  await insertParty(seed, { id: party, kind: party, name: party, registration: null, root: first });
  await insertKeys(seed, keys);
  return keys;
}

export function registrationOf(name: string): Registration {
  const domain = `${name.toLowerCase()}.example`;
  return {
    name,
    domain,
    jurisdiction: 'NL',
    group: name.toLowerCase(),
    owners: [],
    stateOwned: false,
    policies: [`https://${domain}/policy`],
    contacts: { complaints: `complaints@${domain}`, dataProtection: `dpo@${domain}` },
    legalBasis: 'gdpr-art-10-authorised',
    language: 'en',
    checkOnly: false,
  };
}

async function insertParty(
  seed: Seed,
  party: {
    id: PartyId;
    kind: 'platform' | 'panel' | 'operator';
    name: string;
    registration: Registration | null;
    root: TestKey;
  },
): Promise<void> {
  await seed.db
    .insertInto('parties')
    .values({
      id: party.id,
      kind: party.kind,
      name: party.name,
      registration: party.registration,
      group_name: party.registration?.group ?? party.id,
      enrolment_kid: party.root.kid,
      ...(party.kind === 'platform' ? membership(seed) : { registered_at: seed.now }),
      enabled_reasons: [...reasonCodes],
    })
    .execute();
}

const daysAgo = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000);

/** Registered so long ago, with 14 d open to objection and 90 d of probation. */
const membership = ({ now, registeredFor: days = 365 }: Seed) => ({
  registered_at: daysAgo(now, days),
  objections_until: daysAgo(now, days - 14),
  active_from: daysAgo(now, days - 14),
  probation_until: daysAgo(now, days - 104),
});

/** Writes keys of one party in the order of their chain. */
async function insertKeys(seed: Seed, keys: readonly TestKey[]): Promise<void> {
  for (const [position, key] of keys.entries()) {
    await insertHolder(seed, key);
    await insertKey(seed, key, position);
  }
}

export async function insertHolder(seed: Seed, key: TestKey): Promise<void> {
  await seed.db
    .insertInto('holders')
    .values({ id: key.holder, party: key.party, term_until: null, removed_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function insertKey(seed: Seed, key: TestKey, position: number): Promise<void> {
  await seed.db
    .insertInto('keys')
    .values({
      kid: key.kid,
      party: key.party,
      holder: key.holder,
      role: key.role,
      admin: key.admin,
      alg: key.signer.alg,
      jwk: key.signer.publicJwk,
      statement: key.statement,
      position,
      active_from: seed.now,
      revoked_at: null,
      revoked_why: null,
      compromised_since: null,
      entry: entryOf(key, position, seed.now),
      revocation: null,
    })
    .execute();
}

/** As an enrolment or `keys.add` would have logged it. */
function entryOf(key: TestKey, position: number, now: Date): string {
  const detail = keyAddedDetail({ ...key, position });
  return jcs({ v: 1, type: 'key-added', at: toTimestamp(now), detail });
}
