import { randomBytes } from 'node:crypto';
import { hashText, type CaseOpName } from '@recourse/protocol';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql, type KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCaseHandler } from '../src/registry.ts';
import {
  appealInput,
  caseAbout,
  claim,
  findByEmail,
  open,
  realTokens,
  resultOf,
  tokenOf,
} from './cases-fixture.ts';
import { notify } from './sanctions-harness.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

/** Every row of every table as text, bytes both in hex and as what they spell. */
async function everything(): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(registry.ownerDb);
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(registry.ownerDb);
    texts.push(...rows.map(({ row }) => row));
  }
  const hex = [...texts.join('\n').matchAll(/\\\\x([0-9a-f]+)/g)].map(([, bytes]) =>
    Buffer.from(bytes!, 'hex').toString('latin1'),
  );
  return [...texts, ...hex].join('\n');
}

test('after a whole flow no code, key, address, token, proof or word is in the database', async () => {
  const email = 'nobody.knows@mail.example';
  const { sanction, code } = await caseAbout(registry, [
    ['email', email],
    ['domain', 'nobody-knows.example'],
  ]);
  await notify(registry, sanction);
  const accuser = await claim(registry, code);
  const { newKey } = await findByEmail(registry, email);
  const mailed = registry.proofs.mails.at(-1)!.code;
  const key = `${newKey}.1`;
  resultOf(await registry.caseCall('case.claim', { code, newKey: key }));
  const { find, proof } = resultOf(
    await registry.caseCall('case.find', { kind: 'domain', identifier: 'nobody-knows.example' }),
  );
  registry.proofs.txt.set(proof.name, [proof.value]);
  resultOf(
    await registry.caseCall('case.prove', {
      find,
      identifier: 'nobody-knows.example',
      newKey,
    }),
  );
  resultOf(await registry.caseCall('case.appeal', { key, ...appealInput }));
  resultOf(await registry.caseCall('case.addInformation', { key, text: 'Ask my neighbour.' }));
  const rotated = newSecret();
  resultOf(await registry.caseCall('case.rotate', { key, newKey: rotated }));
  resultOf(await open(registry, rotated));

  const all = await everything();
  // The search finds what is there.
  for (const there of [sanction, 'facts-wrong']) {
    expect(all).toContain(there);
  }
  const token = await tokenOf(registry, 'email', email);
  const bytes = Buffer.from(token, 'base64url');
  for (const secret of [
    code,
    accuser,
    newKey,
    rotated,
    email,
    'nobody-knows',
    'nobody.knows',
    token,
    bytes.toString('hex'),
    bytes.toString('latin1'),
    mailed,
    proof.value,
    appealInput.words,
    'Ask my neighbour.',
  ]) {
    expect(all.includes(secret)).toBe(false);
  }
});

test('the audit hash of a question for a proof does not test guesses at the address', async () => {
  const jti = 'A'.repeat(24);
  const input = { kind: 'email', identifier: 'guess.me@mail.example' } as const;
  await registry.caseCall('case.find', input, { jti });
  const { req, jti: kept } = await registry.db
    .selectFrom('audited_calls')
    .select(['req', 'jti'])
    .where('op', '=', 'case.find')
    .where('req', '=', hashText(JSON.stringify({ jti, ...input })))
    .executeTakeFirstOrThrow();
  // Who has the database has no jti to put before a guess.
  expect(kept).not.toBe(jti);
  expect(hashText(JSON.stringify({ jti: kept, ...input }))).not.toBe(req);
  expect((await everything()).includes(jti)).toBe(false);
});

test('no answer and no bytes of an act are kept that hold a secret', async () => {
  const { rows } = await sql<{ op: CaseOpName; n: number }>`
    select op, count(*)::int as n from answers where iss = 'case' group by op`.execute(registry.db);
  const ops = new Set(rows.map(({ op }) => op));
  for (const op of ['case.open', 'case.receipt', 'case.letter', 'case.find'] as const) {
    expect(ops.has(op)).toBe(false);
  }
  const bytes = await registry.db
    .selectFrom('kept_calls')
    .select('kid')
    .where('kid', '=', 'case')
    .execute();
  expect(bytes).toEqual([]);
});

test('the answers of case.find differ in nothing that tells whether anything is held', async () => {
  await caseAbout(registry, [['email', 'held@mail.example']]);
  const held = await asked('held@mail.example');
  const free = await asked('free@mail.example');
  expect(members(free.answer.body)).toEqual(members(held.answer.body));
  expect(free.answer.body.length).toBe(held.answer.body.length);
  expect([free.answer.status, free.mails]).toEqual([held.answer.status, held.mails]);
  expect(free.statements).toEqual(held.statements);
  expect(held.statements.length).toBeGreaterThan(1);
  expect(held.statements.filter((text) => /subjects|sanctions|case_/.test(text))).toEqual([]);
});

/** One question on a server that writes down every statement it sends. */
async function asked(identifier: string) {
  const statements: string[] = [];
  const recorder: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      statements.push(registry.db.getExecutor().compileQuery(node, queryId).sql);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const db = registry.db.withPlugin(recorder);
  const handler = createCaseHandler({ ...registry.services, db });
  const before = registry.proofs.mails.length;
  const jti = randomBytes(18).toString('base64url');
  const body = JSON.stringify({ jti, kind: 'email', identifier });
  const answer = await handler.handle('case.find', Buffer.from(body));
  return { answer, statements, mails: registry.proofs.mails.length - before };
}

const members = (body: string): string[] =>
  [...body.matchAll(/"(\w+)":/g)].map(([, name]) => name!);
