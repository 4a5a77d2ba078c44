import { caseOps, ops, Problem, type OpName } from '@recourse/protocol';
import { problemOf, settleDue, type LedgerGuard } from '@recourse/registry';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { enrol } from '../src/parties/enrol.ts';
import { newCase, type TestCase } from './cases-fixture.ts';
import { commit } from './ledger-fixture.ts';
import { build, count, problem } from './sanctions-harness.ts';

let registry: TestRegistry;
let known: TestCase;
beforeEach(async () => {
  registry = await startTestRegistry();
  known = await newCase(registry);
});
afterEach(() => registry.close());

const guard = (): LedgerGuard => registry.services.ledger;
const look = () => guard().backlog.look(registry.db);

const everyOp = [...Object.keys(ops), ...Object.keys(caseOps)];
const codeOf = (admit: () => void): string => {
  try {
    admit();
    return 'admitted';
  } catch (error) {
    return error instanceof Problem ? error.code : 'no problem';
  }
};

/** How much is in each table that a call may write. */
const written = async (): Promise<number[]> =>
  Promise.all(
    [
      'audit_groups',
      'answers',
      'openings',
      'ledger_pending',
      'sanctions',
      'claimants',
      'refusals',
    ].map((table) => count(registry, table)),
  );

/** Two rows as far from each other as if there were so many. */
async function waitingAtMost(n: number): Promise<void> {
  await sql`insert into ledger_pending (seq, entries, at) overriding system value
    select (select min(seq) from ledger_pending) + ${n - 1}, '{x}', now()`.execute(
    registry.ownerDb,
  );
  await look();
}

describe('a full backlog', () => {
  test('refuses every call before anything is written, and none once it is not full', async () => {
    const { service } = registry.parties.harbour;
    const input = await build(registry);
    await waitingAtMost(100_001);
    const before = await written();
    const refused = [
      await registry.call(service, 'sanctions.submit', input),
      await registry.call(service, 'sanctions.list', {}),
      await registry.call(service, 'events.poll', {}),
      await registry.caseCall('case.open', { code: known.code }),
    ];
    expect(refused.map((answer) => [answer.status, ...problem(answer)])).toEqual(
      Array.from({ length: 4 }, () => [503, 'overloaded']),
    );
    expect(refused.map(({ raw }) => raw.retryAfterSeconds)).toEqual([5, 5, 5, 5]);
    expect(await written()).toEqual(before);
    await sql`delete from ledger_pending`.execute(registry.ownerDb);
    await look();
    expect((await registry.call(service, 'sanctions.submit', input)).status).toBe(200);
  });

  test('is one of more than 100,000 commits', async () => {
    await waitingAtMost(100_000);
    expect(guard().backlog.isFull).toBe(false);
  });

  test('is one whose oldest commit has waited for more than 30 s of this process', async () => {
    await sql`delete from ledger_pending`.execute(registry.ownerDb);
    for (const name of ['a', 'b']) await commit(registry.db, [name]);
    const takeOldest = () =>
      sql`delete from ledger_pending where seq = (select min(seq) from ledger_pending)`.execute(
        registry.ownerDb,
      );
    const now = vi.spyOn(performance, 'now');
    const isFullAt = async (ms: number): Promise<boolean> => {
      now.mockReturnValue(ms);
      await look();
      return guard().backlog.isFull;
    };
    try {
      for (const at of [0, 30_000]) expect(await isFullAt(at)).toBe(false);
      expect(await isFullAt(30_001)).toBe(true);
      await takeOldest();
      for (const at of [30_002, 60_002]) expect(await isFullAt(at)).toBe(false);
      expect(await isFullAt(60_003)).toBe(true);
      await takeOldest();
      expect(await isFullAt(60_004)).toBe(false);
    } finally {
      now.mockRestore();
    }
  });
});

describe('in recovery', () => {
  test('the list of recalls, events and cases go on, and everything else is refused', () => {
    guard().recover('forked');
    const admitted = everyOp.filter((op) => codeOf(() => guard().admit(op)) === 'admitted');
    expect(admitted).toEqual(everyOp.filter((op) => /^(recalls\.list$|events\.|case\.)/.test(op)));
    const refused = everyOp.filter((op) => !admitted.includes(op));
    expect(new Set(refused.map((op) => codeOf(() => guard().admit(op))))).toEqual(
      new Set(['recovering']),
    );
    expect(refused.length).toBeGreaterThan(10);
    expect(admitted.length).toBeGreaterThan(5);
  });

  test('nobody enrols: the copy may not know that an invite was used', async () => {
    guard().recover('rolled-back');
    const enrolling = enrol(
      { services: registry.services, now: registry.now() },
      { code: 'x', enrolment: 'x' },
    );
    await expect(enrolling).rejects.toMatchObject({ code: 'recovering' });
  });

  test('what goes on is receipted without a promise, which could not be kept', async () => {
    const { service } = registry.parties.harbour;
    const mmdOf = async () => {
      const answer = await registry.call(service, 'recalls.list', {});
      return JSON.parse(payloadOf(answer.raw.receipt!)).mmd as unknown;
    };
    expect(await mmdOf()).toBe(60);
    guard().recover('forked');
    expect(await mmdOf()).toBeUndefined();
  });

  test('what is only spelled like these is refused', () => {
    guard().recover('forked');
    for (const op of ['recallsx', 'recalls', 'x.recalls.list', 'Recalls.list', 'unknown', '']) {
      expect([op, codeOf(() => guard().admit(op))]).toEqual([op, 'recovering']);
    }
  });

  test('a call that is refused writes nothing', async () => {
    const { service } = registry.parties.harbour;
    const input = await build(registry);
    guard().recover('rolled-back');
    const before = await written();
    const refused = [
      await registry.call(service, 'sanctions.submit', input),
      await registry.call(service, 'sanctions.list', {}),
      await registry.send(
        'recalls.list',
        await registry.sign(service, { op: 'sanctions.list', in: {} }),
      ),
    ];
    expect(refused.map((answer) => [answer.status, ...problem(answer)])).toEqual(
      Array.from({ length: 3 }, () => [503, 'recovering']),
    );
    expect(refused[0]?.raw.retryAfterSeconds).toBe(60);
    expect(await written()).toEqual(before);
  });

  test.each(['rolled-back', 'recovery-unfinished'] as const)(
    'an old copy of the database (%s) answers no case: it may have been erased since',
    async (fault) => {
      guard().recover(fault);
      const opened = await registry.caseCall('case.open', { code: known.code });
      expect([opened.status, ...problem(opened)]).toEqual([503, 'recovering']);
      expect(opened.guessed).toBe(false);
      const { service } = registry.parties.harbour;
      expect((await registry.call(service, 'recalls.list', {})).status).toBe(200);
    },
  );

  test('a full backlog stops neither recalls, events nor cases', async () => {
    const { service } = registry.parties.harbour;
    await waitingAtMost(100_001);
    guard().recover('forked');
    const going: OpName[] = ['recalls.list', 'events.poll'];
    for (const op of going) expect((await registry.call(service, op, {})).status).toBe(200);
    expect((await registry.caseCall('case.open', { code: known.code })).status).toBe(200);
  });

  test('the first fault is the one that is told, and stays', () => {
    guard().recover('forked');
    guard().recover('tiles-differ');
    expect(guard().fault).toBe('forked');
  });
});

describe('an old copy of the database in place of the one that this server knew', () => {
  /** What a transaction has read of the newer one */
  const knewMore = () => guard().comparing([])({ size: 5, signed: 5 });
  const inOldCopy = {
    'a mutation': async () =>
      registry.call(registry.parties.harbour.service, 'sanctions.submit', await build(registry)),
    'a mutation that is refused': async () =>
      registry.call(registry.parties.harbour.service, 'sanctions.submit', {
        ...(await build(registry)),
        padding: [],
      }),
    'a read': async () => registry.call(registry.parties.harbour.service, 'sanctions.list', {}),
    'an act of a creator': async () => registry.caseCall('case.open', { code: known.code }),
    'a wrong secret': async () => registry.caseCall('case.open', { code: newSecret() }),
  };

  test.each(Object.keys(inOldCopy) as (keyof typeof inOldCopy)[])(
    'is found by %s, which is not answered and leaves nothing',
    async (act) => {
      const listener = vi.fn<(fault: Error) => void>();
      guard().whenRolledBack(listener);
      const send = inOldCopy[act];
      knewMore();
      const before = await written();
      const answer = await send();
      expect([answer.status, ...problem(answer)]).toEqual([503, 'recovering']);
      expect(await written()).toEqual(before);
      expect([guard().fault, listener.mock.calls.length]).toEqual(['rolled-back', 1]);
    },
  );

  test('answers the list of recalls from then on, and no copy of a call that it answered', async () => {
    const { service } = registry.parties.harbour;
    const compact = await registry.sign(service, {
      op: 'sanctions.submit',
      in: await build(registry),
    });
    expect((await registry.send('sanctions.submit', compact)).status).toBe(200);
    knewMore();
    const copies = [
      registry.send('sanctions.submit', compact),
      registry.send('sanctions.submit', compact),
    ];
    for (const answer of await Promise.all(copies)) {
      expect([answer.status, ...problem(answer)]).toEqual([503, 'recovering']);
    }
    expect((await registry.call(service, 'recalls.list', {})).status).toBe(200);
  });

  test('is not what a transaction found that began before this server knew more', async () => {
    const judge = guard().comparing(['sanctions.list']);
    knewMore();
    judge({ size: 4, signed: 4 });
    expect(guard().fault).toBeUndefined();
  });

  test('moves no record on, whose deadline may have been met', async () => {
    registry.advance(200 * 86_400);
    knewMore();
    const before = await written();
    const { settled, failures } = await settleDue(registry.services);
    expect([settled, failures.map(({ error }) => problemOf(error).code)]).toEqual([
      0,
      ['recovering'],
    ]);
    expect(await written()).toEqual(before);
    expect(await count(registry, 'due_failures')).toBe(0);
  });
});

test('a read whose group is committed when the server learns that it recovers is not answered', async () => {
  const { receiptSigner } = registry.services;
  const sign: typeof receiptSigner.sign = (bytes) => {
    guard().recover('forked');
    return receiptSigner.sign(bytes);
  };
  const server = registry.anotherServer({
    ...registry.services,
    receiptSigner: { ...receiptSigner, sign },
  });
  const { service } = registry.parties.harbour;
  const compact = await registry.sign(service, { op: 'sanctions.list', in: {} });
  const answer = await server.handle('sanctions.list', compact);
  expect([answer.status, answer.receipt]).toEqual([503, undefined]);
  expect(JSON.parse(answer.body).type).toMatch(/recovering$/);
});

describe('what was signed and cannot be served, for want of cosignatures', () => {
  test('holds up nothing for half of what a receipt promises', () => {
    guard().unserved(29_999);
    expect(everyOp.filter((op) => codeOf(() => guard().admit(op)) !== 'admitted')).toEqual([]);
  });

  test('then refuses what could not be shown in time, but no creator, recall or event', () => {
    guard().unserved(30_001);
    const admitted = everyOp.filter((op) => codeOf(() => guard().admit(op)) === 'admitted');
    const goesOn = everyOp.filter((op) => /^(recalls|events|case)\./.test(op));
    expect(admitted.toSorted()).toEqual(goesOn.toSorted());
    expect(codeOf(() => guard().admit('checks.match'))).toBe('overloaded');
    expect(guard().late).toEqual(['unshown']);
    guard().unserved(0);
    expect(codeOf(() => guard().admit('checks.match'))).toBe('admitted');
  });
});

describe('what cannot be signed', () => {
  const admitted = () =>
    everyOp.filter((op) => codeOf(() => guard().admit(op)) === 'admitted').toSorted();
  const goesOn = () => everyOp.filter((op) => /^(recalls|events|case)\./.test(op)).toSorted();

  test('holds up nothing for half of what a receipt promises, and then all but creators, recalls and events', () => {
    const now = vi.spyOn(performance, 'now');
    try {
      now.mockReturnValue(0);
      guard().signing(true);
      now.mockReturnValue(30_000);
      guard().signing(true);
      expect([admitted(), guard().keepsPromises]).toEqual([everyOp.toSorted(), true]);
      now.mockReturnValue(30_001);
      expect([admitted(), guard().keepsPromises]).toEqual([goesOn(), false]);
      expect(guard().late).toEqual(['unsigned']);
      guard().protects(false);
      expect(guard().late).toEqual(['unprotected']);
      guard().protects(true);
      expect(codeOf(() => guard().admit('checks.match'))).toBe('overloaded');
      guard().signing(false);
      expect(admitted()).toEqual(everyOp.toSorted());
    } finally {
      now.mockRestore();
    }
  });

  test('because nobody would notice its loss holds it up at once', () => {
    guard().protects(false);
    expect([admitted(), guard().keepsPromises]).toEqual([goesOn(), false]);
    expect(guard().late).toEqual(['unprotected']);
    guard().protects(true);
    expect([admitted(), guard().keepsPromises]).toEqual([everyOp.toSorted(), true]);
  });
});

/** Of the group JWS behind index and path */
const payloadOf = (receipt: string): string =>
  Buffer.from(receipt.split('.')[3] ?? '', 'base64url').toString();
