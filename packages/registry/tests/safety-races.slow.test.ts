import { toNumericDate, type OpInput, type OpName } from '@recourse/protocol';
import { random32, type TestAnswer, type TestKey, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, list, openCheck, startCheckRegistry, subject } from './checks-fixture.ts';
import { sql } from 'kysely';
import { outcome } from './safety-harness.ts';
import { build, stateNotice, submit, withdraw } from './sanctions-harness.ts';

// Pairs of calls about one record at once, on two servers of one database. Whatever comes first, the rows say
// that the other came second.

let registry: TestRegistry;
let server: ReturnType<TestRegistry['anotherServer']>;
beforeAll(async () => {
  registry = await startCheckRegistry();
  server = registry.anotherServer();
});
afterAll(() => registry.close());

const rounds = Array.from({ length: 25 }, (_, i) => i);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Sends by another server of the same database. */
async function elsewhere<N extends OpName>(
  key: TestKey,
  op: N,
  input: OpInput<N>,
): Promise<TestAnswer> {
  return registry.send(op, await registry.sign(key, { op, in: input }), server);
}

const eventsOf = async (sanction: string): Promise<string[]> => {
  const rows = registry.db
    .selectFrom('sanction_events')
    .select('event')
    .where('sanction', '=', sanction);
  return (await rows.orderBy('position').execute()).map(({ event }) => event);
};

describe('two calls about one record', () => {
  test('confirm and withdraw: a record that ended is not submitted', async () => {
    const { harbour } = registry.parties;
    const seen = new Set<string>();
    for (const i of rounds) {
      const drafted = await registry.call(
        harbour.service,
        'sanctions.draft',
        await build(registry),
      );
      const id = drafted.body.result.sanction;
      const [confirmed, withdrawn] = await Promise.all([
        // Each of the two has a lead in half of the rounds, up to one that is not a race any more.
        pause(i % 2 ? 0 : i * 4).then(() =>
          elsewhere(harbour.trust2, 'sanctions.confirm', { sanctions: [id] }),
        ),
        pause(i % 2 ? i * 4 : 0).then(() => withdraw(registry, id)),
      ]);
      expect(outcome(withdrawn)).toBe('200');
      const expected =
        confirmed.status === 200 ? ['drafted', 'submitted', 'ended'] : ['drafted', 'ended'];
      expect([outcome(confirmed), await eventsOf(id)]).toEqual([
        confirmed.status === 200 ? '200' : 'state-conflict/not-a-draft',
        expected,
      ]);
      seen.add(outcome(confirmed));
    }
    expect(seen.size).toBe(2);
  });

  test('notify and withdraw: nothing becomes visible after its end', async () => {
    const { harbour } = registry.parties;
    const seen = new Set<string>();
    for (const i of rounds) {
      const { id } = await submit(registry);
      const notice = {
        sanction: id as `snc_${string}`,
        channel: 'letter' as const,
        language: 'en',
      };
      const sentAt = toNumericDate(registry.now());
      const [notified, withdrawn] = await Promise.all([
        pause(i % 2 ? 0 : i * 4).then(() =>
          elsewhere(harbour.trust, 'sanctions.stateNotice', { ...notice, sentAt }),
        ),
        pause(i % 2 ? i * 4 : 0).then(() => withdraw(registry, id)),
      ]);
      expect(outcome(withdrawn)).toBe('200');
      expect(['200', 'state-conflict/ended']).toContain(outcome(notified));
      const events = await eventsOf(id);
      expect(events.at(-1)).toBe('ended');
      expect(events.includes('notice-stated')).toBe(notified.status === 200);
      seen.add(outcome(notified));
    }
    expect(seen.size).toBe(2);
  });

  test('policies published at once: none is lost, and an index names one policy', async () => {
    const { harbour } = registry.parties;
    const first = ['https://harbour.example/policy'];
    const proposals = ['a', 'b', 'c', 'd'].map((name) => [
      ...first,
      `https://harbour.example/${name}`,
    ]);
    const answers = await Promise.all(
      proposals.map((policies, i) =>
        i % 2 === 0
          ? registry.call(harbour.admin, 'parties.setPolicies', { policies })
          : elsewhere(harbour.admin, 'parties.setPolicies', { policies }),
      ),
    );
    const won = answers.flatMap((answer, i) => (answer.status === 200 ? [i] : []));
    expect(answers.map(outcome).filter((one) => one !== '200')).toEqual(
      Array(3).fill('state-conflict/append-only'),
    );
    const { registration } = await registry.db
      .selectFrom('parties')
      .select('registration')
      .where('id', '=', harbour.id)
      .executeTakeFirstOrThrow();
    expect(registration?.policies).toEqual(proposals[won[0]!]);
  });

  test('one input under one idem by two keys, on two servers: one effect, two receipts', async () => {
    const { harbour } = registry.parties;
    for (const _ of rounds.slice(0, 10)) {
      const call = { op: 'sanctions.submit' as const, in: await build(registry), idem: random32() };
      const answers = await Promise.all([
        registry.call(harbour.service, call.op, call.in, { idem: call.idem }),
        registry
          .sign(harbour.trust, call)
          .then((compact) => registry.send(call.op, compact, server)),
        registry.call(harbour.trust2, call.op, call.in, { idem: call.idem }),
      ]);
      expect(answers.map(outcome)).toEqual(['200', '200', '200']);
      expect(new Set(answers.map(({ raw }) => raw.body)).size).toBe(1);
      expect(new Set(answers.map(({ raw }) => raw.receipt)).size).toBe(3);
    }
  });
});

test('fifty mixed calls about the same four records at once: no fault, no lock that stays', async () => {
  const { harbour, tubely, market } = registry.parties;
  const subjects = Array.from({ length: 4 }, () => subject('domain'));
  const ids: string[] = [];
  for (const one of subjects) ids.push(await list(registry, harbour, { subjects: [one] }));
  const checks = [await openCheck(registry, tubely), await openCheck(registry, market)] as const;
  const tokens = subjects.map((subject) => subject.token!);
  const drafts = await Promise.all(
    subjects.map(async () => {
      const answer = await registry.call(harbour.service, 'sanctions.draft', await build(registry));
      return answer.body.result.sanction as `snc_${string}`;
    }),
  );
  const evading = (evades: string) =>
    build(registry, {
      statement: {
        reason: 'network.ban-evasion',
        evidence: [{ class: 'link-analysis', commitment: random32() }],
        incident_from: toNumericDate(registry.now()) - 86_400,
        incident_to: toNumericDate(registry.now()) - 3600,
        decided_at: toNumericDate(registry.now()) - 1800,
      },
      subjects: [{ provenAt: toNumericDate(registry.now()) - 2 * 86_400 }],
      submission: { evades: evades as `snc_${string}` },
    });
  const since = toNumericDate(registry.now()) - 60;
  const stolen = { kid: harbour.trust.kid, why: 'compromised' as const, since };
  const kinds: ((i: number) => Promise<TestAnswer>)[] = [
    (i) =>
      ask(registry, tubely, {
        check: checks[0],
        tokens: i % 4 === 0 ? tokens : tokens.toReversed(),
      }),
    (i) =>
      ask(registry, market, {
        check: checks[1],
        tokens: i % 4 === 1 ? tokens : tokens.toReversed(),
      }),
    (i) => withdraw(registry, ids[i % 3]!),
    (i) =>
      elsewhere(harbour.trust2, 'sanctions.confirm', {
        sanctions: i % 2 ? drafts : drafts.toReversed(),
      }),
    async (i) => elsewhere(harbour.service, 'sanctions.submit', await evading(ids[i % 4]!)),
    (i) => stateNotice(registry, ids[i % 4]!),
    (i) =>
      elsewhere(tubely.service, 'sanctions.status', { sanction: ids[i % 4] as `snc_${string}` }),
    (i) =>
      registry.call(
        harbour.admin,
        'keys.revoke',
        i > 40 ? stolen : { kid: random32(), why: 'retired' },
      ),
  ];
  // Whoever hears that the records are busy asks again, as clients do.
  const answered = async (i: number, tries = 5): Promise<TestAnswer> => {
    const answer = await kinds[i % kinds.length]!(i);
    return outcome(answer) === 'overloaded' && tries > 1 ? answered(i, tries - 1) : answer;
  };
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => answered(i)));
  const outcomes = answers.map(outcome);
  // A deadlock is tried again; five in a row would be 503.
  expect(answers.filter(({ status }) => status >= 500).map(outcome)).toEqual([]);
  expect(outcomes).toContain('200');
  await assertNobodyForgotten();
  const { rows } = await sql<{ n: number }>`
    select count(*)::int n from pg_locks l join pg_stat_activity a using (pid)
    where a.datname = current_database() and l.pid <> pg_backend_pid() and l.mode like '%Row%'`.execute(
    registry.ownerDb,
  );
  expect(rows[0]?.n).toBe(0);
});

/** Every disclosure of a version before an end or a suspension has its recall. */
async function assertNobodyForgotten(): Promise<void> {
  const disclosures = await registry.db
    .selectFrom('disclosures as d')
    .innerJoin('sanctions as s', 's.id', 'd.sanction')
    .leftJoin('recalls as r', (join) =>
      join
        .onRef('r.sanction', '=', 'd.sanction')
        .onRef('r.party', '=', 'd.party')
        .onRef('r.version', '>', 'd.version'),
    )
    .select(['d.sanction', 'd.party', 'r.id'])
    .whereRef('d.version', '<', 's.version')
    .execute();
  expect(disclosures.filter(({ id }) => id === null)).toEqual([]);
}
