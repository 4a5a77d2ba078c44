import { toBase64url } from '@recourse/protocol';
import { Sequencer } from '@recourse/registry';
import { startTestRegistry, testOrigin, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commit, drain, entriesOf, newSigner, opened, signing } from './ledger-fixture.ts';

let registry: TestRegistry;
let signer: Awaited<ReturnType<typeof newSigner>>;
beforeAll(async () => {
  registry = await startTestRegistry();
  signer = await newSigner();
});
afterAll(() => registry.close());

/** A checkpoint that was signed just now, as a caller shows it. */
async function shown(name: string): Promise<{ size: number; root: string }> {
  const { db } = registry;
  await commit(db, entriesOf(name, 3));
  await drain(new Sequencer(db));
  const { size, root } = await opened((await signing(db, signer))!.note, signer);
  return { size, root: toBase64url(Buffer.from(root, 'hex')) };
}

const another = toBase64url(new Uint8Array(32).fill(7));
const refused = {
  status: 409,
  body: {
    type: `${testOrigin}/problems/state-conflict`,
    issues: [{ path: 'cp', code: 'unknown-checkpoint' }],
  },
};
const policies = { policies: ['https://harbour.example/policy', 'https://harbour.example/more'] };
const evenMore = { policies: [...policies.policies, 'https://harbour.example/even-more'] };
const auditOf = (jti: string) =>
  registry.db.selectFrom('audited_calls').select(['status', 'op']).where('jti', '=', jti).execute();

describe('a checkpoint that a caller shows', () => {
  test('is no matter when this registry signed it', async () => {
    const cp = await shown('a');
    const { service, admin } = registry.parties.harbour;
    expect((await registry.call(service, 'sanctions.list', {}, { cp })).status).toBe(200);
    expect((await registry.call(admin, 'parties.setPolicies', policies, { cp })).status).toBe(200);
  });

  test('is known when another server signed it a moment ago, also after it was refused', async () => {
    const { service } = registry.parties.harbour;
    const cp = await shown('b');
    // Three entries, and that of the refusal itself.
    const later = { size: cp.size + 4, root: another };
    expect(await registry.call(service, 'sanctions.list', {}, { cp: later })).toMatchObject(
      refused,
    );
    const next = await shown('c');
    expect(next.size).toBe(later.size);
    for (const known of [next, cp, next]) {
      expect((await registry.call(service, 'sanctions.list', {}, { cp: known })).status).toBe(200);
    }
  });

  test.each(['another root', 'a larger size', 'a size that was not signed', 'nothing'])(
    'is refused, with a receipt and an audit row, and nothing is done: %s',
    async (how) => {
      const { service, admin } = registry.parties.harbour;
      const { size, root } = await shown(how);
      const cp = {
        'another root': { size, root: another },
        'a larger size': { size: size + 1_000_000, root },
        'a size that was not signed': { size: size - 1, root },
        nothing: { size: 0, root },
      }[how]!;
      const pending = (await registry.pendingEntries()).length;
      for (const [key, op, input] of [
        [service, 'sanctions.list', {}],
        [admin, 'parties.setPolicies', evenMore],
      ] as const) {
        const jti = `${how}-${op}`.replaceAll(/[^a-z]/gi, '').padEnd(24, '0');
        const compact = await registry.sign(key, { op, in: input, cp, jti });
        const answer = await registry.send(op, compact);
        expect(answer).toMatchObject(refused);
        expect(answer.raw.receipt).toMatch(/^0\./);
        expect(await auditOf(jti)).toEqual([{ status: 409, op }]);
        const again = await registry.send(op, compact);
        expect(again.body.type).toBe(`${testOrigin}/problems/replayed-call`);
        expect(await auditOf(jti)).toHaveLength(1);
      }
      const entries = (await registry.pendingEntries()).slice(pending);
      expect(entries.filter((entry) => !entry.includes('"type":"calls"'))).toEqual([]);
    },
  );

  test('is looked at only when the call is authenticated', async () => {
    const { service } = registry.parties.harbour;
    const cp = { size: 1_000_000_000, root: another };
    const compact = await registry.sign(service, { op: 'sanctions.list', in: {}, cp });
    const forged = `${compact.slice(0, -8)}AAAAAAAA`;
    expect((await registry.send('sanctions.list', forged)).status).toBe(401);
  });

  // Last: nothing but a new start ends a recovery.
  test('keeps no recall and no event from a platform while this registry recovers: it is the one that lost it', async () => {
    const { service } = registry.parties.harbour;
    const { size, root } = await shown('before');
    const cp = { size: size + 1_000_000, root };
    registry.services.ledger.recover('rolled-back');
    for (const op of ['recalls.list', 'events.poll'] as const) {
      expect([op, (await registry.call(service, op, {}, { cp })).status]).toEqual([op, 200]);
    }
  });
});
