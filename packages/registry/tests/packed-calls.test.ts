import { randomBytes } from 'node:crypto';
import { freshDatabase } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Db } from '../src/index.ts';
import { packCalls, type PackedCall } from '../src/commit/packed-calls.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect({ url: database.ownerUrl, connections: 1 });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const hash = (): string => randomBytes(32).toString('base64url');

const packed = (call: Partial<PackedCall>, leaf: Partial<PackedCall['leaf']> = {}): PackedCall => ({
  kid: hash(),
  jti: randomBytes(18).toString('base64url'),
  changes: 0,
  leaf: {
    v: 1,
    iss: `plt_${'0'.repeat(26)}`,
    jti: 'not what is kept',
    op: 'checks.evaluate',
    req: hash(),
    res: hash(),
    status: 200,
    at: 1,
    ...leaf,
  },
  ...call,
});

const unpacked = async (bytes: Uint8Array) => {
  const { rows } = await sql`select * from unpack_calls(${Buffer.from(bytes)})`.execute(db);
  return rows;
};

const read = (
  { kid, jti, changes, leaf: { iss, op, req, res, status } }: PackedCall,
  place: number,
) => ({
  place,
  kid,
  jti,
  iss,
  op,
  req,
  res,
  status,
  changes,
});

test('SQL reads every call as it was packed, whatever its words', async () => {
  const calls = [
    packed({}),
    packed({ kid: 'case', jti: hash(), changes: 3 }, { iss: 'case', op: 'case.find', status: 404 }),
    packed({ jti: 'j'.repeat(64), changes: 65_535 }, { op: 'ü\u{1F600}'.repeat(21), status: 503 }),
    // As long as a hash, and none: the last character has bits that 32 bytes do not have
    packed({ jti: 'B'.repeat(43), kid: 'k'.repeat(32) }, { op: '' }),
  ];
  expect(await unpacked(packCalls(calls))).toEqual(calls.map(read));
  // A word of the call before, in each place, and one that only another place had
  const [first] = calls;
  const { kid, jti, leaf } = first!;
  const alike = [
    first!,
    packed({ kid }),
    packed({ kid, jti }, leaf),
    packed({ kid: jti, jti: kid }),
  ];
  expect(await unpacked(packCalls(alike))).toEqual(alike.map(read));
  for (const length of [22, 23, 24, 43, 63, 64]) {
    const words = Array.from({ length: 9 }, () =>
      packed({ jti: hash().repeat(2).slice(0, length) }),
    );
    expect(await unpacked(packCalls(words))).toEqual(words.map(read));
  }
  const many = Array.from({ length: 256 }, () => packed({}));
  expect(await unpacked(packCalls(many))).toEqual(many.map(read));
});

test('of what is cut or of another form, the whole calls before are read', async () => {
  const calls = [packed({}), packed({})];
  const bytes = packCalls(calls);
  const first = packCalls(calls.slice(0, 1)).length;
  for (const length of [first, first + 1, first + 40, bytes.length - 1])
    expect(await unpacked(bytes.slice(0, length))).toEqual([read(calls[0]!, 0)]);
  expect(await unpacked(Uint8Array.of(2, ...bytes.slice(1)))).toEqual([]);
  expect(await unpacked(new Uint8Array())).toEqual([]);
});
