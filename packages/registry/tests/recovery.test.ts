import type { RecoveryResult } from '@recourse/registry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareLedger } from '@recourse/registry';
import { standingOf } from '../src/records/record.ts';
import { findSanction } from '../src/records/store.ts';
import { startAppealRegistry } from './appeals-harness.ts';
import { askNew, resultOf } from './checks-fixture.ts';
import { expectWhole, faultOf, logged, opened, waiting } from './ledger-fixture.ts';
import { problem, withdraw } from './sanctions-harness.ts';
import { acknowledge, recallsOf } from './recalls-fixture.ts';
import { castOf, type Cast } from './recovery-cast.ts';
import { logAndSign, recover } from './recovery-fixture.ts';
import type { TestRegistry } from '@recourse/testkit';

let live: TestRegistry;
let cast: Cast;
let dump: TestRegistry;
let before: { waiting: string[]; fault: string };
let recovered: RecoveryResult;
beforeAll(async () => {
  live = await startAppealRegistry();
  cast = await castOf(live);
  ({ dump } = cast);
  const fault = await faultOf(
    compareLedger(dump.db, { signer: cast.signer, outside: [cast.outside!] }),
  );
  before = { waiting: await waiting(dump.db), fault };
  recovered = await recover(cast);
});
afterAll(async () => {
  await live.close();
  await dump.close();
});

/** An entry tells the second: what is read back from it is never earlier, and less than one later. */
function isSameSecond(again: Date, original: Date): boolean {
  const later = again.getTime() - original.getTime();
  return later >= 0 && later < 1_000;
}

const stateOf = async (sanction: string) =>
  standingOf((await findSanction(dump.db, sanction))!, dump.now()).state;

async function answersTo(token: string): Promise<boolean> {
  const answer = await askNew(dump, live.parties.tubely, [token]);
  return (resultOf(answer) as { matches: unknown[] }).matches.length > 0;
}

const suspendedFor = async (sanction: string) =>
  (await findSanction(dump.db, sanction))!.open_suspensions.map(({ cause }) => cause);

const openRecalls = async (sanction: string) =>
  (await recallsOf(dump, sanction))
    .filter(({ acknowledgement, superseded_by: by }) => acknowledgement === null && by === null)
    .map(({ party, kind }) => [party, kind]);

test('the copy of the database was behind, and part of what waited in it was logged since', async () => {
  expect(before.fault).toBe('rolled-back');
  expect(before.waiting.some((entry) => entry.includes('sanction-ended'))).toBe(true);
});

describe('nobody who was reversed or suspended is listed again', () => {
  test('a withdrawn sanction is withdrawn, one under appeal reversed', async () => {
    expect(await stateOf(cast.withdrawn.sanction)).toBe('withdrawn');
    expect(await stateOf(cast.toldLater.sanction)).toBe('withdrawn');
    expect(await stateOf(cast.conceded.sanction)).toBe('reversed');
  });

  test('one that was suspended, appealed or amended stays suspended until somebody has looked', async () => {
    for (const { sanction } of [cast.suspended, cast.appealed, cast.amended]) {
      expect([await stateOf(sanction), await suspendedFor(sanction)]).toEqual([
        'suspended',
        ['restore'],
      ]);
    }
  });

  test('what happened before the copy, and was logged after it, does not happen again', async () => {
    expect(await suspendedFor(cast.paused.sanction)).toEqual(['relief']);
    expect(await recallsOf(dump, cast.paused.sanction)).toHaveLength(1);
    expect(await recallsOf(dump, cast.waiting.sanction)).toHaveLength(1);
  });

  test('one that was reinstated answers again', async () => {
    expect(await stateOf(cast.reinstated.sanction)).toBe('visible');
  });

  test('a notice that was sent runs its hold', async () => {
    const row = await findSanction(dump.db, cast.notified);
    const original = await findSanction(live.db, cast.notified);
    for (const column of ['notified_at', 'visible_from'] as const) {
      expect(isSameSecond(row![column]!, original![column]!)).toBe(true);
    }
  });

  test('no check answers for any of them', async () => {
    const gone = [cast.withdrawn, cast.toldLater, cast.suspended, cast.amended, cast.waiting];
    for (const { token } of gone) expect(await answersTo(token)).toBe(false);
    expect(await answersTo(cast.reinstated.token)).toBe(true);
  });
});

describe('recalls', () => {
  test('of an end after the copy are owed by whoever was told, before it and after', async () => {
    const { tubely, market } = live.parties;
    expect(await openRecalls(cast.withdrawn.sanction)).toEqual([[tubely.id, 'undo']]);
    const both = [tubely.id, market.id].map((id) => [id, 'undo']);
    const open = await openRecalls(cast.toldLater.sanction);
    expect(open).toHaveLength(2);
    expect(open).toEqual(expect.arrayContaining(both));
  });

  test('are acknowledged by the platforms, once', async () => {
    const { market } = live.parties;
    const recall = (await recallsOf(dump, cast.toldLater.sanction)).find(
      ({ party }) => party === market.id,
    )!;
    expect((await acknowledge(dump, recall.id, { key: market.service })).status).toBe(200);
    const [closed] = await recallsOf(dump, cast.acknowledged.sanction);
    expect(problem(await acknowledge(dump, closed!.id))).toEqual([
      'state-conflict',
      'acknowledged',
    ]);
  });

  test('that were acknowledged after the copy are closed, by the hash that was logged', async () => {
    expect(await openRecalls(cast.acknowledged.sanction)).toEqual([]);
    const { tubely } = live.parties;
    const answer = await dump.call(tubely.service, 'recalls.list', { all: true, limit: 100 });
    const { recalls } = resultOf(answer) as { recalls: { sanction: string }[] };
    const recordRecalls = recalls.filter(({ sanction }) => sanction === cast.acknowledged.sanction);
    expect(recordRecalls).toMatchObject([
      { kind: 'undo', acknowledged: { at: expect.any(String) } },
    ]);
  });

  test('reach whoever was told after the copy of what ends after the recovery', async () => {
    resultOf(await withdraw(dump, cast.told.sanction));
    const { tubely, market } = live.parties;
    const both = [tubely.id, market.id].map((id) => [id, 'undo']);
    const open = await openRecalls(cast.told.sanction);
    expect(open).toHaveLength(2);
    expect(open).toEqual(expect.arrayContaining(both));
  });

  test('keep the deadline that they had', async () => {
    const [recall] = await recallsOf(dump, cast.withdrawn.sanction);
    const [original] = await recallsOf(live, cast.withdrawn.sanction);
    expect(recall?.version).toBe(original?.version);
    expect(isSameSecond(recall!.due_at, original!.due_at)).toBe(true);
  });
});

describe('keys and parties', () => {
  test('no revoked key lives again, and what it signed since stays suspended', async () => {
    const [key, original] = await Promise.all(
      [dump, live].map(({ db }) =>
        db
          .selectFrom('keys')
          .selectAll()
          .where('kid', '=', cast.stolenKid)
          .executeTakeFirstOrThrow(),
      ),
    );
    expect(key!.revoked_why).toBe('compromised');
    expect(key!.compromised_since).toEqual(original!.compromised_since);
    const call = await dump.call(live.parties.harbour.trust2, 'sanctions.list', {});
    expect(problem(call)).toEqual(['key-inactive']);
    expect(await stateOf(cast.bySuspect)).toBe('suspended');
  });

  test('a key that was added is added again from its statement', async () => {
    const keys = await dump.db
      .selectFrom('keys')
      .selectAll()
      .where('kid', '=', cast.newKid)
      .execute();
    const same = await live.db
      .selectFrom('keys')
      .selectAll()
      .where('kid', '=', cast.newKid)
      .execute();
    expect(keys).toMatchObject([{ holder: same[0]!.holder, position: same[0]!.position }]);
  });

  test('a suspended party is suspended', async () => {
    const { market } = live.parties;
    const party = await dump.db
      .selectFrom('parties')
      .selectAll()
      .where('id', '=', market.id)
      .executeTakeFirstOrThrow();
    expect([party.submissions_suspended, party.checks_stopped]).toEqual([true, true]);
  });
});

test('an erased case is erased again', async () => {
  const keys = await dump.db
    .selectFrom('case_keys')
    .selectAll()
    .where('sanction', '=', cast.erased.sanction)
    .execute();
  expect(keys).toEqual([]);
});

describe('the log', () => {
  test('says what was restored, and what is lost', async () => {
    const { counts, from, to } = recovered;
    expect(counts).toMatchObject({
      ended: 4,
      erased: 1,
      // Suspended, by the stolen key, appealed, amended
      suspended: 4,
      told: 2,
      acknowledged: 1,
      keysAdded: 1,
      keysLeft: 0,
      keysRevoked: 1,
      parties: 1,
      submissionsLost: 1,
      recallsLost: 1,
    });
    const entries = (await waiting(dump.db)).filter((entry) => entry.includes('"restored"'));
    expect(recovered.losses).toBeGreaterThan(0);
    const losses = expect.stringMatching(/^[\w-]{43}$/) as unknown;
    expect(entries.map((entry) => JSON.parse(entry).detail)).toEqual([
      { from, to, counts, losses },
    ]);
  });

  test('goes on from where it was signed, and has nothing twice', async () => {
    const { size, root } = await opened(cast.outside!, cast.signer);
    await compareLedger(dump.db, { signer: cast.signer, outside: [cast.outside!] });
    const note = await logAndSign(dump, cast.signer);
    const entries = await expectWhole(dump.db);
    const signed = await logged(live.db);
    expect(entries.slice(0, size)).toEqual(signed.slice(0, size));
    expect(new Set(entries).size).toBe(entries.length);
    expect((await opened(note, cast.signer)).size).toBeGreaterThan(size);
    expect(root).not.toBe('');
  });
});
