import { letterSchema, newId, openArtefact, verifyOpening, type Opening } from '@recourse/protocol';
import { nodeVerifier } from '@recourse/registry';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appealInput, claim, newCase, open, proveAll, resultOf } from './cases-fixture.ts';
import { day, disclose, notify, problem, withdraw } from './sanctions-harness.ts';
import { placeOf } from '../src/vault/vault.ts';
import { withdrawSigned } from './signing-keys.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

async function held(): Promise<{ sanction: string; key: string }> {
  const { sanction, code } = await newCase(registry);
  await notify(registry, sanction);
  return { sanction, key: await claim(registry, code) };
}

async function appealed() {
  const { sanction, key } = await held();
  await proveAll(registry, key);
  const { appeal } = resultOf(await registry.caseCall('case.appeal', { key, ...appealInput }));
  return { sanction, key, appeal };
}

const pdf = Buffer.from('%PDF-1.7 mine').toString('base64url');
const addFile = (key: string, change: object = {}) =>
  registry.caseCall('case.addFile', {
    key,
    name: 'letter.pdf',
    mediaType: 'application/pdf',
    bytes: pdf,
    ...change,
  });

test('an expired record has no letter', async () => {
  const { key } = await held();
  registry.advance(400 * day);
  const answer = await registry.caseCall('case.letter', { key });
  expect(problem(answer)).toEqual(['state-conflict', 'not-righted']);
});

test('words, files and information are for the holder, sealed, and bounded', async () => {
  const { key, appeal } = await appealed();
  resultOf(await registry.caseCall('case.addInformation', { key, text: 'And there is more.' }));
  const files = [];
  for (let i = 0; i < 3; i++) files.push(await addFile(key));
  expect(files.slice(0, 2).map((file) => resultOf(file).file)).toEqual([0, 1]);
  expect(problem(files[2]!)).toEqual(['state-conflict', 'too-many']);
  const [view] = resultOf(await open(registry, key)).case.appeals;
  expect(view).toMatchObject({ appeal, words: appealInput.words });
  expect(view.files[0]).toEqual({ name: 'letter.pdf', bytes: 13 });
  const { sealed } = await registry.db
    .selectFrom('case_files')
    .select('sealed')
    .where('appeal', '=', appeal)
    .limit(1)
    .executeTakeFirstOrThrow();
  expect(Buffer.from(sealed).includes('letter.pdf')).toBe(false);
});

test('a file is what it says it is', async () => {
  const { key } = await appealed();
  const answer = await addFile(key, { mediaType: 'image/png' });
  expect(problem(answer)).toEqual(['invalid-input', 'not-of-this-type']);
});

test('a page that passes for text is kept under a name that opens as text', async () => {
  const { key } = await appealed();
  const bytes = Buffer.from('<script>alert(1)</script>').toString('base64url');
  resultOf(await addFile(key, { name: 'page.html', mediaType: 'text/plain', bytes }));
  const [{ files }] = resultOf(await open(registry, key)).case.appeals;
  expect(files).toEqual([{ name: 'page.html.txt', bytes: 25 }]);
});

test('without an open appeal nothing is added or withdrawn', async () => {
  const { key } = await held();
  const answers = [
    await addFile(key),
    await registry.caseCall('case.addInformation', { key, text: 'More.' }),
    await registry.caseCall('case.withdrawAppeal', { key }),
  ];
  expect(answers.map(problem)).toEqual(answers.map(() => ['state-conflict', 'no-open-appeal']));
});

test('a signed withdrawal ends the appeal 72 h after it was first asked for, unless the creator keeps it', async () => {
  const { key, appeal } = await appealed();
  const asked = resultOf(await withdrawSigned(registry, key));
  registry.advance(3600);
  const again = resultOf(await withdrawSigned(registry, key));
  expect(again).toEqual(asked);
  const seen = resultOf(await open(registry, key)).case.appeals[0];
  expect(seen.withdrawnAt).toBe(asked.effectiveAt);
  const answer = resultOf(await registry.caseCall('case.withdrawAppeal', { key, keep: true }));
  expect(answer).toEqual({ appeal });
  registry.advance(4 * day);
  expect(resultOf(await open(registry, key)).case.appeals[0].state).toBe('open');
  resultOf(await withdrawSigned(registry, key));
  registry.advance(3 * day + 1);
  const late = await registry.caseCall('case.withdrawAppeal', { key, keep: true });
  expect(problem(late)).toEqual(['state-conflict', 'no-open-appeal']);
  expect(resultOf(await open(registry, key)).case.disputed).toBe(false);
});

test('an open question is answered once, and only on its own appeal', async () => {
  const { key, appeal, sanction } = await appealed();
  const other = await appealed();
  const question = await ask(appeal, sanction);
  const answer = (by: string) =>
    registry.caseCall('case.addInformation', { key: by, text: 'It was sold.', question });
  expect(problem(await answer(other.key))).toEqual(['state-conflict', 'not-open']);
  resultOf(await answer(key));
  expect(problem(await answer(key))).toEqual(['state-conflict', 'not-open']);
  const [view] = resultOf(await open(registry, key)).case.appeals;
  expect(view.questions).toMatchObject([
    { question, kind: 'question', text: 'Whose is it?', answer: 'It was sold.' },
  ]);
});

test('a receipt opens every entry of the case, and names who was told to its holder', async () => {
  const { key, sanction } = await appealed();
  const receipt = resultOf(await registry.caseCall('case.receipt', { key }));
  expect(receipt).toMatchObject({ registry: 'https://registry.test', sanction });
  expect(receipt.statement).toBeDefined();
  expect(receipt.appeals).toHaveLength(1);
  const openings: Opening[] = receipt.openings;
  for (const opening of openings) verifyOpening(opening);
  expect(openings.map(({ entry }) => entry.type)).toEqual(
    expect.arrayContaining(['sanction-submitted', 'notice-delivered', 'appeal-opened']),
  );
});

test('a letter says who was wrong, signed, once the record was ended', async () => {
  const { key, sanction } = await held();
  await disclose(registry, { sanction, to: registry.parties.market });
  const early = await registry.caseCall('case.letter', { key });
  expect(problem(early)).toEqual(['state-conflict', 'not-righted']);
  expect((await withdraw(registry, sanction)).status).toBe(200);
  const { letter, text, artefact } = resultOf(await registry.caseCall('case.letter', { key }));
  const { payload } = await openArtefact(letter, {
    typ: 'recourse-letter+jwt',
    schema: letterSchema,
    jwk: registry.receiptSigner.publicJwk,
    verify: nodeVerifier,
  });
  expect(payload).toMatchObject({ sub: sanction, submitterName: 'Harbour', outcome: 'withdrawn' });
  expect(text).toContain('withdrawn');
  expect(artefact).toBeDefined();
  await proveAll(registry, key);
  const { told } = resultOf(await open(registry, key)).case;
  expect(told).toMatchObject([{ name: 'Market', recall: { kind: 'undo', overdue: false } }]);
  registry.advance(10 * day);
  const later = resultOf(await open(registry, key)).case.told;
  expect(later[0].recall.overdue).toBe(true);
});

test('a key that was never given out does nothing', async () => {
  const key = newSecret();
  for (const answer of [
    await registry.caseCall('case.appeal', { key, ...appealInput }),
    await addFile(key),
    await registry.caseCall('case.receipt', { key }),
    await registry.caseCall('case.letter', { key }),
  ]) {
    expect(answer.guessed).toBe(true);
  }
});

async function ask(appeal: string, sanction: string): Promise<`qst_${string}`> {
  const { wrapped } = await registry.db
    .selectFrom('case_keys')
    .select('wrapped')
    .where('sanction', '=', sanction)
    .executeTakeFirstOrThrow();
  const caseKey = registry.services.vault.openCase({ sanction, wrapped });
  const [, reviewer] = registry.parties.panel;
  const at = registry.now();
  const taken = { review: appeal, sanction, holder: reviewer.holder, kid: reviewer.kid };
  await registry.ownerDb
    .insertInto('assignments')
    .values({
      ...taken,
      at,
      statement: null,
      sealing_kid: null,
      keyed_at: null,
      expires_at: new Date(at.getTime() + day * 1000),
      released_at: null,
      released_as: null,
      batch: appeal,
    })
    .execute();
  const id = newId('qst', { now: at, random: registry.services.random });
  await registry.db
    .insertInto('questions')
    .values({
      id,
      appeal,
      sanction,
      holder: reviewer.holder,
      kind: 'question',
      text: caseKey.seal(Buffer.from('Whose is it?'), placeOf('questions.text', { id })),
      asked_at: at,
      due_at: new Date(at.getTime() + 10 * day * 1000),
      answered_at: null,
      round: 1,
      slot: 0,
    })
    .execute();
  return id;
}
