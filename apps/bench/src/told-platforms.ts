import { randomBytes } from 'node:crypto';
import {
  generateKey,
  newId,
  publicPart,
  thumbprint,
  type PartyId,
  type PrivateJwk,
  type Registration,
} from '@recourse/protocol';
import type { Db } from '@recourse/registry';
import { sql } from 'kysely';

/** A platform that exists to be told, and its key where it polls. */
export interface ToldPlatform {
  readonly party: PartyId;
  readonly privateJwk?: PrivateJwk;
}

/** Rows of one statement: PostgreSQL takes no more than 65,535 parameters. */
const rowsAtOnce = 1_000;

/** Platforms by SQL, the first of them with a service key: enrolling ten thousand is not what is measured. */
export async function insertPlatforms(
  db: Db,
  crowd: { count: number; keyed: number },
): Promise<ToldPlatform[]> {
  const now = new Date();
  const platforms = await Promise.all(
    Array.from({ length: crowd.count }, async (_, place) => ({
      party: newId('plt', { now, random: (size) => randomBytes(size) }),
      ...(place < crowd.keyed ? { privateJwk: await generateKey() } : {}),
    })),
  );
  await inBatches(platforms, (batch) =>
    db
      .with('party', (cte) =>
        cte
          .insertInto('parties')
          .values(batch.map(({ party }) => partyRow(party, now)))
          .returning(['id', 'registered_at', groupOf.as('group_name')]),
      )
      .insertInto('party_groups')
      .columns(['party', 'group_name', 'since'])
      .expression((from) => from.selectFrom('party').select(['id', 'group_name', 'registered_at']))
      .execute(),
  );
  await inBatches(
    platforms.filter((platform) => platform.privateJwk),
    (batch) => insertKeys(db, batch, now),
  );
  return platforms;
}

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000);

function partyRow(id: PartyId, now: Date) {
  return {
    id,
    kind: 'platform' as const,
    name: id,
    registration: registrationOf(id),
    enrolment_kid: null,
    registered_at: daysBefore(now, 120),
    objections_until: daysBefore(now, 106),
    active_from: daysBefore(now, 106),
    probation_until: daysBefore(now, 16),
    submissions_per_day: null,
    elements_per_day: null,
  };
}

const groupOf = sql<string>`registration ->> 'group'`;

const registrationOf = (id: PartyId): Registration => ({
  name: id,
  domain: `${id.replace('_', '-')}.example`,
  jurisdiction: 'NL',
  group: id.slice(-40).replace('_', '-'),
  owners: [],
  stateOwned: false,
  policies: ['https://bench.example/policy'],
  contacts: { complaints: 'a@bench.example', dataProtection: 'b@bench.example' },
  legalBasis: 'none',
  language: 'en',
  checkOnly: false,
});

async function insertKeys(db: Db, batch: readonly ToldPlatform[], now: Date): Promise<void> {
  const keys = batch.flatMap(({ party, privateJwk }) => {
    if (!privateJwk) return [];
    const jwk = publicPart(privateJwk);
    const holder = newId('hld', { now, random: (size) => randomBytes(size) });
    return [{ party, holder, jwk, kid: thumbprint(jwk) }];
  });
  await db
    .insertInto('holders')
    .values(
      keys.map(({ party, holder }) => ({
        id: holder,
        party,
        term_until: null,
        removed_at: null,
      })),
    )
    .execute();
  await db
    .insertInto('keys')
    .values(
      keys.map((key) => ({
        ...key,
        role: 'service' as const,
        admin: false,
        alg: 'Ed25519' as const,
        statement: '',
        position: 0,
        active_from: now,
        revoked_at: null,
        revoked_why: null,
        compromised_since: null,
        entry: '',
        revocation: null,
      })),
    )
    .execute();
}

/**
 * Tells each of these platforms of the first version of a sanction, as the commit of a check does. What earlier
 * rounds left to be polled is delivered: every round polls the same.
 */
export async function insertDisclosures(
  db: Db,
  disclosure: { sanction: string; parties: readonly string[] },
): Promise<void> {
  const at = new Date();
  await db.updateTable('events').set({ acked_at: at }).where('acked_at', 'is', null).execute();
  await inBatches(disclosure.parties, (batch) =>
    db
      .insertInto('disclosures')
      .values(batch.map((party) => ({ sanction: disclosure.sanction, version: 1, party, at })))
      .execute(),
  );
}

async function inBatches<T>(
  rows: readonly T[],
  insert: (batch: readonly T[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await insert(rows.slice(start, start + rowsAtOnce));
  }
}
