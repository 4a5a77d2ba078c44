import { random32, startTestRegistry, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertEnd, lockSanction } from '../src/records/store.ts';
import { shareSigner } from '../src/parties/key-store.ts';
import { build, notify, problem, submit, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const tally = (values: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]),
  );

describe('at the same time', () => {
  test('fifty submissions on one incident under fifty ids are one record', async () => {
    const { harbour } = registry.parties;
    // Without a bucket of its own, a platform submits one after the other whatever its records are about.
    await registry.ownerDb
      .updateTable('parties')
      .set({ submissions_per_day: 1000 })
      .where('id', '=', harbour.id)
      .execute();
    const shared = random32();
    const tokens = [shared, random32(), random32()];
    const inputs = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        build(registry, {
          signedBy: i % 2 ? harbour.trust : harbour.trust2,
          // Each in another order, and with one identifier of its own.
          subjects: [...tokens.slice(i % 3), ...tokens.slice(0, i % 3), random32()].map(
            (token) => ({ token }),
          ),
        }),
      ),
    );
    const servers = [registry.anotherServer(), registry.anotherServer()];
    const answers = await Promise.all(
      inputs.map(async (input, i) =>
        registry.send(
          'sanctions.submit',
          await registry.sign(harbour.service, { op: 'sanctions.submit', in: input }),
          servers[i % 2],
        ),
      ),
    );
    expect(
      tally(answers.map((answer) => (answer.status === 200 ? 'ok' : problem(answer).join()))),
    ).toEqual({
      ok: 1,
      'already-decided,same-incident': 49,
    });
    const { rows } = await sql<{ n: number }>`select count(distinct sanction)::int n from subjects
      where lookup = ${registry.services.vault.lookup(shared)}`.execute(registry.db);
    expect(rows[0]?.n).toBe(1);
  });

  test('thirty submissions of a platform that may make twenty a day are twenty', async () => {
    const { market } = registry.parties;
    const inputs = await Promise.all(
      Array.from({ length: 30 }, () =>
        build(registry, { signedBy: market.trust, subjects: [{ token: random32() }] }),
      ),
    );
    const servers = [registry.anotherServer(), registry.anotherServer()];
    const answers = await Promise.all(
      inputs.map(async (input, i) =>
        registry.send(
          'sanctions.submit',
          await registry.sign(market.service, { op: 'sanctions.submit', in: input }),
          servers[i % 2],
        ),
      ),
    );
    expect(
      tally(answers.map((answer) => (answer.status === 200 ? 'ok' : problem(answer).join()))),
    ).toEqual({ ok: 20, 'quota-exceeded,second-holder-required': 10 });
  });

  test('twenty withdrawals of one sanction end it once', async () => {
    const { id } = await submit(registry);
    const answers = await Promise.all(Array.from({ length: 20 }, () => withdraw(registry, id)));
    expect(tally(answers.map((answer) => problem(answer).join()))).toEqual({
      '200': 1,
      'state-conflict,ended': 19,
    });
  });

  test('confirming one draft from two sides submits it once', async () => {
    const { harbour } = registry.parties;
    const draft = await registry.call(harbour.service, 'sanctions.draft', await build(registry));
    const sanctions = [draft.body.result.sanction];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        registry.call(i % 2 ? harbour.trust2 : harbour.admin, 'sanctions.confirm', { sanctions }),
      ),
    );
    expect(answers.filter((answer) => answer.status === 200).length).toBe(1);
    const { rows } = await sql<{ n: number }>`select count(*)::int n from sanction_events
      where sanction = ${sanctions[0]} and event = 'submitted'`.execute(registry.db);
    expect(rows[0]?.n).toBe(1);
  });

  test('a submission waits for the revocation of its key, and is then refused', async () => {
    const { tubely } = registry.parties;
    const input = await build(registry, { signedBy: tubely.trust2 });
    let answer: Promise<TestAnswer> | undefined;
    await registry.ownerDb.transaction().execute(async (trx) => {
      await sql`update keys set revoked_at = now(), revoked_why = 'retired', revocation = '{}' where kid = ${tubely.trust2.kid}`.execute(
        trx,
      );
      answer = registry.call(tubely.service, 'sanctions.submit', input);
      await waitForLock(registry);
    });
    expect(problem(await answer!)).toEqual(['key-inactive']);
  });

  test('a revocation waits for a submission that read its key', async () => {
    const { kid } = registry.parties.market.trust2;
    let revoked = false;
    let revocation: Promise<unknown> | undefined;
    await registry.db.transaction().execute(async (trx) => {
      await shareSigner(trx, kid);
      revocation =
        sql`update keys set revoked_at = now(), revoked_why = 'retired', revocation = '{}' where kid = ${kid}`
          .execute(registry.ownerDb)
          .then(() => (revoked = true));
      await waitForLock(registry);
      expect(revoked).toBe(false);
    });
    await revocation;
    expect(revoked).toBe(true);
  });

  test('a disclosure under a share lock holds up an end, which then recalls it', async () => {
    const { tubely } = registry.parties;
    const { id } = await submit(registry);
    let ending: ReturnType<typeof withdraw> | undefined;
    await registry.db.transaction().execute(async (trx) => {
      await trx.selectFrom('sanctions').select('id').where('id', '=', id).forShare().execute();
      ending = withdraw(registry, id);
      await waitForLock(registry);
      await trx
        .insertInto('disclosures')
        .values({ sanction: id, version: 1, party: tubely.id, at: registry.now() })
        .execute();
    });
    expect((await ending!).body.result.recalls).toBe(1);
  });

  test('no ban evasion is recorded against a sanction that is ending', async () => {
    const { harbour } = registry.parties;
    const banned = await submit(registry);
    await notify(registry, banned.id);
    const now = Math.floor(registry.now().getTime() / 1000);
    const input = await build(registry, {
      statement: {
        reason: 'network.ban-evasion',
        evidence: [{ class: 'link-analysis', commitment: random32() }],
        decided_at: now,
        incident_from: now - 60,
        incident_to: now - 30,
        exp: now + 86_400,
      },
      subjects: [{ provenAt: now - 30 }],
      submission: { evades: banned.id as `snc_${string}` },
    });
    let answer: Promise<TestAnswer> | undefined;
    await registry.db.transaction().execute(async (trx) => {
      await lockSanction(trx, banned.id);
      answer = registry.call(harbour.service, 'sanctions.submit', input);
      await waitForLock(registry);
      const end = {
        kind: 'withdrawn',
        cause: 'error',
        at: registry.now(),
        artefact: null,
      } as const;
      await insertEnd(trx, { ...end, sanction: banned.id, by_party: harbour.id });
    });
    expect(problem(await answer!)).toEqual(['invalid-input', 'not-live']);
  });
});

/** Until some statement of this database waits for another's lock. */
async function waitForLock(on: TestRegistry): Promise<void> {
  for (let i = 0; i < 500; i++) {
    const { rows } = await sql<{ n: number }>`select count(*)::int n from pg_locks
      where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`.execute(
      on.ownerDb,
    );
    if ((rows[0]?.n ?? 0) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('nothing waited');
}
