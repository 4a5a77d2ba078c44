import { caseKey } from '@recourse/protocol';
import { Sequencer } from '@recourse/registry';
import { newSecret, startTestRegistry, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/due/settle-due.ts';
import { endSanction } from '../src/sanctions/ending.ts';
import { act } from './appeals-harness.ts';
import { resultOf as signedResult } from './checks-fixture.ts';
import {
  appealInput,
  caseAbout,
  findByEmail,
  open,
  realTokens,
  resultOf,
} from './cases-fixture.ts';
import { found, logSeeds, named } from './doctor-fixture.ts';
import { drain, newSigner, signing } from './ledger-fixture.ts';
import { allVote, castVote, itemRows, itemsOf, seatedOf, seatReviewers } from './panel-harness.ts';
import { day, notify, problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
let panel: TestKey[];
beforeEach(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
  panel = [...registry.parties.panel, ...(await seatReviewers(registry, 2))];
});
afterEach(() => registry.close());

interface Two {
  readonly sanction: string;
  /** Of whoever came first, and holds the case */
  readonly first: string;
  readonly second: string;
  /** The first one's */
  readonly appeal: string;
}

/** Two who each proved an address of one record; the first appealed. */
async function two(): Promise<Two> {
  const { sanction } = await caseAbout(registry, [
    ['email', 'first@mail.example'],
    ['email', 'second@mail.example'],
  ]);
  await notify(registry, sanction);
  const first = `${(await findByEmail(registry, 'first@mail.example')).newKey}.1`;
  const { appeal } = resultOf(
    await registry.caseCall('case.appeal', { key: first, ...appealInput }),
  );
  const second = `${(await findByEmail(registry, 'second@mail.example')).newKey}.1`;
  return { sanction, first, second, appeal };
}

const contest = (key: string, words?: string) =>
  registry.caseCall('case.contest', { key, ...(words === undefined ? {} : { words }) });
async function contested(): Promise<Two & { item: string }> {
  const both = await two();
  const { item } = resultOf(await contest(both.second, 'The channel is mine.'));
  return { ...both, item };
}
const viewOf = async (key: string) => resultOf(await open(registry, key)).case;
const decide = (item: string, ...outcomes: ('hand-over' | 'keep')[]) =>
  allVote(registry, { item, among: panel, outcomes });

describe('between two who each proved an identifier', () => {
  test('reviewers decide, and until then the earlier holder acts', async () => {
    const { first, second, appeal, item } = await contested();
    expect(await viewOf(first)).toMatchObject({
      access: 'holder',
      panel: [{ item, kind: 'contested', side: 'holder' }],
    });
    expect(await viewOf(second)).toMatchObject({
      access: 'found',
      panel: [{ item, side: 'contester', words: 'The channel is mine.' }],
    });
    const act = await registry.caseCall('case.addInformation', { key: first, text: 'More.' });
    expect(act.status).toBe(200);
    const appealed = await registry.caseCall('case.appeal', { key: second, ...appealInput });
    expect(problem(appealed)).toEqual(['state-conflict', 'held-by-proof']);
    const row = registry.db.selectFrom('appeals').select('closed_as').where('id', '=', appeal);
    expect(await row.executeTakeFirst()).toEqual({ closed_as: null });
    // A third waits, and each says once why.
    const third = `${(await findByEmail(registry, 'first@mail.example')).newKey}.1`;
    expect(problem(await contest(third, 'Mine.'))).toEqual(['state-conflict', 'held-by-proof']);
    expect(problem(await contest(second, 'Again.'))).toEqual(['state-conflict', 'being-decided']);
    resultOf(await contest(first, 'It is mine.'));
    expect(problem(await contest(first, 'Again.'))).toEqual(['state-conflict', 'being-decided']);
  });

  test('reviewers see which identifiers each proved, and read both', async () => {
    const { sanction, first, item } = await contested();
    resultOf(await contest(first, 'It is mine.'));
    const seated = await seatedOf(registry, { item, among: panel });
    expect(seated).toHaveLength(2);
    const [shown] = await itemsOf(registry, seated[0]!);
    expect(shown).toMatchObject({
      record: { sanction, subjects: [{ place: 0 }, { place: 1 }] },
      contest: {
        holder: { places: [0], words: 'It is mine.' },
        contester: { places: [1], words: 'The channel is mine.' },
      },
    });
    expect(JSON.stringify(shown)).not.toContain('mail.example');
  });

  test('two who agree hand it over: what the earlier holder has open is void', async () => {
    const { first, second, appeal, item } = await contested();
    await decide(item, 'hand-over', 'hand-over');
    expect((await open(registry, first)).guessed).toBe(true);
    const seen = await viewOf(second);
    expect(seen).toMatchObject({ access: 'holder', appeals: [{ appeal, state: 'void' }] });
    expect(seen.panel[0].reasons).toHaveLength(2);
    const lines = seen.history.map(({ event }: { event: string }) => event);
    expect(lines).toEqual(expect.arrayContaining(['contested', 'appeal-void', 'handed-over']));
    const own = await registry.caseCall('case.appeal', { key: second, ...appealInput });
    expect(resultOf(own).state).toBe('open');
  });

  test.each([[['hand-over', 'keep']], [['keep', 'keep']]] as const)(
    'without two to hand it over, as of %o, it stays, and is not asked again for 90 d',
    async (outcomes) => {
      const { first, second, item } = await contested();
      await decide(item, ...outcomes);
      expect(await viewOf(first)).toMatchObject({
        access: 'holder',
        appeals: [{ state: 'open' }],
        panel: [{ outcome: 'keep' }],
      });
      expect(problem(await contest(second))).toEqual(['state-conflict', 'decided']);
      const anew = `${(await findByEmail(registry, 'second@mail.example')).newKey}.1`;
      expect(problem(await contest(anew))).toEqual(['state-conflict', 'decided']);
      registry.advance(90 * day + 1);
      expect((await contest(anew)).status).toBe(200);
    },
  );

  test('silence leaves it with whoever has it, before any job ran, and may be asked again', async () => {
    const { first, second, item } = await contested();
    const [by] = await seatedOf(registry, { item, among: panel });
    signedResult(await castVote(registry, { by: by!, item, outcome: 'hand-over' }));
    registry.advance(34 * day);
    const late = (await seatedOf(registry, { item, among: panel })).length;
    expect(late).toBe(0);
    expect((await viewOf(second)).panel[0].closedAt).toBeDefined();
    const again = resultOf(await contest(second));
    expect(again.item).not.toBe(item);
    registry.advance(34 * day);
    await settleDue(registry.services);
    expect(
      (await itemRows(registry)).map(({ outcome, closed_by }) => [outcome, closed_by]),
    ).toEqual([
      ['keep', 'deadline'],
      ['keep', 'deadline'],
    ]);
    expect((await viewOf(first)).access).toBe('holder');
  });

  test('a key that is rotated meanwhile keeps its side', async () => {
    const { first, second, item } = await contested();
    const [mine, theirs] = [newSecret(), newSecret()];
    resultOf(await registry.caseCall('case.rotate', { key: first, newKey: mine }));
    resultOf(await registry.caseCall('case.rotate', { key: second, newKey: theirs }));
    await decide(item, 'hand-over', 'hand-over');
    expect((await open(registry, mine)).guessed).toBe(true);
    expect((await viewOf(theirs)).access).toBe('holder');
  });

  test('nobody judges who is of the pay of the submitter, and votes are blind', async () => {
    const { item } = await contested();
    const [by] = await seatedOf(registry, { item, among: panel });
    await sql`insert into affiliations (holder, party)
      values (${by!.holder}, ${registry.parties.harbour.id})`.execute(registry.ownerDb);
    const answer = await castVote(registry, { by: by!, item, outcome: 'hand-over' });
    expect(answer.status).toBe(404);
  });

  test('a reversal ends the question', async () => {
    const { sanction, item } = await contested();
    await act(registry, sanction, (acting, record) =>
      endSanction(acting, record, { kind: 'reversed', cause: 'error', by: 'panel' }),
    );
    expect(await itemRows(registry)).toMatchObject([{ id: item, closed_by: 'end', outcome: null }]);
  });
});

test('the doctor names a contest whose row is gone', async () => {
  await logSeeds({ db: registry.db, now: registry.now() });
  await contested();
  await drain(new Sequencer(registry.db));
  const signer = await newSigner();
  await signing(registry.db, signer);
  const looked = async (...statements: string[]) =>
    named(await found({ registry }, { key: signer.key, outside: [] }, statements)).filter((one) =>
      /contests|panel_items/.test(one),
    );
  expect(await looked()).toEqual([]);
  expect(await looked('delete from contests')).toEqual(['entry-without-row contests contested']);
});

describe('the database', () => {
  const violated = '23514';
  const takenFrom = (key: string) =>
    registry.db
      .updateTable('case_holders')
      .set({ ended_at: registry.now(), ended_as: 'contested' })
      .where('key_hash', '=', caseKey(key))
      .execute();

  test('takes a case from nobody who proved an identifier, without the panel', async () => {
    const { first, item } = await contested();
    expect(await sqlState(takenFrom(first))).toBe(violated);
    const close = registry.db
      .updateTable('panel_items')
      .set({ closed_at: registry.now(), closed_by: 'deadline', outcome: 'hand-over' })
      .where('id', '=', item)
      .execute();
    expect(await sqlState(close)).toBe(violated);
  });

  test('takes no contest but between the holder and one who proved an identifier', async () => {
    const { sanction, first, second, item } = await contested();
    const insert = (holder: string, contester: string) =>
      registry.db
        .insertInto('contests')
        .values({
          item,
          sanction,
          holder_key: caseKey(holder),
          contester_key: caseKey(contester),
          holder_words: null,
          contester_words: null,
        })
        .execute();
    expect(await sqlState(insert(second, first))).toBe(violated);
  });

  test('erases no case about which reviewers are asked', async () => {
    const { sanction, first, appeal } = await contested();
    await registry.ownerDb
      .updateTable('appeals')
      .set({ closed_at: registry.now(), closed_as: 'withdrawn' })
      .where('id', '=', appeal)
      .execute();
    await act(registry, sanction, (acting, record) =>
      endSanction(acting, record, { kind: 'withdrawn', cause: 'error', by: record.party }),
    );
    resultOf(await registry.caseCall('case.requestErasure', { key: first, ground: 'erasure' }));
    const leaf = Buffer.alloc(32);
    const erase = sql`select erase_case(${sanction}, ${registry.now()}, ${leaf})`;
    expect(await sqlState(erase.execute(registry.db))).toBe(violated);
    registry.advance(34 * day);
    await settleDue(registry.services);
    await settleDue(registry.services);
    expect((await open(registry, first)).status).toBe(404);
    expect(await registry.db.selectFrom('contests').select('item').execute()).toEqual([]);
  });
});
