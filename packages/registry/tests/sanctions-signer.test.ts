import { signCompact, type Submission } from '@recourse/protocol';
import {
  addedKey,
  insertHolder,
  insertKey,
  startTestRegistry,
  testId,
  testOrigin,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build, problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const sendInput = (input: Submission) =>
  registry.call(registry.parties.harbour.service, 'sanctions.submit', input);

describe('who signs the statement decides, whoever carries the call', () => {
  test('a service key signs no statement', async () => {
    const { harbour } = registry.parties;
    const input = await build(registry, { signedBy: harbour.service });
    const answer = await registry.call(harbour.trust, 'sanctions.submit', input);
    expect(problem(answer)).toEqual(['role-not-allowed']);
  });

  test('a key of another party, or of nobody, is unknown', async () => {
    const { harbour, tubely } = registry.parties;
    for (const signer of [tubely.trust, await stranger()]) {
      const input = await build(registry, { signedBy: signer });
      const answer = await registry.call(harbour.service, 'sanctions.submit', input);
      expect(problem(answer)).toEqual(['invalid-input', 'unknown-signer']);
    }
  });

  test('an edited statement, or another artefact, is refused', async () => {
    const input = await build(registry);
    const [head, payload, signature = ''] = input.statement.split('.');
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect(
      problem(await sendInput({ ...input, statement: `${head}.${payload}.${flipped}` })),
    ).toEqual(['invalid-input', 'signature-invalid']);
    const { signer } = registry.parties.harbour.trust;
    const call = await signCompact(
      signer,
      'recourse-withdrawal+jwt',
      JSON.parse(Buffer.from(payload!, 'base64url').toString()),
    );
    expect(problem(await sendInput({ ...input, statement: call }))).toEqual([
      'invalid-input',
      'typ-mismatch',
    ]);
  });

  test('a revoked key is inactive, with an iat from before', async () => {
    const { harbour } = registry.parties;
    const key = await spareKey();
    const input = await build(registry, { signedBy: key });
    await sql`update keys set revoked_at = now(), revoked_why = 'retired', revocation = '{}' where kid = ${key.kid}`.execute(
      registry.db,
    );
    const answer = await registry.call(harbour.service, 'sanctions.submit', input);
    expect(problem(answer)).toEqual(['key-inactive']);
  });
});

const stranger = () =>
  addedKey({
    party: registry.parties.harbour.id,
    role: 'trust',
    admin: false,
    audience: testOrigin,
    now: registry.now(),
    by: registry.parties.tubely.admin,
  });

async function spareKey() {
  const { harbour } = registry.parties;
  const seed = { db: registry.db, audience: testOrigin, now: registry.now() };
  const key = await addedKey({
    ...seed,
    party: harbour.id,
    role: 'trust',
    admin: false,
    by: harbour.admin,
    holder: testId('hld', seed.now),
  });
  await insertHolder(seed, key);
  await insertKey(seed, key, 10);
  return key;
}
