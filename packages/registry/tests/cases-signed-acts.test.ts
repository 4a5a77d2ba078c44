import { generateKey, hashText, signerFromJwk, type ClaimantActPayload } from '@recourse/protocol';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { appealInput, caseAbout, claim, open, realTokens, resultOf } from './cases-fixture.ts';
import { day, notify, problem, sqlState, tried } from './sanctions-harness.ts';
import { newJti, signedAct, signingKey, withdrawSigned } from './signing-keys.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterEach(() => registry.close());

async function appealed() {
  const { sanction, code } = await caseAbout(registry, [['email', 'signs@mail.example']]);
  await notify(registry, sanction);
  const key = await claim(registry, code);
  const { appeal } = resultOf(await registry.caseCall('case.appeal', { key, ...appealInput }));
  return { sanction, code, key, appeal };
}

const viewOf = async (key: string) => resultOf(await open(registry, key)).case;
const rowOf = (id: string) =>
  registry.db.selectFrom('appeals').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

/** What opens the entries of a withdrawal, as its claimant reads them. */
async function entriesOf(key: string) {
  const { openings } = resultOf(await registry.caseCall('case.receipt', { key }));
  return openings
    .filter(({ entry }: { entry: { type: string } }) => entry.type === 'appeal-withdrawal')
    .map(({ detail }: { detail: object }) => detail);
}

describe('a withdrawal that nobody signed', () => {
  test('waits 14 days, is shown to everybody on the case, and says so in its entry', async () => {
    const { code, key, appeal } = await appealed();
    const asked = resultOf(await registry.caseCall('case.withdrawAppeal', { key }));
    const at = new Date(registry.now().getTime() + 14 * day * 1000).toISOString();
    expect(asked.withdrawsAt.slice(0, 16)).toBe(at.slice(0, 16));
    expect(asked.effectiveAt).toBe(asked.withdrawsAt);
    const other = await claim(registry, code);
    const [seen] = (await viewOf(other)).appeals;
    expect(seen.withdrawals).toEqual([{ own: false, signed: false, at: asked.withdrawsAt }]);
    expect(await entriesOf(key)).toEqual([{ appeal, signed: false }]);
    registry.advance(14 * day - 60);
    await settleDue(registry.services);
    expect((await rowOf(appeal)).closed_at).toBeNull();
    registry.advance(120);
    await settleDue(registry.services);
    expect((await rowOf(appeal)).closed_as).toBe('withdrawn');
  });

  test('is taken back until then, and the log says that, too', async () => {
    const { key, appeal } = await appealed();
    resultOf(await registry.caseCall('case.withdrawAppeal', { key }));
    registry.advance(13 * day);
    resultOf(await registry.caseCall('case.withdrawAppeal', { key, keep: true }));
    registry.advance(5 * day);
    await settleDue(registry.services);
    expect((await rowOf(appeal)).closed_at).toBeNull();
    expect(await entriesOf(key)).toEqual([
      { appeal, signed: false },
      { appeal, kept: true },
    ]);
  });

  test('cannot take effect sooner, whoever writes the row', async () => {
    const { key, appeal } = await appealed();
    const set = (values: string) =>
      sqlState(
        sql`update appeal_joins set ${sql.raw(values)} where appeal = ${appeal}`.execute(
          registry.db,
        ),
      );
    const soon = `withdrawal_at = now(), withdraws_at = now() + interval '13 days'`;
    expect(await set(soon)).toBe('23514');
    expect(await set(`withdraws_at = now() + interval '13 days'`)).toBe('23514');
    resultOf(await registry.caseCall('case.withdrawAppeal', { key }));
    expect(await set('withdraws_at = now()')).toBe('23514');
    const close = sql`update appeals set closed_at = now(), closed_as = 'withdrawn'
      where id = ${appeal}`;
    expect(await sqlState(close.execute(registry.db))).toBe('23514');
  });
});

describe('a signed withdrawal', () => {
  test('counts at once, and its entry has the hash of what was signed', async () => {
    const { key, appeal } = await appealed();
    const jti = newJti();
    const act = await signedAct(registry, { key, act: 'withdraw-appeal', jti });
    const input = { key, act };
    const done = resultOf(await registry.caseCall('case.withdrawAppeal', input, { jti }));
    const hours = (new Date(done.effectiveAt).getTime() - registry.now().getTime()) / 3.6e6;
    expect(hours).toBeGreaterThan(71);
    expect(hours).toBeLessThanOrEqual(72);
    expect(await entriesOf(key)).toEqual([{ appeal, signed: true, act: hashText(act) }]);
    const [join] = await registry.db.selectFrom('appeal_joins').selectAll().execute();
    expect(join!.withdrawal).toBe(act);
  });

  test.each<[string, Partial<ClaimantActPayload>, string]>([
    ['of another case', { sub: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0' }, 'another'],
    ['of another act', { act: 'request-erasure' }, 'another'],
    ['of another call', { jti: 'j'.repeat(24) }, 'another'],
    ['for another registry', { aud: 'https://other.test' }, 'another'],
    ['of two days ago', { iat: 1_700_000_000 }, 'time'],
  ])('%s is refused', async (_, over, code) => {
    const { key } = await appealed();
    const jti = newJti();
    const act = await signedAct(registry, { key, act: 'withdraw-appeal', jti, over });
    const answer = await registry.caseCall('case.withdrawAppeal', { key, act }, { jti });
    expect(problem(answer)).toEqual(['invalid-input', code]);
  });

  test('by a key that the claimant did not enter with is refused', async () => {
    const { code, key } = await appealed();
    const by = await signerFromJwk(await generateKey('ES256'));
    const jti = newJti();
    const act = await signedAct(registry, { key, act: 'withdraw-appeal', jti, by });
    const answer = await registry.caseCall('case.withdrawAppeal', { key, act }, { jti });
    expect(problem(answer)).toEqual(['invalid-input', 'kid-mismatch']);
    // Nor does a thief of the secret who has a code put one in its place.
    resultOf(
      await registry.caseCall('case.claim', { code, newKey: key, signingKey: by.publicJwk }),
    );
    const again = await registry.caseCall('case.withdrawAppeal', { key, act }, { jti: newJti() });
    expect(problem(again)[0]).toBe('invalid-input');
    resultOf(await withdrawSigned(registry, key));
  });

  test('by a claimant who came without a key is refused', async () => {
    const { code } = await appealed();
    const newKey = newSecret();
    resultOf(await registry.caseCall('case.claim', { code, newKey }));
    const join = { key: newKey, ground: 'not-me', words: 'It was not me.' } as const;
    resultOf(await registry.caseCall('case.join', join));
    expect(problem(await withdrawSigned(registry, newKey))).toEqual(['invalid-input', 'no-key']);
  });
});

test('the key of a claimant is kept as they enter, shown to them alone, and never changed', async () => {
  const { code, key } = await appealed();
  const weak = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } as const;
  const entering = { code, newKey: newSecret(), signingKey: weak };
  expect(problem(await registry.caseCall('case.claim', entering))[0]).toBe('invalid-input');
  expect((await viewOf(key)).signingKey).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect((await viewOf(code)).signingKey).toBeUndefined();
  const change = sql`update claimants set signing_key = ${JSON.stringify(signingKey)}`;
  expect(await sqlState(change.execute(registry.db))).toBe('42501');
});

describe('whoever writes the row', () => {
  test('a withdrawal has the time it was said and the time it takes effect, or neither, nor then a signature', async () => {
    await appealed();
    const attacks = [
      `(at, null, null)`,
      `(null, at + interval '20 days', null)`,
      `(null, null, 'x.y.z')`,
      `(at, null, 'x.y.z')`,
    ].map((row) => `update appeal_joins set (withdrawal_at, withdraws_at, withdrawal) = ${row}`);
    const control = 'alter table appeal_joins drop constraint appeal_joins_withdrawn';
    expect(await tried(registry, attacks, control)).toEqual([['23514'], ['accepted']]);
  });

  const request = (times: { at: string; keptAt?: string }): string =>
    `insert into erasure_requests (sanction, claimant, at, kept_at)
      select sanction, id, ${times.at}, ${times.keptAt ?? 'null'} from claimants`;
  const later = `since + interval '1 day'`;

  test('nobody has two requests for erasure open', async () => {
    await appealed();
    await sql.raw(request({ at: 'since' })).execute(registry.db);
    const second = request({ at: later });
    const control = 'drop index erasure_requests_open';
    expect(await tried(registry, [second], control)).toEqual([['23505'], ['accepted']]);
  });

  test('a request for erasure that was taken back stays so, and as of when', async () => {
    await appealed();
    await sql.raw(request({ at: 'since', keptAt: later })).execute(registry.db);
    const attacks = [`kept_at + interval '1 day'`, 'null'].map(
      (keptAt) => `update erasure_requests set kept_at = ${keptAt}`,
    );
    const control = 'drop trigger erasure_requests_final on erasure_requests';
    expect(await tried(registry, attacks, control)).toEqual([['23514'], ['accepted']]);
  });
});
