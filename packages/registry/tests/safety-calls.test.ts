import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { generateKey, inviteKey, signerFromJwk, toNumericDate } from '@recourse/protocol';
import { random32, testId, type TestAnswer } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertEnd } from '../src/records/store.ts';
import { KeyCache } from '../src/calls/key-cache.ts';
import { RecentCalls } from '../src/calls/recent-calls.ts';
import { ask, list, openCheck, resultOf, startCheckRegistry, subject } from './checks-fixture.ts';
import { beforeAudit, whileLocked } from './parties-fixtures.ts';
import { contents, outcome, rawCall, sendRaw, tables } from './safety-harness.ts';
import { build, submit, withdraw } from './sanctions-harness.ts';

let registry: Awaited<ReturnType<typeof startCheckRegistry>>;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const owed = (key = registry.parties.tubely.service, members: object = {}): Promise<string> =>
  rawCall(registry, key, { op: 'checks.owed', ...members });
const sendOwed = (compact: string): Promise<TestAnswer> => registry.send('checks.owed', compact);

/** Ten looks in a row, a commit waits for the lock, and this process has nothing else to do. */
async function untilNothingMoves(): Promise<void> {
  for (let looks = 0; looks < 10; looks++) {
    const before = performance.eventLoopUtilization();
    await delay(30);
    const { utilization } = performance.eventLoopUtilization(before);
    const { rows } = await sql<{ waits: boolean }>`
      select exists (select from pg_locks where not granted
        and relation = 'ledger_pending'::regclass) as waits`.execute(registry.ownerDb);
    if (!rows[0]?.waits || utilization > 0.3) looks = -1;
  }
}

/** Calls that wait together behind a group that cannot commit yet, and so share the next one. */
async function inOneGroup(start: () => Promise<TestAnswer>[], meanwhile?: () => Promise<unknown>) {
  const first = await owed();
  const [, answers] = await whileLocked<[TestAnswer, TestAnswer[]]>(
    registry,
    beforeAudit,
    async () => {
      const leader = sendOwed(first);
      await untilNothingMoves();
      const calls = start();
      await untilNothingMoves();
      await meanwhile?.();
      return [leader, Promise.all(calls)];
    },
  );
  return answers;
}

/** How many calls share the signature of each receipt. */
const groupOf = ({ raw }: TestAnswer): string => raw.receipt!.split('.').at(-1)!;

describe('calls of one group commit do not fail for each other', () => {
  test('a replay, a revoked key, a changed sanction and a stopped party beside good calls', async () => {
    const { harbour, tubely, market, operator } = registry.parties;
    const [still, changed] = [subject('domain'), subject('domain')];
    await list(registry, harbour, { subjects: [still] });
    const ending = await list(registry, harbour, { subjects: [changed] });
    const check = await openCheck(registry, tubely);
    const other = registry.anotherServer();
    const replay = await owed(market.trust);
    await registry.send('checks.owed', replay, other);
    const revoked = await owed(tubely.trust2);
    const stopped = await openCheck(registry, market);
    const good = await Promise.all(Array.from({ length: 6 }, () => owed()));
    const answers = await inOneGroup(
      () => [
        ...good.slice(0, 3).map(sendOwed),
        sendOwed(replay),
        sendOwed(revoked),
        ask(registry, tubely, { check, tokens: [changed.token!] }),
        ask(registry, market, { check: stopped, tokens: [still.token!] }),
        ask(registry, tubely, { check, tokens: [still.token!] }),
        registry.call(operator[0], 'registry.stats', {}),
        ...good.slice(3).map(sendOwed),
      ],
      async () => {
        // By SQL, as another server would: nothing commits while the log is locked.
        const now = registry.now();
        const keys = registry.ownerDb.updateTable('keys').where('kid', '=', tubely.trust2.kid);
        await keys.set({ revoked_at: now, revoked_why: 'retired', revocation: '{}' }).execute();
        const sanctions = registry.ownerDb.updateTable('sanctions').where('id', '=', ending);
        await sanctions.set({ version: 2 }).execute();
        const end = { sanction: ending, kind: 'withdrawn', cause: 'error', at: now } as const;
        const row = { ...end, by_party: harbour.id, artefact: null };
        await insertEnd(registry.ownerDb, row);
        const parties = registry.ownerDb.updateTable('parties').where('id', '=', market.id);
        await parties.set({ checks_stopped: true }).execute();
      },
    );
    const ok = ['200', '200', '200'];
    expect(answers.map(outcome)).toEqual([
      ...ok,
      'replayed-call',
      'key-inactive',
      '200',
      'checks-stopped',
      '200',
      '200',
      ...ok,
    ]);
    expect(answers[5]!.body.result.matches).toEqual([]);
    expect(answers[7]!.body.result.matches).toHaveLength(1);
    // They did share a commit, or the test shows nothing.
    expect(new Set([0, 1, 2, 8, 9].map((i) => groupOf(answers[i]!))).size).toBe(1);
    const parties = registry.ownerDb.updateTable('parties').where('id', '=', market.id);
    await parties.set({ checks_stopped: false }).execute();
  });

  test('a row that the database refuses fails its own call, and no other', async () => {
    const { tubely } = registry.parties;
    const check = await openCheck(registry, tubely);
    const creator = subject('domain');
    await list(registry, registry.parties.harbour, { subjects: [creator] });
    const good = await Promise.all(Array.from({ length: 9 }, () => owed()));
    const answers = await inOneGroup(
      () => [
        ...good.slice(0, 4).map(sendOwed),
        ask(registry, tubely, { check, tokens: [creator.token!] }),
        ...good.slice(4).map(sendOwed),
      ],
      // Its match refers to a check that is gone: no foreign key, no row.
      () => registry.ownerDb.deleteFrom('checks').where('id', '=', check).execute(),
    );
    const [failed, ...rest] = [answers[4]!, ...answers.slice(0, 4), ...answers.slice(5)];
    expect(outcome(failed)).toBe('audit-unavailable');
    expect(rest.map(outcome)).toEqual(rest.map(() => '200'));
  });

  test.each(['checks.owed\0', '\0', 'a\nb', '\u0085'])('an operation %j is no call', async (op) => {
    const { market } = registry.parties;
    const poison = await rawCall(registry, market.service, { op });
    const good = await Promise.all(Array.from({ length: 4 }, () => owed()));
    const answers = await inOneGroup(() => [...good, poison].map(sendOwed));
    expect(answers.map(outcome)).toEqual(['200', '200', '200', '200', 'malformed-call']);
  });
});

describe('an idem', () => {
  const outcomes = { outcomes: [{ match: testId('mat', new Date()), outcome: 'pending' }] };

  test('with a NUL is no call, not a failure to be repeated for ever', async () => {
    const { service } = registry.parties.tubely;
    const call = { op: 'checks.report', in: outcomes, idem: 'a\0b' };
    expect(outcome(await sendRaw(registry, service, call))).toBe('malformed-call');
  });

  test('of another party, and of another operation, is another idem', async () => {
    const { harbour, tubely } = registry.parties;
    const idem = 'the same everywhere';
    const input = { role: 'service', admin: false };
    const answers = [];
    for (const by of [harbour, tubely]) {
      const call = { op: 'people.invite', in: { ...input, invite: random32() }, idem };
      answers.push(await sendRaw(registry, by.admin, call));
    }
    const policies = {
      op: 'parties.setPolicies',
      in: { policies: ['https://harbour.example/policy'] },
    };
    answers.push(await sendRaw(registry, harbour.admin, { ...policies, idem }));
    expect(answers.map(outcome)).toEqual(['200', '200', '200']);
    expect(answers[0]!.body.result.holder).not.toBe(answers[1]!.body.result.holder);
  });

  test('of an admin reads nothing for a key that may not carry the operation', async () => {
    const { admin, service, trust } = registry.parties.harbour;
    const call = {
      op: 'people.invite',
      in: { invite: random32(), role: 'service', admin: true },
      idem: 'i',
    };
    expect(outcome(await sendRaw(registry, admin, call))).toBe('200');
    for (const key of [service, trust]) {
      expect(outcome(await sendRaw(registry, key, call))).toBe('role-not-allowed');
    }
    expect(outcome(await sendRaw(registry, admin, call))).toBe('200');
  });

  test('with other bytes of the statement is another input', async () => {
    const { service } = registry.parties.harbour;
    const input = await build(registry);
    const again = await build(registry);
    const call = { op: 'sanctions.submit', in: input, idem: 'statement' };
    expect(outcome(await sendRaw(registry, service, call))).toBe('200');
    const other = { ...call, in: { ...input, statement: again.statement } };
    expect(outcome(await sendRaw(registry, service, other))).toBe('idempotency-conflict');
  });

  test('that was refused is free: the refusal is no stored result', async () => {
    const { trust } = registry.parties.harbour;
    const { id } = await submit(registry);
    const notice = { sanction: id, channel: 'letter', language: 'en' };
    const call = {
      op: 'sanctions.stateNotice',
      in: { ...notice, sentAt: toNumericDate(registry.now()) + 600 },
      idem: 'n',
    };
    expect(outcome(await sendRaw(registry, trust, call))).toBe('invalid-input/in-the-future');
    const right = { ...call, in: { ...notice, sentAt: toNumericDate(registry.now()) } };
    expect(outcome(await sendRaw(registry, trust, right))).toBe('200');
  });
});

describe('a jti', () => {
  test('is of one key: another key of the party may use the same', async () => {
    const { service, trust } = registry.parties.tubely;
    const jti = random32();
    const answers = [];
    for (const key of [service, trust, service])
      answers.push(await sendOwed(await owed(key, { jti })));
    expect(answers.map(outcome)).toEqual(['200', '200', 'replayed-call']);
  });

  test('of a call of another party opens nothing', async () => {
    const { harbour, tubely } = registry.parties;
    const jti = random32();
    const input = await build(registry);
    await sendRaw(registry, harbour.service, { op: 'sanctions.submit', in: input, jti });
    const asked = { op: 'calls.changes', in: { jti } };
    expect(resultOf(await sendRaw(registry, harbour.trust, asked))).toMatchObject({
      changes: [{ detail: { party: harbour.id } }],
    });
    expect(resultOf(await sendRaw(registry, tubely.trust, asked))).toEqual({ changes: [] });
  });

  test.each([
    ['no size', { cp: { size: 0, root: random32() } }, 'state-conflict/unknown-checkpoint'],
    [
      'the largest size',
      { cp: { size: Number.MAX_SAFE_INTEGER, root: random32() } },
      'state-conflict/unknown-checkpoint',
    ],
    ['a size beyond', { cp: { size: 2 ** 53, root: random32() } }, 'malformed-call'],
    ['an iat of zero', { iat: 0, exp: 120 }, 'key-inactive'],
    ['the last iat', { iat: 253_402_300_680, exp: 253_402_300_799 }, 'clock-skew'],
    ['an exp beyond', { exp: 253_402_300_800 }, 'malformed-call'],
    ['a negative iat', { iat: -1, exp: 100 }, 'malformed-call'],
  ])('beside %s', async (_, members, expected) => {
    expect(outcome(await sendOwed(await owed(undefined, members)))).toBe(expected);
  });
});

describe('no audit row, no change', () => {
  /** One mutation of each kind that changes something, about records of its own. */
  const mutations: [name: string, prepare: () => Promise<() => Promise<TestAnswer>>][] = [
    [
      'sanctions.submit',
      async () => {
        const input = await build(registry);
        return () => registry.call(registry.parties.harbour.service, 'sanctions.submit', input);
      },
    ],
    [
      'sanctions.draft',
      async () => {
        const input = await build(registry);
        return () => registry.call(registry.parties.harbour.service, 'sanctions.draft', input);
      },
    ],
    [
      'sanctions.confirm',
      async () => {
        const { harbour } = registry.parties;
        const drafted = await registry.call(
          harbour.service,
          'sanctions.draft',
          await build(registry),
        );
        const sanctions = [drafted.body.result.sanction];
        return () => registry.call(harbour.trust2, 'sanctions.confirm', { sanctions });
      },
    ],
    [
      'sanctions.withdraw',
      async () => {
        const { harbour, tubely } = registry.parties;
        const creator = subject('domain');
        const id = await list(registry, harbour, { subjects: [creator] });
        await ask(registry, tubely, {
          check: await openCheck(registry, tubely),
          tokens: [creator.token!],
        });
        return () => withdraw(registry, id);
      },
    ],
    [
      'people.invite',
      async () => {
        const invite = inviteKey(random32());
        const input = { invite, role: 'service', admin: false } as const;
        return () => registry.call(registry.parties.harbour.admin, 'people.invite', input);
      },
    ],
    [
      'keys.revoke',
      async () => {
        const { harbour } = registry.parties;
        await list(registry, harbour, { subjects: [subject('domain')] });
        const since = toNumericDate(registry.now()) - 3600;
        const input = { kid: harbour.trust.kid, why: 'compromised', since } as const;
        return () => registry.call(harbour.admin, 'keys.revoke', input);
      },
    ],
    [
      'platforms.suspend',
      async () => {
        const { operator, market } = registry.parties;
        const input = { party: market.id as `plt_${string}`, what: 'both', why: 'terms' } as const;
        await registry.call(operator[0], 'platforms.suspend', input);
        return () => registry.call(operator[1], 'platforms.suspend', input);
      },
    ],
  ];

  test.each(mutations)('%s, in any table', async (_, prepare) => {
    const act = await prepare();
    const before = await contents(registry);
    await sql`revoke insert on audit_groups from recourse_service`.execute(registry.ownerDb);
    try {
      expect((await act()).status).toBe(503);
    } finally {
      await sql`grant insert on audit_groups to recourse_service`.execute(registry.ownerDb);
    }
    const after = await contents(registry);
    for (const table of tables) expect([table, after[table]]).toEqual([table, before[table]]);
  });
});

describe('memory under a flood', () => {
  test('the calls of a server are forgotten after two lifetimes of its memory', () => {
    const recent = new RecentCalls();
    const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);
    const first = { kid: 'k', jti: 'first' };
    recent.seen(first, at(0));
    expect(recent.seen(first, at(129.9))).toBe(true);
    expect(recent.seen(first, at(RecentCalls.seconds * 2 - 0.1))).toBe(true);
    expect(recent.seen(first, at(RecentCalls.seconds * 3))).toBe(false);
    // A clock that jumps back remembers longer, never shorter.
    expect(recent.seen(first, at(0))).toBe(true);
  });

  test('unknown kids are not remembered, and known ones up to a bound', async () => {
    let reads = 0;
    const caller = { checksStopped: false } as never;
    const cache = new KeyCache({
      size: 10,
      read: async (kid) => (reads++, kid < 'b' ? caller : undefined),
    });
    for (let i = 0; i < 1000; i++) await cache.get(`unknown ${i}`);
    for (let i = 0; i < 5; i++) await cache.get(`a${i}`);
    expect(reads).toBe(1005);
    for (let i = 0; i < 5; i++) await cache.get(`a${i}`);
    expect(reads).toBe(1005);
    for (let i = 0; i < 11; i++) await cache.get(`a${i}`);
    await cache.get('a0');
    expect(reads).toBeGreaterThan(1011);
  });

  test('a key that nobody registered is asked for each time, and never admitted', async () => {
    const signer = await signerFromJwk(await generateKey());
    const key = { party: registry.parties.tubely.id, signer };
    for (let i = 0; i < 3; i++) {
      expect(outcome(await sendOwed(await rawCall(registry, key, { op: 'checks.owed' })))).toBe(
        'unknown-key',
      );
    }
  });
});
