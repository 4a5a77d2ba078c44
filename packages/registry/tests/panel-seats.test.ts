import {
  inviteKey,
  reasonCodes,
  signCompact,
  toNumericDate,
  type OpInput,
} from '@recourse/protocol';
import { random32, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listParties } from '../src/parties/directory.ts';
import { byBoth, countersigned, platformId } from './parties-operator-fixtures.ts';
import { enrol, refusalOf } from './parties-fixtures.ts';
import { sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry();
});
afterEach(() => registry.close());

const day = 86_400;
type Seat = OpInput<'panel.invite'>;

const seatOf = (change: Partial<Seat> = {}): Seat => ({
  invite: inviteKey(random32()),
  affiliations: [{ party: platformId(registry.parties.market) }],
  languages: ['pl', 'en'],
  optOut: ['abuse.ncii'],
  termUntil: toNumericDate(registry.now()) + 100 * day,
  ...change,
});
const send = async (seat: Seat) => {
  const answer = await byBoth(registry, 'panel.invite', seat);
  return answer.status === 200 ? 'seated' : refusalOf(answer);
};
const reviewers = async () =>
  (await listParties(registry.db, registry.now())).find(({ kind }) => kind === 'panel')?.reviewers;

describe('a seat of the panel', () => {
  test('needs two sitting reviewers, and is published with its term', async () => {
    const [first, second, third] = registry.parties.panel;
    expect(await send(seatOf())).toBe('state-conflict/missing');
    expect(await send(await countersigned(registry, seatOf(), [first]))).toBe(
      'state-conflict/missing',
    );
    expect(await send(await countersigned(registry, seatOf(), [first, first]))).toBe(
      'invalid-input/same-holder',
    );
    const seat = seatOf();
    expect(await send(await countersigned(registry, seat, [second, third]))).toBe('seated');
    const seated = (await reviewers())!.find(({ countersignedBy }) => countersignedBy.length > 0);
    expect(seated).toMatchObject({
      affiliations: [{ party: registry.parties.market.id }],
      languages: ['pl', 'en'],
      optOut: ['abuse.ncii'],
      countersignedBy: expect.arrayContaining([second.holder, third.holder]),
    });
    expect(Date.parse(seated!.termUntil!)).toBe(seat.termUntil * 1000);
    expect(Date.parse(seated!.since!)).toBeLessThanOrEqual(registry.now().getTime());
    registry.advance(101 * day);
    expect((await reviewers())!.map(({ holder }) => holder)).not.toContain(seated!.holder);
  });

  test('what was signed for one seat is nothing for another, or for other terms', async () => {
    const seat = await countersigned(registry, seatOf());
    for (const change of [
      { invite: inviteKey(random32()) },
      { termUntil: seat.termUntil + day },
      { affiliations: [] },
      { languages: ['pl'] },
      { optOut: [] },
    ]) {
      expect(await send({ ...seat, ...change })).toBe('invalid-input/another-seat');
    }
  });

  test('nobody signs who does not sit: of another party, removed, or past their term', async () => {
    const { harbour, panel, operator } = registry.parties;
    const [first, second, third] = panel;
    for (const key of [harbour.trust, operator[0]]) {
      expect(await send(await countersigned(registry, seatOf(), [first, key]))).toBe(
        'invalid-input/no-sitting-reviewer',
      );
    }
    await sql`update holders set term_until = ${registry.now()} where id = ${second.holder}`.execute(
      registry.ownerDb,
    );
    expect(await send(await countersigned(registry, seatOf(), [first, second]))).toBe(
      'invalid-input/no-sitting-reviewer',
    );
    await sql`update holders set removed_at = ${registry.now()} where id = ${third.holder}`.execute(
      registry.ownerDb,
    );
    expect(await send(await countersigned(registry, seatOf(), [first, third]))).toBe(
      'invalid-input/no-sitting-reviewer',
    );
    // Who is left signs.
    for (const { holder } of registry.parties.reserve) {
      await sql`update holders set removed_at = ${registry.now()} where id = ${holder}`.execute(
        registry.ownerDb,
      );
    }
    expect(await send(seatOf())).toBe('state-conflict/missing');
    expect(await send(await countersigned(registry, seatOf(), [first]))).toBe('seated');
  });

  test('nobody changes what a reviewer reads, and opted out of, by SQL', async () => {
    const { panel, operator } = registry.parties;
    const set = (
      assignment: ReturnType<typeof sql>,
      person: { holder: string },
      db = registry.ownerDb,
    ) => sqlState(sql`update holders set ${assignment} where id = ${person.holder}`.execute(db));
    expect(await set(sql`opt_out = '{fraud.scam}'`, panel[0], registry.db)).toBe('42501');
    expect(await set(sql`languages = '{pl}'`, panel[0], registry.db)).toBe('42501');
    expect(await set(sql`languages = '{pl}'`, operator[0])).toBe('23514');
    expect(await set(sql`opt_out = '{fraud.scam}'`, operator[0])).toBe('23514');
  });

  test('nobody opts out of ten reasons, nor of what is none, whoever writes it', async () => {
    const { holder } = registry.parties.panel[0];
    const lists = [`{${reasonCodes.slice(0, 10).join()}}`, '{everything}', '{fraud.scam,null}'];
    const both = async (): Promise<string[]> => {
      const states: string[] = [];
      for (const [n, list] of lists.entries()) {
        const added = sql`insert into holders (id, party, opt_out)
          values ('hld_' || repeat(${String(n)}, 26), 'panel', ${list})`;
        const changed = sql`update holders set opt_out = ${list} where id = ${holder}`;
        states.push(await sqlState(added.execute(registry.db)));
        states.push(await sqlState(changed.execute(registry.ownerDb)));
      }
      return states;
    };
    expect(await both()).toEqual(Array(6).fill('23514'));
    await sql`alter table holders drop constraint holders_opt_out`.execute(registry.ownerDb);
    expect(await both()).toEqual(Array(6).fill('accepted'));
  });

  test('another registry counts for nothing', async () => {
    const seat = seatOf();
    const signed = await Promise.all(
      registry.parties.panel.slice(0, 2).map(({ signer }) =>
        signCompact(signer, 'recourse-countersignature+jwt', {
          iss: 'panel',
          aud: 'https://other.test',
          ...seat,
          iat: toNumericDate(registry.now()),
        }),
      ),
    );
    expect(await send({ ...seat, countersignatures: signed })).toBe(
      'invalid-input/another-registry',
    );
  });

  test('the first three of a registry need nobody; the fourth does', async () => {
    await sql`delete from keys where party = 'panel'`.execute(registry.ownerDb);
    await sql`delete from holders where party = 'panel'`.execute(registry.ownerDb);
    await sql`update parties set enrolment_kid = null where id = 'panel'`.execute(registry.ownerDb);
    const codes = [random32(), random32(), random32(), random32()];
    const [first, ...others] = codes;
    expect(await send(seatOf({ invite: inviteKey(first!) }))).toBe('seated');
    await enrol(registry, { code: first!, role: 'reviewer', admin: true });
    const answers = [];
    for (const code of others) answers.push(await send(seatOf({ invite: inviteKey(code) })));
    expect(answers).toEqual(['seated', 'seated', 'state-conflict/missing']);
  });

  test('nobody signs for themselves or twice, by SQL', async () => {
    const [first, second] = registry.parties.panel;
    const insert = (by: string) =>
      sqlState(
        sql`insert into countersignatures (holder, by_holder, kid, statement)
          values (${first.holder}, ${by}, ${second.kid}, 'x.y.z')`.execute(registry.db),
      );
    expect(await insert(first.holder)).toBe('23514');
    expect([await insert(second.holder), await insert(second.holder)]).toEqual([
      'accepted',
      '23505',
    ]);
  });
});
