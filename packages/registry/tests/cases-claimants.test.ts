import { type SanctionStatement } from '@recourse/protocol';
import { startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { claimCase, decide, impersonation } from './appeals-harness.ts';
import {
  appealInput,
  caseAbout,
  claim,
  findByEmail,
  open,
  realTokens,
  resultOf,
} from './cases-fixture.ts';
import { day, notify, problem, sqlState } from './sanctions-harness.ts';
import { withdrawSigned } from './signing-keys.ts';

let registry: TestRegistry;
let made = 0;

beforeEach(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterEach(() => registry.close());

/** A case of one address, an accuser who came by the code, and the creator who proved the address. */
async function twoClaimants(statement: Partial<SanctionStatement> = {}) {
  const email = `claimant${made++}@mail.example`;
  const { sanction, code } = await caseAbout(registry, [['email', email]], { statement });
  await notify(registry, sanction);
  const accuser = await claim(registry, code);
  const { newKey } = await findByEmail(registry, email);
  return { sanction, code, email, accuser, creator: `${newKey}.1` };
}

const appeal = (key: string, overrides: object = {}) =>
  registry.caseCall('case.appeal', { key, ...appealInput, ...overrides });
const join = (key: string, ground = 'not-me', words = 'It was somebody else.') =>
  registry.caseCall('case.join', { key, ground: ground as 'not-me', words });
const withdraw = (key: string) => withdrawSigned(registry, key);
const viewOf = async (key: string) => resultOf(await open(registry, key)).case;
const rowOf = (id: string) =>
  registry.db.selectFrom('appeals').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('an open appeal', () => {
  test('is joined with a further ground: no deadline moves, and neither reads the other', async () => {
    const { accuser, creator } = await twoClaimants();
    const opened = resultOf(await appeal(accuser, { words: 'It was me.' }));
    registry.advance(day);
    const joined = resultOf(await join(creator));
    expect(joined).toEqual(opened);
    const [mine] = (await viewOf(creator)).appeals;
    expect(mine).toMatchObject({ joined: true, added: [{ words: 'It was somebody else.' }] });
    expect(mine.words).toBeUndefined();
    const [theirs] = (await viewOf(accuser)).appeals;
    expect(theirs).toMatchObject({ words: 'It was me.', added: [] });
    expect(problem(await join(creator))).toEqual(['state-conflict', 'already-joined']);
    resultOf(await join(creator, 'procedure'));
  });

  test('tells the reviewer who came by which way, and the submitter not', async () => {
    const { accuser, creator } = await twoClaimants();
    const { appeal: id } = resultOf(await appeal(accuser));
    resultOf(await join(creator));
    resultOf(await registry.caseCall('case.addInformation', { key: creator, text: 'Ask me.' }));
    const [reviewer] = registry.parties.panel;
    await claimCase(registry, reviewer, id);
    const seen = (await registry.call(reviewer, 'review.get', { appeal: id })).body.result;
    expect(seen).toMatchObject({
      joined: [{ claimant: 1 }, { claimant: 2, ground: 'not-me' }],
      claimants: [
        { claimant: 1, ways: [{ way: 'handed' }] },
        { claimant: 2, ways: [{ way: 'proof', place: 0 }] },
      ],
      information: [{ claimant: 2, text: 'Ask me.' }],
    });
    const { harbour } = registry.parties;
    const owed = await registry.call(harbour.trust, 'appeals.get', { appeal: id });
    expect(owed.body.result.joined).toMatchObject([{ claimant: 1 }, { words: expect.any(String) }]);
    expect(owed.raw.body).not.toMatch(/handed|proof|"ways"/);
    const asked = { appeal: id, kind: 'question', text: 'Whose is it?', claimant: 2 } as const;
    expect((await registry.call(reviewer, 'review.ask', asked)).status).toBe(200);
    expect((await viewOf(accuser)).appeals[0].questions).toEqual([]);
    const [question] = (await viewOf(creator)).appeals[0].questions;
    const answer = (key: string) =>
      registry.caseCall('case.addInformation', { key, text: 'Mine.', question: question.question });
    expect(problem(await answer(accuser))).toEqual(['state-conflict', 'not-open']);
    resultOf(await answer(creator));
  });

  test('gets the days of speech by a join that claims it, and two reviewers', async () => {
    const { accuser, creator } = await twoClaimants(impersonation());
    const { appeal: id, decisionDueAt } = resultOf(await appeal(accuser));
    registry.advance(3 * day);
    const joined = resultOf(await join(creator, 'expression'));
    const due = new Date(joined.reliefDueAt).getTime() - registry.now().getTime();
    expect(due).toBeGreaterThan(2.9 * day * 1000);
    expect(joined.decisionDueAt).toBe(decisionDueAt);
    expect((await rowOf(id)).reviewers).toBe(2);
  });

  test('keeps the days and the reviewers that a join gave it, whoever changes the row', async () => {
    const { accuser, creator } = await twoClaimants(impersonation());
    const { appeal: id } = resultOf(await appeal(accuser));
    resultOf(await join(creator, 'expression'));
    for (const change of [
      `relief_due_at = relief_due_at + interval '1 day'`,
      `assignment_due_at = assignment_due_at + interval '1 day'`,
      'reviewers = 1',
      'bound = true',
    ]) {
      const changed = sql.raw(`update appeals set ${change} where id = '${id}'`);
      expect([change, await sqlState(changed.execute(registry.db))]).toEqual([change, '23514']);
    }
  });
});

describe('a withdrawal', () => {
  test('binds that claimant alone: the appeal goes on for the others', async () => {
    const { accuser, creator } = await twoClaimants();
    const { appeal: id } = resultOf(await appeal(accuser));
    resultOf(await join(creator));
    expect(resultOf(await withdraw(accuser)).effectiveAt).toBeUndefined();
    registry.advance(4 * day);
    await settleDue(registry.services);
    expect((await rowOf(id)).closed_at).toBeNull();
    expect((await viewOf(accuser)).appeals[0]).toMatchObject({ withdrew: true, state: 'open' });
  });

  test('of all who joined ends it after 72 hours, and anybody carries it on until then', async () => {
    const { accuser, creator } = await twoClaimants();
    const { appeal: id } = resultOf(await appeal(accuser));
    const { effectiveAt } = resultOf(await withdraw(accuser));
    expect(new Date(effectiveAt).getTime() - registry.now().getTime()).toBeGreaterThan(71 * 3.6e6);
    registry.advance(2 * day);
    resultOf(await join(creator));
    registry.advance(2 * day);
    await settleDue(registry.services);
    expect((await rowOf(id)).closed_at).toBeNull();
    resultOf(await withdraw(creator));
    registry.advance(3 * day + 60);
    await settleDue(registry.services);
    expect((await rowOf(id)).closed_as).toBe('withdrawn');
  });
});

describe('a decision', () => {
  async function dismissed(key: string, sanction: string): Promise<void> {
    const { appeal: id } = resultOf(await appeal(key, { words: 'It was me.' }));
    const [reviewer] = registry.parties.panel;
    await claimCase(registry, reviewer, id);
    const decision = { outcome: 'dismissed' } as const;
    const decided = await decide(registry, { by: reviewer, sanction, appeal: id, decision });
    expect(decided.status).toBe(200);
  }

  test('on a sham appeal binds its ways alone: who proved an identifier appeals at once, and once', async () => {
    const { sanction, accuser, creator, email } = await twoClaimants();
    await dismissed(accuser, sanction);
    expect(problem(await appeal(accuser))).toEqual(['state-conflict', 'too-soon']);
    expect(await viewOf(creator)).toMatchObject({ mayAppealUntil: expect.any(String) });
    const { appeal: id, bound } = resultOf(await appeal(creator));
    expect(bound).toBe(false);
    const [, second] = registry.parties.panel;
    await claimCase(registry, second, id);
    const decision = { outcome: 'dismissed' } as const;
    expect((await decide(registry, { by: second, sanction, appeal: id, decision })).status).toBe(
      200,
    );
    const again = await findByEmail(registry, email);
    expect(problem(await appeal(`${again.newKey}.1`))).toEqual(['state-conflict', 'too-soon']);
    registry.advance(91 * day);
    expect(problem(await appeal(creator))).toEqual(['invalid-input', 'required']);
    expect(resultOf(await appeal(creator, { news: 'A new witness.' }))).toMatchObject({
      bound: true,
    });
  });

  test('binds no way of who withdrew before it', async () => {
    const { sanction, accuser, creator } = await twoClaimants();
    const { appeal: id } = resultOf(await appeal(accuser));
    resultOf(await join(creator));
    resultOf(await withdraw(creator));
    const [reviewer] = registry.parties.panel;
    await claimCase(registry, reviewer, id);
    const decision = { outcome: 'dismissed' } as const;
    expect((await decide(registry, { by: reviewer, sanction, appeal: id, decision })).status).toBe(
      200,
    );
    resultOf(await appeal(creator));
  });
});
