import {
  jcs,
  keyAddedDetail,
  reasonCodes,
  toTimestamp,
  type PartyId,
  type Registration,
} from '@recourse/protocol';
import type { Database, Db } from '@recourse/registry';
import { sql, type Insertable } from 'kysely';
import { addedKey, type Draw, enrolmentKey, steadyDraw, testId, type TestKey } from './keys.ts';

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
  /** Two more who sit on the panel: enough are independent of a platform that some of the three belong to */
  readonly reserve: readonly [TestKey, TestKey];
}

interface Seed {
  readonly db: Db;
  readonly audience: string;
  readonly now: Date;
  /** Days since a platform registered; a year unless it says */
  readonly registeredFor?: number;
  readonly draw?: Draw;
}

type SeedBasis = Omit<Seed, 'db'>;

/**
 * Three platforms of different groups, the panel and the operator, with chains that verify. Their keys and ids are the
 * same in every run; they are made once for an instant.
 */
export async function seedParties(seed: Seed): Promise<TestParties> {
  const { audience, now } = seed;
  const start = `${audience} ${now.toISOString()}`;
  const cast = casts.get(start) ?? castOf({ audience, now, draw: steadyDraw(start) });
  casts.set(start, cast);
  const { parties, members } = await cast;
  await insertMembers(seed, members);
  return parties;
}

interface Cast {
  readonly parties: TestParties;
  readonly members: readonly Member[];
}

/** A party with its keys, in the order of their chain. */
interface Member {
  readonly party: Insertable<Database['parties']>;
  readonly keys: readonly TestKey[];
}

const casts = new Map<string, Promise<Cast>>();

async function castOf(seed: SeedBasis): Promise<Cast> {
  const harbour = await platformOf(seed, 'Harbour');
  const tubely = await platformOf(seed, 'Tubely');
  const market = await platformOf(seed, 'Market');
  const operator = await peopleOf(seed, 'operator', 2);
  const panel = await peopleOf(seed, 'panel', 5);
  const [first, second, third, ...reserve] = panel.keys as [
    TestKey,
    TestKey,
    TestKey,
    TestKey,
    TestKey,
  ];
  return {
    parties: {
      harbour: harbour.platform,
      tubely: tubely.platform,
      market: market.platform,
      operator: operator.keys as [TestKey, TestKey],
      panel: [first, second, third],
      reserve,
    },
    members: [harbour, tubely, market, operator, panel],
  };
}

export async function seedPlatform(
  seed: Seed,
  name: string,
  overrides: Partial<Registration> = {},
): Promise<TestPlatform> {
  const { platform, ...member } = await platformOf(seed, name, overrides);
  await insertMembers(seed, [member]);
  return platform;
}

async function platformOf(
  seed: SeedBasis,
  name: string,
  overrides: Partial<Registration> = {},
): Promise<Member & { readonly platform: TestPlatform }> {
  const id = testId('plt', seed.now, seed.draw);
  const owner = { ...seed, party: id };
  const admin = await enrolmentKey({ ...owner, role: 'trust', admin: true });
  const service = await addedKey({ ...owner, role: 'service', admin: false, by: admin });
  const trust = await addedKey({ ...owner, role: 'trust', admin: false, by: admin });
  const trust2 = await addedKey({ ...owner, role: 'trust', admin: false, by: admin });
  const registration = { ...registrationOf(name), ...overrides };
  return {
    platform: { id, name, admin, service, trust, trust2 },
    party: {
      ...partyOf({ id, kind: 'platform', name, root: admin }),
      registration,
      ...membership(seed),
    },
    keys: [admin, service, trust, trust2],
  };
}

async function peopleOf(
  seed: SeedBasis,
  party: 'operator' | 'panel',
  count: number,
): Promise<Member> {
  const role = party === 'operator' ? 'operator' : 'reviewer';
  const first = await enrolmentKey({ ...seed, party, role, admin: true });
  const keys = [first];
  while (keys.length < count) {
    // Two admins, as one alone may add no key for anybody else.
    const admin = keys.length === 1;
    keys.push(await addedKey({ ...seed, party, role, admin, by: first }));
  }
  const row = partyOf({ id: party, kind: party, name: party, root: first });
  return { party: { ...row, registered_at: seed.now }, keys };
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

const partyOf = (party: {
  id: PartyId;
  kind: 'platform' | 'panel' | 'operator';
  name: string;
  root: TestKey;
}) => ({
  id: party.id,
  kind: party.kind,
  name: party.name,
  registration: null,
  enrolment_kid: party.root.kid,
  enabled_reasons: [...reasonCodes],
});

const daysAgo = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000);

/** Registered so long ago, with 14 d open to objection and 90 d of probation. */
const membership = ({ now, registeredFor: days = 365 }: SeedBasis) => ({
  registered_at: daysAgo(now, days),
  objections_until: daysAgo(now, days - 14),
  active_from: daysAgo(now, days - 14),
  probation_until: daysAgo(now, days - 104),
});

/** Inserts parties, and the membership that each registration begins. */
export async function insertParties(
  db: Db,
  parties: readonly Insertable<Database['parties']>[],
): Promise<void> {
  await db
    .with('party', (cte) =>
      cte
        .insertInto('parties')
        .values([...parties])
        .returning(['id', 'registered_at', sql<string>`registration ->> 'group'`.as('group_name')]),
    )
    .insertInto('party_groups')
    .columns(['party', 'group_name', 'since'])
    .expression((from) =>
      from
        .selectFrom('party')
        .select(['id', 'group_name', 'registered_at'])
        .where('group_name', 'is not', null),
    )
    .execute();
}

async function insertMembers({ db, now }: Seed, members: readonly Member[]): Promise<void> {
  await insertParties(
    db,
    members.map(({ party }) => party),
  );
  await insertHolders(
    db,
    members.flatMap(({ keys }) => keys),
  );
  const rows = members.flatMap(({ keys }) => keys.map((key, i) => keyRow(key, i, now)));
  await db.insertInto('keys').values(rows).execute();
}

export const insertHolder = (seed: Seed, key: TestKey): Promise<void> =>
  insertHolders(seed.db, [key]);

async function insertHolders(db: Db, keys: readonly TestKey[]): Promise<void> {
  await db
    .insertInto('holders')
    .values(
      keys.map(({ holder, party }) => ({ id: holder, party, term_until: null, removed_at: null })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function insertKey(seed: Seed, key: TestKey, position: number): Promise<void> {
  await seed.db
    .insertInto('keys')
    .values(keyRow(key, position, seed.now))
    .execute();
}

const keyRow = (key: TestKey, position: number, now: Date): Insertable<Database['keys']> => ({
  kid: key.kid,
  party: key.party,
  holder: key.holder,
  role: key.role,
  admin: key.admin,
  alg: key.signer.alg,
  jwk: key.signer.publicJwk,
  statement: key.statement,
  position,
  active_from: now,
  revoked_at: null,
  revoked_why: null,
  compromised_since: null,
  entry: entryOf(key, position, now),
  revocation: null,
});

/** As an enrolment or `keys.add` would have logged it. */
function entryOf(key: TestKey, position: number, now: Date): string {
  const detail = keyAddedDetail({ ...key, position });
  return jcs({ v: 1, type: 'key-added', at: toTimestamp(now), detail });
}
