import { readFileSync } from 'node:fs';
import {
  generateKey,
  roles,
  rolesOf,
  signerFromJwk,
  type CaseInput,
  type CaseOpName,
  type PartyId,
  type PartyKind,
  type Role,
} from '@recourse/protocol';
import {
  addedKey,
  insertHolder,
  insertKey,
  newSecret,
  random32,
  startTestRegistry,
  testOrigin,
  type TestAnswer,
  type TestKey,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseHandlers } from '../src/operations/index.ts';
import { handlers } from '../src/operations/index.ts';
import { appealInput, claim, newCase } from './cases-fixture.ts';
import { outcome, sendRaw } from './safety-harness.ts';

/** Cells of a table of docs/roles.md, by operation and by the heading of the column. */
type Table = ReadonlyMap<string, Readonly<Record<string, string>>>;

const page = readFileSync(new URL('../../../docs/roles.md', import.meta.url), 'utf8');
const ofParties = tableUnder('## Of parties');
const ofCreator = tableUnder('## Of the creator');
const keys: TestKey[] = [];
let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry();
  for (const role of roles) {
    keys.push(await keyOf(role, false));
    // Nobody administers by a support key.
    if (role !== 'support') keys.push(await keyOf(role, true));
  }
});
afterAll(() => registry.close());

test('the page has every operation that the registry answers', () => {
  expect([...ofParties.keys()].toSorted()).toEqual(Object.keys(handlers).toSorted());
  const acts = [...Object.keys(caseHandlers), 'parties.enrol'];
  expect([...ofCreator.keys()].toSorted()).toEqual(acts.toSorted());
});

test('every role reaches what the page says, and nothing else', async () => {
  const expected: string[] = [];
  const found: string[] = [];
  for (const [op, cells] of ofParties) {
    const answers = await Promise.all(keys.map((key) => sendRaw(registry, key, callOf(op))));
    for (const [i, { role, admin }] of keys.entries()) {
      const cell = cells[role];
      const reaches = cell === 'yes' || (cell === 'admin' && admin);
      const caller = `${op} ${role}${admin ? ', admin' : ''}`;
      expected.push(`${caller}: ${reaches ? inputRead : 'role-not-allowed'}`);
      found.push(`${caller}: ${codeOf(answers[i]!)}`);
    }
  }
  expect(found).toEqual(expected);
});

test('nobody reaches an operation of a party, and neither does a claimant', async () => {
  const signer = await signerFromJwk(await generateKey());
  const { party } = registry.parties.harbour.trust;
  const stranger = { party, signer, kid: signer.kid } as TestKey;
  const { code } = await newCase(registry);
  const key = await claim(registry, code);
  const reached: string[] = [];
  for (const op of ofParties.keys()) {
    const called = outcome(await sendRaw(registry, stranger, callOf(op)));
    const acted = await registry.sendCase(op, JSON.stringify({ jti: random32(), key }));
    if (called !== 'unknown-key') reached.push(`${op} by a key that is unknown: ${called}`);
    if (outcome(acted) !== 'not-found') reached.push(`${op} by a claimant: ${outcome(acted)}`);
  }
  expect(reached).toEqual([]);
});

test('no role reaches an act of a creator', async () => {
  const reached: string[] = [];
  for (const op of ofCreator.keys()) {
    const answers = await Promise.all(keys.map((key) => sendRaw(registry, key, callOf(op))));
    reached.push(...answers.map(outcome).filter((code) => code !== 'unknown-op'));
  }
  expect(reached).toEqual([]);
});

test('an act that needs the key of a claimant opens for nobody else', async () => {
  const { code } = await newCase(registry);
  const key = await claim(registry, code);
  const found: string[] = [];
  for (const [op, input] of Object.entries(actsByKey)) {
    const stranger = await act(op, { ...input, key: newSecret() });
    const claimant = await act(op, { ...input, key });
    found.push(`${op} ${label(stranger)} ${label(claimant)}`);
  }
  const byKey = [...ofCreator].filter(([, { nobody }]) => nobody === 'no');
  expect(found.toSorted()).toEqual(byKey.map(([op]) => `${op} wrong known`).toSorted());
});

/** An input that no schema accepts: reaching an operation changes nothing. */
const callOf = (op: string) => ({ op, in: { 'no-such-member': 1 } });
const inputRead = 'invalid-input';

const codeOf = (answer: TestAnswer): string => outcome(answer).split('/')[0]!;

const act = (op: string, input: object) =>
  registry.sendCase(op, JSON.stringify({ jti: random32(), ...input }));
const label = ({ guessed }: { guessed: boolean }): string => (guessed ? 'wrong' : 'known');

type ByKey = {
  readonly [N in CaseOpName as CaseInput<N> extends { key: string } ? N : never]: Omit<
    CaseInput<N>,
    'jti' | 'key'
  >;
};

/** Valid inputs of the acts by a key; the key is replaced last. */
const actsByKey: ByKey = {
  'case.appeal': appealInput,
  'case.numberSince': { since: '2020-01-01' },
  'case.join': { ground: 'not-me', words: 'It was somebody else.' },
  'case.addInformation': { text: 'And there is more.' },
  'case.addFile': { name: 'a.txt', mediaType: 'text/plain', bytes: 'YQ' },
  'case.withdrawAppeal': {},
  'case.requestErasure': {},
  'case.receipt': {},
  'case.letter': {},
  'case.setContact': { email: 'me@mail.example', language: 'en' },
  'case.confirmContact': { code: '123456' },
  'case.removeContact': {},
  'case.invite': { code: newSecret(), as: 'representative', name: 'A lawyer' },
  'case.endAccess': { place: 1 },
  'case.rotate': { newKey: newSecret() },
};

async function keyOf(role: Role, admin: boolean): Promise<TestKey> {
  const now = registry.now();
  const { harbour, panel, operator } = registry.parties;
  const admins = { platform: harbour.admin, panel: panel[0], operator: operator[0] };
  const kind = (Object.keys(rolesOf) as PartyKind[]).find((one) =>
    (rolesOf[one] as readonly Role[]).includes(role),
  )!;
  const by = admins[kind];
  const party = by.party as PartyId;
  const key = await addedKey({ party, role, admin, by, audience: testOrigin, now });
  const seed = { db: registry.db, audience: testOrigin, now };
  await insertHolder(seed, key);
  await insertKey(seed, key, 50 + keys.length);
  return key;
}

function tableUnder(heading: string): Table {
  const [, below = ''] = page.split(`${heading}\n`);
  const [table = ''] = below.split('\n## ');
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  const [names = [], , ...cells] = rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return new Map(
    cells.map(([op = '', ...rest]) => [
      op.replaceAll('`', ''),
      Object.fromEntries(rest.map((cell, i) => [names[i + 1], cell])),
    ]),
  );
}
