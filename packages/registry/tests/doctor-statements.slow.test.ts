import { afterAll, beforeAll, expect, test } from 'vitest';
import { found, named, startExamined, type ExaminedRegistry } from './doctor-fixture.ts';

let examined: ExaminedRegistry;
beforeAll(async () => {
  examined = await startExamined();
}, 120_000);
afterAll(() => examined.registry.close());

const unerased = 'submitted_at is not null and erased_at is null';
const flipped = (column: string): string =>
  `${column} = set_byte(${column}, 40, 255 - get_byte(${column}, 40))`;

const records: [set: string, where: string, what: string[]][] = [
  [`reason = 'fraud.scam'`, `reason <> 'fraud.scam'`, ['sanctions reason']],
  [`expires_at = expires_at + interval '1 day'`, 'true', ['sanctions expires_at']],
  [`incident_to = incident_to - interval '1 hour'`, 'true', ['sanctions incident_to']],
  [`age = 'minor'`, 'true', ['sanctions age']],
  [
    `visible_from = visible_from - interval '1 hour'`,
    'visible_from is not null and not end_recorded',
    ['sanctions visible_from'],
  ],
  [flipped('account'), 'texts_erased_at is null', ['sanctions account']],
  [`proof = repeat('0', 64)`, 'proof is not null', ['sanctions proof']],
  // A leaf of the tree is that of its subject.
  [`commitments[1] = commitments[2]`, 'true', ['sanctions commitments', 'subjects subject']],
];
const subjects: [set: string, where: string, what: string[]][] = [
  [`lookup = decode(repeat('00', 32), 'hex')`, 'true', ['subjects subject']],
  [`control = 'kyc'`, `control <> 'kyc'`, ['subjects subject']],
  [`proven_at = proven_at - interval '1 day'`, 'true', ['subjects subject']],
  [`matches_until = matches_until + interval '1 day'`, 'true', ['subjects matches_until']],
  ['delivered_at = null', 'delivered_at is not null', ['subjects delivered_at']],
];

const appeals: [set: string, where: string][] = [
  [`proof = repeat('0', 64)`, 'true'],
  [`proof = ''`, 'true'],
];

async function after(table: string, set: string, where: string): Promise<string[]> {
  const row = `(select ctid from ${table} where ${where} order by ctid limit 1)`;
  const trusted = { key: examined.signer.key, outside: examined.notes };
  return named(await found(examined, trusted, [`update ${table} set ${set} where ctid = ${row}`]));
}

test.each(records)('an edit of a record, %s where %s, is named', async (set, where, what) => {
  const differences = await after('sanctions', set, `${unerased} and ${where}`);
  expect(differences).toEqual(what.map((column) => `statement-differs ${column}`));
});

test.each(subjects)('an edit of a subject, %s where %s, is named', async (set, where, what) => {
  const differences = await after('subjects', set, where);
  expect(differences).toEqual(
    expect.arrayContaining(what.map((column) => `statement-differs ${column}`)),
  );
});

test.each(appeals)('an appeal on other evidence, %s where %s, is named', async (set, where) => {
  expect(await after('appeal_proofs', set, where)).toEqual([
    'statement-differs appeal_proofs proof',
  ]);
});

test('another key under the name of one is named', async () => {
  const other = `jwk = jwk || '{"x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'`;
  expect(await after('keys', other, `alg = 'Ed25519'`)).toContain('row-not-logged keys jwk');
});

test('a platform that was told at another time is named', async () => {
  expect(await after('disclosures', `at = at - interval '1 day'`, 'true')).toEqual([
    'row-not-logged disclosures disclosed',
    'entry-without-row disclosures disclosed',
  ]);
});
