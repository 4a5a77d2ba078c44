import { testOrigin, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptOf } from './audit-receipts.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const problem = (code: string) => ({ body: { type: `${testOrigin}/problems/${code}` } });
const list = (jti?: string) =>
  registry.sign(registry.parties.harbour.service, {
    op: 'sanctions.list',
    in: {},
    ...(jti === undefined ? {} : { jti }),
  });

describe('reads are audited in groups', () => {
  test('a crowd shares signatures, and each call verifies its own receipt', async () => {
    const { service } = registry.parties.harbour;
    const calls = await Promise.all(Array.from({ length: 60 }, () => list()));
    const answers = await Promise.all(
      calls.map((compact) => registry.send('sanctions.list', compact)),
    );
    const receipts = await Promise.all(
      answers.map((answer, i) =>
        receiptOf(registry, { key: service, compact: calls[i]!, op: 'sanctions.list' }, answer),
      ),
    );
    expect(new Set(receipts.map(({ root }) => root)).size).toBeLessThan(60);
    const { rows } = {
      rows: await registry.db.selectFrom('audited_calls').select('jti').execute(),
    };
    expect(new Set(rows.map(({ jti }) => jti)).size).toBeGreaterThanOrEqual(60);
  });

  test('a receipt of one call proves nothing about another', async () => {
    const { service } = registry.parties.harbour;
    const [a, b] = [await list(), await list()];
    const [answerA, answerB] = [
      await registry.send('sanctions.list', a),
      await registry.send('sanctions.list', b),
    ];
    const swapped = { ...answerA, raw: { ...answerA.raw, receipt: answerB.raw.receipt! } };
    await expect(
      receiptOf(registry, { key: service, compact: a, op: 'sanctions.list' }, swapped),
    ).rejects.toMatchObject({ code: 'receipt-mismatch' });
  });

  test('a repeated read is refused, also by another server and also when both arrive at once', async () => {
    const compact = await list();
    const other = registry.anotherServer();
    expect((await registry.send('sanctions.list', compact)).status).toBe(200);
    expect(await registry.send('sanctions.list', compact)).toMatchObject(problem('replayed-call'));
    expect(await registry.send('sanctions.list', compact, other)).toMatchObject(
      problem('replayed-call'),
    );
    const twin = await list();
    const servers = [registry.anotherServer(), registry.anotherServer(), registry.anotherServer()];
    const answers = await Promise.all(
      servers.map((server) => registry.send('sanctions.list', twin, server)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  test('a key revoked a moment ago, on any server, is inactive in the next call', async () => {
    const { harbour } = registry.parties;
    const server = registry.anotherServer();
    const sent = () => registry.sign(harbour.trust2, { op: 'sanctions.list', in: {} });
    expect((await registry.send('sanctions.list', await sent(), server)).status).toBe(200);
    await registry.db
      .updateTable('keys')
      .set({ revoked_at: registry.now(), revoked_why: 'retired', revocation: '{}' })
      .where('kid', '=', harbour.trust2.kid)
      .execute();
    const refused = await registry.send('sanctions.list', await sent(), server);
    expect(refused).toMatchObject({ status: 401, ...problem('key-inactive') });
    expect(refused.raw.receipt).toBeUndefined();
    const mutation = await registry.sign(harbour.trust2, {
      op: 'sanctions.stateNotice',
      in: {
        sanction: `snc_${'0'.repeat(26)}`,
        channel: 'email',
        language: 'en',
        sentAt: 1,
      },
    });
    const stale = registry.anotherServer();
    expect(await registry.send('sanctions.stateNotice', mutation, stale)).toMatchObject(
      problem('key-inactive'),
    );
  });
});

describe('the operation that was signed is the operation that runs', () => {
  test('another path is refused, with a receipt', async () => {
    const { service } = registry.parties.harbour;
    const compact = await list();
    const answer = await registry.send('sanctions.get', compact);
    expect(answer).toMatchObject({ status: 400, ...problem('op-mismatch') });
    await receiptOf(registry, { key: service, compact, op: 'sanctions.list' }, answer);
  });

  test.each([
    'constructor',
    '__proto__',
    'sanctions',
    'sanctions.list,sanctions.get',
    'SANCTIONS.LIST',
    'sanctions.list/',
  ])('%s is no operation', async (op) => {
    const compact = await registry.sign(registry.parties.harbour.service, {
      op: op as never,
      in: {} as never,
    });
    expect(await registry.send(op, compact)).toMatchObject({
      status: 400,
      ...problem('unknown-op'),
    });
  });

  test('the role is checked before the input is read', async () => {
    const answer = await registry.call(
      registry.parties.harbour.service,
      'sanctions.confirm',
      {} as never,
    );
    expect(answer).toMatchObject({ status: 403, ...problem('role-not-allowed') });
    expect(answer.body.issues).toBeUndefined();
  });

  test('unknown members of an input are an error', async () => {
    const answer = await registry.call(registry.parties.harbour.service, 'sanctions.list', {
      x: 1,
    } as never);
    expect(answer).toMatchObject({ status: 422, ...problem('invalid-input') });
  });
});

test('missing and not yours are byte-identical', async () => {
  const missing = { sanction: `snc_${'0'.repeat(26)}` } as const;
  const [a, b] = await Promise.all([
    registry.call(registry.parties.tubely.service, 'sanctions.get', missing),
    registry.call(registry.parties.market.service, 'sanctions.status', missing),
  ]);
  expect(a.raw.body).toBe(b.raw.body);
  expect(a.status).toBe(404);
});

test('clock -121 s and +11 s are refused with the server time, -119 s and +9 s are not', async () => {
  const now = Math.floor(registry.now().getTime() / 1000);
  const sent = (iat: number) =>
    registry.call(registry.parties.harbour.service, 'sanctions.list', {}, { iat });
  for (const iat of [now - 122, now + 12]) {
    const answer = await sent(iat);
    expect(answer).toMatchObject({ status: 401, ...problem('clock-skew') });
    expect(answer.body.server_time).toMatch(/Z$/);
  }
  for (const iat of [now - 119, now + 8]) expect((await sent(iat)).status).toBe(200);
});
