import {
  type Entry,
  type Id,
  inviteKey,
  jcs,
  keyAddedDetail,
  signCompact,
  toNumericDate,
  toTimestamp,
  verifyKeyChain,
} from '@recourse/protocol';
import { insertPending, type RecoveryResult } from '@recourse/registry';
import {
  addedKey,
  random32,
  startTestRegistry,
  testId,
  testOrigin,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partyKeys } from '../src/parties/directory.ts';
import { resultOf } from './checks-fixture.ts';
import {
  addKey,
  enrol,
  invite,
  problemOf,
  statementBy,
  type Invitation,
} from './parties-fixtures.ts';
import { byBoth, countersigned, platformId, register } from './parties-operator-fixtures.ts';
import { recoveredAfter } from './recovery-fixture.ts';
import { newWitnessKey } from './witness-key.ts';

let live: TestRegistry;
let dump: TestRegistry;
let recovered: RecoveryResult;
let invited: Invitation;
let done: Awaited<ReturnType<typeof happen>>;
beforeAll(async () => {
  live = await startTestRegistry();
  const { tubely, harbour } = live.parties;
  const suspension = { party: platformId(tubely), what: 'both', why: 'terms' } as const;
  resultOf(await byBoth(live, 'platforms.suspend', suspension));
  invited = await invite(live, harbour.admin, { role: 'service' });
  ({ dump, recovered, done } = await recoveredAfter(live, happen));
});
afterAll(async () => {
  await live.close();
  await dump.close();
});

async function happen() {
  const { harbour, tubely, panel } = live.parties;
  resultOf(await byBoth(live, 'platforms.restore', { party: platformId(tubely) }));
  const { party, code } = await register(live);
  const root = await enrol(live, { code, role: 'trust', admin: true });
  await enrolInvited();
  resultOf(
    await byBoth(live, 'platforms.setQuota', {
      party: platformId(harbour),
      submissionsPerDay: 7,
    }),
  );
  const policies = ['https://harbour.example/terms', 'https://harbour.example/more'];
  await live.call(harbour.admin, 'parties.setPolicies', { policies });
  const { kid } = await addKey(live, harbour.admin, { role: 'service' });
  resultOf(await live.call(harbour.admin, 'keys.revoke', { kid, why: 'retired' }));
  const reviewer = await seat(platformId(harbour));
  const witness = { key: await newWitnessKey(), url: 'https://witness.example' };
  resultOf(await live.call(harbour.admin, 'parties.witness', witness));
  // Taken back, or nothing would be served that could be copied.
  resultOf(await live.call(harbour.admin, 'parties.witness', { key: null }));
  await byBoth(live, 'panel.remove', { holder: panel[2].holder as `hld_${string}` });
  await meet(party as Id<'plt'>);
  return { party, root, planted: await plant(), reviewer };
}

/** An objection, a demand and a statement; and one who leaves. */
async function meet(party: Id<'plt'>): Promise<void> {
  const { harbour, tubely } = live.parties;
  const objection = { party, ground: 'owner-undisclosed' } as const;
  resultOf(await live.call(harbour.trust, 'parties.object', objection));
  const undisclosed = { party, ground: 'group-undisclosed', group: 'tubely' } as const;
  resultOf(await live.call(harbour.trust, 'parties.object', undisclosed));
  resultOf(await byBoth(live, 'platforms.setGroup', { party, group: 'moved' }));
  const demand = {
    kind: 'record',
    quarter: '2025-Q4',
    received: 1,
    complied: 0,
    refused: 1,
  } as const;
  resultOf(await live.call(harbour.trust, 'parties.demand', demand));
  const attestation = await signCompact(harbour.trust.signer, 'recourse-attestation+jwt', {
    iss: harbour.id,
    aud: testOrigin,
    quarter: '2025-Q4',
    demands: 1,
    iat: toNumericDate(live.now()),
  });
  resultOf(await live.call(harbour.trust, 'parties.attest', { attestation }));
  resultOf(await live.call(tubely.admin, 'platforms.leave', { party: platformId(tubely) }));
}

/** An invite that was made before the copy is redeemed after it. */
async function enrolInvited(): Promise<void> {
  const { harbour } = live.parties;
  const { key, holder } = await enrol(live, invited);
  const claims = { holder, role: 'service', admin: false, jwk: key.signer.publicJwk } as const;
  const statement = await statementBy(live, harbour.admin, claims);
  resultOf(await live.call(harbour.admin, 'keys.add', { statement }));
}

async function seat(party: `plt_${string}`): Promise<string> {
  const termUntil = toNumericDate(live.now()) + 300 * 86_400;
  const code = random32();
  const affiliations = [{ party }];
  const input = { invite: inviteKey(code), affiliations, termUntil };
  resultOf(await byBoth(live, 'panel.invite', await countersigned(live, input)));
  const { holder, key } = await enrol(live, { code, role: 'reviewer', admin: false });
  const [chair, carrier] = live.parties.panel;
  const claims = { holder, role: 'reviewer', admin: false, jwk: key.signer.publicJwk } as const;
  const statement = await statementBy(live, chair, claims);
  resultOf(await live.call(carrier, 'keys.add', { statement }));
  return holder;
}

/** Keys that somebody who writes to the database puts into the log, and no admin signed for. */
async function plant(): Promise<string[]> {
  const { harbour, tubely, panel } = live.parties;
  const now = live.now();
  const common = { audience: testOrigin, now, role: 'trust', admin: true } as const;
  const byAnother = await addedKey({ ...common, party: harbour.id, by: tubely.admin });
  const unseated = await addedKey({
    ...common,
    role: 'reviewer',
    party: 'panel',
    holder: testId('hld', now),
    by: panel[0],
  });
  const added = [byAnother, unseated].map((key): Entry => ({
    v: 1,
    type: 'key-added',
    at: toTimestamp(now),
    detail: keyAddedDetail({ ...key, position: 9 }),
  }));
  await insertPending(
    live.db,
    added.map((entry) => jcs(entry)),
    now,
  );
  return [byAnother.kid, unseated.kid];
}

test('parties, people and keys are as they were, to the last of them', async () => {
  const tables = [
    sql`select id, name, registration, enrolment_kid, submissions_suspended,
      checks_stopped, submissions_per_day, elements_per_day, enabled_reasons from parties order by 1`,
    sql`select id, party, term_until, removed_at is null as sits from holders
      where exists (select from keys where keys.holder = holders.id) order by 1`,
    sql`select party, group_name, until is null as stays, by_party, item from party_groups order by 1, 2`,
    sql`select * from affiliations order by 1, 2`,
    sql`select kid, party, holder, role, admin, alg, jwk, statement, position, revoked_why
      from keys order by 1`,
    sql`select id, active_from, probation_until, left_at is null as stays,
      objections_until from parties order by 1`,
    sql`select party, by_party, ground from objections`,
    sql`select id, party, kind, quarter, received, complied, refused, logged from authority_demands`,
    sql`select party, quarter, demands, statement, kid from attestations`,
    sql`select * from enrolments`,
    sql`select position, entry from witness_policies order by 1`,
    sql`select party, key, ended_at is null as asked from witnesses order by position`,
  ];
  for (const table of tables) {
    expect((await table.execute(dump.db)).rows).toEqual((await table.execute(live.db)).rows);
  }
});

test('every chain of keys verifies back to its root', async () => {
  const { harbour, tubely } = live.parties;
  for (const party of [harbour.id, tubely.id, done.party, 'panel']) {
    const published = await partyKeys(dump.db, party);
    const chain = await verifyKeyChain(published!, { audience: testOrigin, party });
    expect(chain.size).toBe(published!.keys.length);
  }
});

test('a key that no admin of its party signed for is not added, nor one of a reviewer whom nobody seated', async () => {
  const { rows } = await sql`select kid from keys where kid = any(${done.planted})`.execute(
    dump.db,
  );
  expect(rows).toEqual([]);
  expect(recovered.counts).toMatchObject({ keysLeft: 2, keysRevoked: 2 });
});

test('an invite that was redeemed is not redeemed again', async () => {
  expect(await problemOf(enrol(dump, invited))).toBe('invite-invalid');
});
