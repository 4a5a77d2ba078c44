import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { generateKey, reasonCodes, signerFromJwk } from '@recourse/protocol';
import { connect, deadlinesOf, migrate, Vault, type Db } from '@recourse/registry';
import {
  addedKey,
  insertHolder,
  insertKey,
  seedParties,
  seedPlatform,
  startPostgres,
  testOrigin,
  TestProofs,
  TestRegistry,
  type TestParties,
} from '@recourse/testkit';
import type { Rule } from '../rules/rule.ts';
import { takeOutOfDatabase } from '../rules/take-out-of-database.ts';
import { openBranchingSession, type BranchingSession } from './branching-session.ts';
import type { Seated } from './principals.ts';
import { realTokens } from './real-tokens.ts';

/** A PostgreSQL of the hunt's own, with the parties of every history and nothing else. */
export interface World {
  readonly session: BranchingSession;
  readonly seated: Seated;
  /** A registry on the session, as if nothing had happened yet */
  fresh(): Promise<TestRegistry>;
  /** A registry on a database of its own, whose commits are real; `close` drops it */
  committed(): Promise<TestRegistry>;
  close(): Promise<void>;
}

/** A Wednesday. */
const begins = (day: number): Date => new Date(Date.UTC(2027, 2, 3 + day, 9));

const basis = 'hunt_basis';

function urlOf(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/**
 * @param day days after a Wednesday on which every history begins: the weekday is drawn
 * @param without a rule that its database does not hold
 */
export async function startWorld(day: number, without?: Rule): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'recourse-hunt-'));
  const server = await startPostgres({ dir });
  const admin = connect({ url: server.adminUrl, connections: 1 });
  const say = (statement: string) => admin.executeQuery(CompiledQuery.raw(statement));
  await say(`create database ${basis} owner recourse_owner`);
  await migrate({ url: urlOf(server.ownerUrl, basis) });
  if (without) await takeOutOfDatabase(urlOf(server.ownerUrl, basis), without);
  const seeded = await seed(urlOf(server.ownerUrl, basis), begins(day));
  await say(`create database hunt template ${basis} owner recourse_owner`);
  const session = await openBranchingSession(urlOf(server.url, 'hunt'));
  const registryOn = async (db: Db, url: string, drop: () => Promise<void>) =>
    new TestRegistry({
      options: await brought(db),
      parties: seeded.parties,
      database: {
        url,
        drop,
        handles: () => ({ db, ownerDb: db, lockUpgrades: [], close: drop }),
      },
      startsAt: begins(day),
    });
  let copies = 0;
  return {
    session,
    seated: seeded.seated,
    fresh: async () => {
      await session.reset();
      return registryOn(session.db, server.url, async () => {});
    },
    committed: async () => {
      const name = `hunt_committed_${copies++}`;
      await say(`create database ${name} template ${basis} owner recourse_owner`);
      const url = urlOf(server.url, name);
      const db = connect({ url, role: 'recourse_service' });
      return registryOn(db, url, async () => {
        await db.destroy();
        await say(`drop database ${name} with (force)`);
      });
    },
    close: async () => {
      await session.close();
      await admin.destroy();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Parties that record, check and judge: three groups, one in its probation, and seven reviewers. */
async function seed(
  url: string,
  startsAt: Date,
): Promise<{ parties: TestParties; seated: Seated }> {
  const db = connect({ url, connections: 1 });
  const now = new Date(startsAt.getTime() - 3_600_000);
  const parties = await seedParties({ db, audience: testOrigin, now });
  await db
    .updateTable('parties')
    .set({
      registered_at: new Date('2020-01-01'),
      enabled_reasons: [...reasonCodes],
    })
    .execute();
  const newcomer = await seedPlatform(
    { db, audience: testOrigin, now, registeredFor: 30 },
    'Newcomer',
  );
  // Whoever signs up there would choose the judges, if being told barred anybody.
  const [, second] = parties.panel;
  await db
    .insertInto('affiliations')
    .values({ holder: second.holder, party: parties.tubely.id, until: null })
    .execute();
  const { id: party, admin: by } = parties.market;
  const owner = { db, audience: testOrigin, now, party };
  const support = await addedKey({ ...owner, role: 'support', admin: false, by });
  await insertHolder(owner, support);
  await insertKey(owner, support, 40);
  await db.destroy();
  return { parties, seated: { newcomer, support } };
}

const brought = async (db: Db) => {
  const proofs = new TestProofs();
  return {
    db,
    origin: testOrigin,
    random: (size: number) => randomBytes(size),
    place: () => 0,
    receiptSigner: await signerFromJwk(await generateKey()),
    eventSigner: await signerFromJwk(await generateKey()),
    vault: new Vault(randomBytes(32)),
    tokens: await realTokens(),
    proofs,
    news: proofs,
    notices: proofs,
    deadlines: deadlinesOf({}, { sandbox: false }),
    flaggers: [],
  };
};
