import type { TestRegistry } from '@recourse/testkit';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startCheckRegistry } from './checks-fixture.ts';
import { acknowledge, recallOf } from './recalls-fixture.ts';
import { sqlState } from './sanctions-harness.ts';

const notAllowed = '42501';
const checkViolation = '23514';
const foreignKeyViolation = '23503';
const uniqueViolation = '23505';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

let recall: string;
let other: string;
beforeEach(async () => {
  ({ recall } = await recallOf(registry));
  ({ recall: other } = await recallOf(registry));
});

const attack = (statement: RawBuilder<unknown>): Promise<string> =>
  sqlState(statement.execute(registry.db));

interface Row {
  party?: string;
  kid?: string;
  action?: string;
  reviewed?: string | null;
  noticed?: string | null;
}

const insert = (row: Row = {}): Promise<string> => {
  const { tubely } = registry.parties;
  const { party = tubely.id, kid = tubely.service.kid, action = 'undone' } = row;
  return attack(sql`
    insert into acknowledgements (recall, party, kid, jti, ack, action, copies, reviewed_at, notice_sent_at, at)
    values (${recall}, ${party}, ${kid}, 'j', 'a', ${action}, 'deleted',
      ${row.reviewed ?? null}::timestamptz, ${row.noticed ?? null}::timestamptz, '2026-06-01')`);
};

describe('the service role, by SQL', () => {
  test('acknowledges when nothing about it is forged: the attacks below fail for their own reason', async () => {
    expect(await insert()).toBe('accepted');
    expect(await attack(sql`update recalls set acknowledgement = id where id = ${recall}`)).toBe(
      'accepted',
    );
  });

  test('acknowledges nothing for another party, and with no key of another', async () => {
    const { market } = registry.parties;
    expect(await insert({ party: market.id, kid: market.service.kid })).toBe(foreignKeyViolation);
    expect(await insert({ kid: market.service.kid })).toBe(foreignKeyViolation);
    expect(await insert({ kid: 'none' })).toBe(foreignKeyViolation);
  });

  test('closes no recall without its acknowledgement', async () => {
    expect(await attack(sql`update recalls set acknowledgement = id where id = ${recall}`)).toBe(
      foreignKeyViolation,
    );
    await acknowledge(registry, other);
    expect(
      await attack(sql`update recalls set acknowledgement = ${other} where id = ${recall}`),
    ).toBe(checkViolation);
  });

  test('supersedes no recall by one of another sanction, or by itself', async () => {
    expect(
      await attack(sql`update recalls set superseded_by = ${other} where id = ${recall}`),
    ).toBe(foreignKeyViolation);
    expect(
      await attack(sql`update recalls set superseded_by = ${recall} where id = ${recall}`),
    ).toBe(checkViolation);
  });

  test('changes no acknowledgement, makes no second one and deletes none', async () => {
    await acknowledge(registry, recall);
    expect(await insert()).toBe(uniqueViolation);
    for (const column of ['action', 'copies', 'ack', 'at', 'kid', 'party']) {
      expect(
        await attack(sql`update acknowledgements set ${sql.ref(column)} = ${sql.ref(column)}`),
      ).toBe(notAllowed);
    }
    expect(await attack(sql`delete from acknowledgements`)).toBe(notAllowed);
  });

  test('keeps a measure on own grounds only by a review, then a notice, then the acknowledgement', async () => {
    const action = 'kept-on-own-grounds';
    const [early, late, after] = ['2026-05-01', '2026-05-02', '2026-06-02'];
    for (const [reviewed, noticed] of [
      [null, null],
      [early, null],
      [null, early],
      [late, early],
      [early, after],
    ] as const) {
      expect(await insert({ action, reviewed, noticed })).toBe(checkViolation);
    }
    expect(await insert({ reviewed: early, noticed: late })).toBe(checkViolation);
    expect(await insert({ action, reviewed: early, noticed: late })).toBe('accepted');
  });

  test('changes nothing of what is owed, and deletes no recall', async () => {
    for (const change of [
      sql`kind = 'pause'`,
      sql`due_at = now() + interval '1 year'`,
      sql`issued_at = now()`,
      sql`party = ${registry.parties.market.id}`,
      sql`sanction = 'snc_x'`,
      sql`version = 9`,
    ]) {
      expect(await attack(sql`update recalls set ${change}`)).toBe(notAllowed);
    }
    expect(await attack(sql`delete from recalls`)).toBe(notAllowed);
  });

  test('forges no event: what was written to a platform stays, but for its delivery', async () => {
    for (const change of [
      sql`body = '{}'`,
      sql`party = ${registry.parties.market.id}`,
      sql`type = 'sanction-upheld'`,
      sql`at = now()`,
    ]) {
      expect(await attack(sql`update events set ${change}`)).toBe(notAllowed);
    }
  });
});

/** Each attack passes where its constraint is away: as the owner of the schema, in a transaction that is rolled back. */
describe('without its constraint', () => {
  const away = async (control: string, statement: RawBuilder<unknown>): Promise<string> => {
    let state = 'not run';
    await registry.ownerDb
      .transaction()
      .execute(async (trx) => {
        await sql.raw(control).execute(trx);
        state = await sqlState(statement.execute(trx));
        throw new Error('rolled back');
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error && error.message === 'rolled back')) throw error;
      });
    return state;
  };
  const by = (party: string, kid: string): RawBuilder<unknown> => sql`
    insert into acknowledgements (recall, party, kid, jti, ack, action, copies, at)
    values (${recall}, ${party}, ${kid}, 'j', 'a', 'undone', 'deleted', '2026-06-01')`;

  test('each passes', async () => {
    const { market, tubely } = registry.parties;
    const drop = (table: string, name: string) => `alter table ${table} drop constraint ${name}`;
    expect(
      await away(
        drop('acknowledgements', 'acknowledgements_own_recall'),
        by(market.id, market.service.kid),
      ),
    ).toBe('accepted');
    expect(
      await away(
        drop('acknowledgements', 'acknowledgements_own_key'),
        by(tubely.id, market.service.kid),
      ),
    ).toBe('accepted');
    expect(
      await away(
        drop('recalls', 'recalls_acknowledged'),
        sql`update recalls set acknowledgement = id where id = ${recall}`,
      ),
    ).toBe('accepted');
    expect(
      await away(
        drop('recalls', 'recalls_superseded_by_sanction_party_fkey'),
        sql`update recalls set superseded_by = ${other} where id = ${recall}`,
      ),
    ).toBe('accepted');
  });
});
