import { changesRoot, verifyOpening } from '@recourse/protocol';
import {
  buildSubmission,
  startTestRegistry,
  testOrigin,
  type TestAnswer,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptOf } from './audit-receipts.ts';
import { placeOf } from '../src/vault/vault.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const submission = () =>
  buildSubmission({
    signedBy: registry.parties.harbour.trust,
    audience: testOrigin,
    now: registry.now(),
  });
const count = async (table: 'sanctions' | 'audited_calls' | 'ledger_pending' | 'answers') =>
  Number(
    (await sql<{ n: string }>`select count(*) n from ${sql.table(table)}`.execute(registry.db))
      .rows[0]!.n,
  );

describe('no audit row, no answer', () => {
  test('a mutation has its audit row, its receipt and its entries in one commit', async () => {
    const { service } = registry.parties.harbour;
    const compact = await registry.sign(service, {
      op: 'sanctions.submit',
      in: await submission(),
    });
    const pending = (await registry.pendingEntries()).length;
    const answer = await registry.send('sanctions.submit', compact);
    expect(answer.status).toBe(200);
    const receipt = await receiptOf(
      registry,
      { key: service, compact, op: 'sanctions.submit' },
      answer,
    );
    expect(receipt.count).toBe(1);
    const { openings, root } = answer.body.changes;
    expect(changesRoot(openings.map((opening: { entry: never }) => opening.entry))).toBe(root);
    for (const opening of openings) verifyOpening(opening);
    expect(await registry.pendingEntries()).toHaveLength(pending + openings.length + 1);
  });

  test('when the audit table takes no row, nothing is changed and the answer is 503', async () => {
    const input = await submission();
    const before = await count('sanctions');
    await sql`revoke insert on audit_groups from recourse_service`.execute(registry.ownerDb);
    try {
      const mutation = await registry.call(
        registry.parties.harbour.service,
        'sanctions.submit',
        input,
      );
      const read = await registry.call(registry.parties.harbour.service, 'sanctions.list', {});
      expect([mutation.status, read.status]).toEqual([503, 503]);
      expect([mutation.raw.receipt, read.raw.receipt]).toEqual([undefined, undefined]);
      expect(await count('sanctions')).toBe(before);
    } finally {
      await sql`grant insert on audit_groups to recourse_service`.execute(registry.ownerDb);
    }
    const again = await registry.call(registry.parties.harbour.service, 'sanctions.submit', input);
    expect(again.status).toBe(200);
  });

  test('a refusal is audited after its rollback, with a receipt, and leaves nothing else', async () => {
    const { service } = registry.parties.harbour;
    const input = { ...(await submission()), caseKey: 'x' };
    const compact = await registry.sign(service, { op: 'sanctions.submit', in: input });
    const [sanctions, audit, pending] = [
      await count('sanctions'),
      await count('audited_calls'),
      await count('ledger_pending'),
    ];
    const answer = await registry.send('sanctions.submit', compact);
    expect(answer).toMatchObject({ status: 422, body: { issues: [{ path: 'caseKey' }] } });
    await receiptOf(registry, { key: service, compact, op: 'sanctions.submit' }, answer);
    expect(await count('sanctions')).toBe(sanctions);
    expect(await count('audited_calls')).toBe(audit + 1);
    expect(await count('ledger_pending')).toBe(pending + 1);
  });
});

describe('replay and retry', () => {
  test('200 concurrent copies of one signed submit: one sanction, one audit row, one answer', async () => {
    const { service } = registry.parties.harbour;
    const compact = await registry.sign(service, {
      op: 'sanctions.submit',
      in: await submission(),
    });
    const [sanctions, audit] = [await count('sanctions'), await count('audited_calls')];
    const servers = [registry.anotherServer(), registry.anotherServer()];
    // On a busy machine a copy may wait too long for its turn: whoever hears that asks again, as clients do.
    const answerOf = async (i: number): Promise<TestAnswer> => {
      const answer = await registry.send('sanctions.submit', compact, servers[i % 2]);
      return answer.status === 503 ? answerOf(i) : answer;
    };
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => answerOf(i)));
    expect(new Set(answers.map(({ raw }) => raw.body + raw.receipt)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect(await count('sanctions')).toBe(sanctions + 1);
    expect(await count('audited_calls')).toBe(audit + 1);
  });

  test('the answer lost after the commit: the same bytes get the stored answer and receipt', async () => {
    const { service } = registry.parties.harbour;
    const compact = await registry.sign(service, {
      op: 'sanctions.submit',
      in: await submission(),
    });
    const first = await registry.send('sanctions.submit', compact);
    const elsewhere = await registry.send('sanctions.submit', compact, registry.anotherServer());
    expect(elsewhere.raw).toEqual(first.raw);
  });

  test('a new jti with the same idem and input: one effect, the stored result, a receipt of its own', async () => {
    const { service } = registry.parties.harbour;
    const input = await submission();
    const first = await registry.call(service, 'sanctions.submit', input, { idem: 'case-1' });
    const sanctions = await count('sanctions');
    const compact = await registry.sign(service, {
      op: 'sanctions.submit',
      in: input,
      idem: 'case-1',
    });
    const second = await registry.send('sanctions.submit', compact);
    expect(second.raw.body).toBe(first.raw.body);
    expect(second.raw.receipt).not.toBe(first.raw.receipt);
    await receiptOf(registry, { key: service, compact, op: 'sanctions.submit' }, second);
    expect(await count('sanctions')).toBe(sanctions);
  });

  test('50 retries with one idem at once: one effect', async () => {
    const { service } = registry.parties.harbour;
    const input = await submission();
    const sanctions = await count('sanctions');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        registry.call(service, 'sanctions.submit', input, { idem: 'case-50' }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ raw }) => raw.body)).size).toBe(1);
    expect(await count('sanctions')).toBe(sanctions + 1);
  });

  test('the same idem with another input is a conflict', async () => {
    const { service } = registry.parties.harbour;
    await registry.call(service, 'sanctions.submit', await submission(), { idem: 'case-2' });
    const other = await registry.call(service, 'sanctions.submit', await submission(), {
      idem: 'case-2',
    });
    expect(other).toMatchObject({
      status: 422,
      body: { type: `${testOrigin}/problems/idempotency-conflict` },
    });
  });

  test('another call with a used jti is a replay, whoever kept the first answer', async () => {
    const { service } = registry.parties.harbour;
    const jti = 'a'.repeat(30);
    await registry.call(service, 'sanctions.submit', await submission(), { jti });
    const sanctions = await count('sanctions');
    const other = await registry.call(service, 'sanctions.submit', await submission(), { jti });
    expect(other.status).toBe(409);
    expect(other.raw.receipt).toBeUndefined();
    expect(await count('sanctions')).toBe(sanctions);
  });
});

test('the bytes of a mutation are kept sealed: the database does not hold them in clear', async () => {
  const input = await submission();
  const compact = await registry.sign(registry.parties.harbour.service, {
    op: 'sanctions.submit',
    in: input,
  });
  const answer = await registry.send('sanctions.submit', compact);
  const call = await registry.db
    .selectFrom('kept_calls')
    .innerJoin('case_keys', 'case_keys.sanction', 'kept_calls.sanction')
    .select(['kept_calls.sanction', 'kid', 'jti', 'sealed', 'wrapped'])
    .where('kept_calls.sanction', '=', answer.body.result.sanction)
    .executeTakeFirstOrThrow();
  expect(Buffer.from(call.sealed).includes(input.tokens[0]!.token)).toBe(false);
  const key = registry.services.vault.openCase(call);
  expect(key.open(call.sealed, placeOf('kept_calls.sealed', call)).toString('utf8')).toBe(compact);
});

test('a kept answer opens its entries no longer than its case can be read', async () => {
  const { service } = registry.parties.harbour;
  const compact = await registry.sign(service, {
    op: 'sanctions.submit',
    in: await submission(),
  });
  const answer = await registry.send('sanctions.submit', compact);
  const { refSalt } = answer.body.changes.openings[0];
  const rows = await registry.db.selectFrom('answers').select('body').execute();
  expect(rows.some(({ body }) => Buffer.from(body).includes(refSalt))).toBe(false);
  const again = await registry.send('sanctions.submit', compact, registry.anotherServer());
  expect(again.raw).toEqual(answer.raw);
  await sql`delete from case_keys where sanction = ${answer.body.result.sanction}`.execute(
    registry.ownerDb,
  );
  const erased = await registry.send('sanctions.submit', compact, registry.anotherServer());
  expect(erased.body.type).toBe(`${testOrigin}/problems/replayed-call`);
});
