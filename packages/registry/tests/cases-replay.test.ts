import { randomBytes } from 'node:crypto';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appealInput, caseAbout, claim, newCase, realTokens, resultOf } from './cases-fixture.ts';
import { count, notify, problem } from './sanctions-harness.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

const newJti = () => randomBytes(18).toString('base64url');
const bodyOf = (input: object) => JSON.stringify({ jti: newJti(), ...input });

test('twenty copies of one appeal are one appeal, with one answer and one receipt', async () => {
  const { sanction, code } = await newCase(registry);
  await notify(registry, sanction);
  const body = bodyOf({ key: await claim(registry, code), ...appealInput });
  const copies = await Promise.all(
    Array.from({ length: 20 }, () => registry.sendCase('case.appeal', body)),
  );
  expect(new Set(copies.map(({ raw }) => JSON.stringify(raw))).size).toBe(1);
  expect(copies[0]!.status).toBe(200);
  expect((await registry.sendCase('case.appeal', body)).raw).toEqual(copies[0]!.raw);
});

test('a claim, a rotation and a proof sent again are answered as the first time, and no guess', async () => {
  const { code } = await newCase(registry);
  await caseAbout(registry, [['email', 'rae@mail.example']]);
  const key = newSecret();
  const { find } = resultOf(
    await registry.caseCall('case.find', { kind: 'email', identifier: 'rae@mail.example' }),
  );
  const proof = registry.proofs.mails.at(-1)!.code;
  const before = await count(registry, 'guesses');
  for (const [op, input] of [
    ['case.claim', { code, newKey: key }],
    ['case.rotate', { key, newKey: newSecret() }],
    ['case.prove', { find, identifier: 'rae@mail.example', proof, newKey: newSecret() }],
  ] as const) {
    const body = bodyOf(input);
    const first = await registry.sendCase(op, body);
    expect(first.status).toBe(200);
    expect(await registry.sendCase(op, body)).toEqual(first);
    const copies = await Promise.all([1, 2, 3, 4].map(() => registry.sendCase(op, body)));
    for (const copy of copies) expect(copy).toEqual(first);
  }
  expect(await count(registry, 'guesses')).toBe(before);
});

test('another body under the same jti is a replay', async () => {
  const theCase = await newCase(registry);
  const two = await newCase(registry);
  const jti = newJti();
  const options = { jti };
  resultOf(
    await registry.caseCall('case.claim', { code: theCase.code, newKey: newSecret() }, options),
  );
  const other = await registry.caseCall(
    'case.claim',
    { code: two.code, newKey: newSecret() },
    options,
  );
  expect(problem(other)).toEqual(['replayed-call']);
  expect(resultOf(await registry.caseCall('case.open', { code: two.code })).case.access).toBe(
    'code',
  );
});

test('a read sent again is a replay: its answer is not kept', async () => {
  const { code } = await newCase(registry);
  const body = bodyOf({ code });
  expect((await registry.sendCase('case.open', body)).status).toBe(200);
  expect(problem(await registry.sendCase('case.open', body))).toEqual(['replayed-call']);
});

test('a question for a proof sent again sends no second mail', async () => {
  const body = bodyOf({ kind: 'email', identifier: 'sam@mail.example' });
  const mails = registry.proofs.mails.length;
  await Promise.all([1, 2, 3].map(() => registry.sendCase('case.find', body)));
  await registry.sendCase('case.find', body);
  expect(registry.proofs.mails.length).toBe(mails + 1);
});

test('an act that failed here is no answer: the same body is taken once that is mended', async () => {
  const { sanction, code } = await newCase(registry);
  await notify(registry, sanction);
  const body = bodyOf({ key: await claim(registry, code), ...appealInput });
  await sql`alter table appeals add constraint broken check (false) not valid`.execute(
    registry.ownerDb,
  );
  try {
    const failed = await registry.sendCase('case.appeal', body);
    expect([failed.status, problem(failed)]).toEqual([500, ['internal']]);
    expect(failed.guessed).toBe(false);
  } finally {
    await sql`alter table appeals drop constraint broken`.execute(registry.ownerDb);
  }
  const taken = await registry.sendCase('case.appeal', body);
  expect(taken.status).toBe(200);
  expect((await registry.sendCase('case.appeal', body)).raw).toEqual(taken.raw);
});
