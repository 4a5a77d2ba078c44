import { startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlState, submit, withdraw } from './sanctions-harness.ts';

const notAllowed = '42501';
const checkViolation = '23514';
const uniqueViolation = '23505';

let registry: TestRegistry;
let live: string;
let ended: string;
beforeAll(async () => {
  registry = await startTestRegistry();
  ({ id: live } = await submit(registry));
  ({ id: ended } = await submit(registry));
  await withdraw(registry, ended);
});
afterAll(() => registry.close());

const attack = (statement: RawBuilder<unknown>): Promise<string> =>
  sqlState(statement.execute(registry.db));

/** A copy of a live record with a new id and some columns of the attacker's choosing. */
const copyWith = (columns: Record<string, string>): Promise<string> => {
  const fresh = {
    id: `'snc_' || translate(substr(md5(random()::text), 1, 26), '', '')`,
    statement: `'copied'`,
    ...columns,
  };
  const all = [
    'id',
    'party',
    'kid',
    'holder',
    'statement',
    'reason',
    'age',
    'decided_at',
    'incident_from',
    'incident_to',
    'expires_at',
    'submitted_at',
    'notified_at',
    'visible_from',
    'prior_match',
    'commitments',
    'account',
  ];
  const values: Record<string, string> = fresh;
  const select = all.map((column) => values[column] ?? column).join(', ');
  return attack(
    sql.raw(
      `insert into sanctions (${all.join(', ')}) select ${select} from sanctions where id = '${live}'`,
    ),
  );
};

describe('the service role, by SQL', () => {
  test('copies a record when nothing about it is forbidden: the attacks below fail for their own reason', async () => {
    expect(await copyWith({})).toBe('accepted');
  });

  test('gives no record a life beyond the longest of its reason, in any time zone', async () => {
    expect(await copyWith({ expires_at: `incident_to + interval '24 months 2 hours'` })).toBe(
      checkViolation,
    );
    await sql`set time zone 'Pacific/Kiritimati'`.execute(registry.db);
    expect(
      await copyWith({
        expires_at: `((incident_to at time zone 'UTC') + interval '24 months') at time zone 'UTC' + interval '1 second'`,
      }),
    ).toBe(checkViolation);
    await sql`set time zone 'UTC'`.execute(registry.db);
  });

  test('records no reason outside the list', async () => {
    expect(await copyWith({ reason: `'speech.rumour'` })).toBe(checkViolation);
  });

  test('records no minor under a code not for minors, nor for more than 12 months', async () => {
    expect(await copyWith({ age: `'minor'` })).toBe(checkViolation);
    const ncii = { age: `'minor'`, reason: `'abuse.ncii'` };
    expect(await copyWith({ ...ncii, expires_at: `incident_to + interval '13 months'` })).toBe(
      checkViolation,
    );
    expect(await copyWith({ ...ncii, expires_at: `incident_to + interval '11 months'` })).toBe(
      'accepted',
    );
  });

  test('makes nothing visible before notice, nor a draft', async () => {
    expect(await attack(sql`update sanctions set visible_from = now() where id = ${live}`)).toBe(
      checkViolation,
    );
    expect(
      await attack(
        sql`update sanctions set notified_at = now(), visible_from = now() - interval '1 hour' where id = ${live}`,
      ),
    ).toBe(checkViolation);
    expect(
      await attack(
        sql`update sanctions set submitted_at = null, notified_at = now() where id = ${live}`,
      ),
    ).toBe(checkViolation);
  });

  test.each([
    'statement',
    'reason',
    'expires_at',
    'incident_to',
    'party',
    'kid',
    'holder',
    'evades',
    'account',
    'commitments',
    'age',
  ])('does not change %s of a record', async (column) => {
    expect(
      await attack(
        sql`update sanctions set ${sql.ref(column)} = ${sql.ref(column)} where id = ${live}`,
      ),
    ).toBe(notAllowed);
  });

  test('deletes no record, subject, history or case key', async () => {
    for (const table of [
      'sanctions',
      'subjects',
      'sanction_events',
      'case_keys',
      'disclosures',
      'recalls',
      'kept_calls',
    ]) {
      expect(await attack(sql`delete from ${sql.table(table)}`)).toBe(notAllowed);
    }
  });

  test('changes and deletes no end, and writes no second one', async () => {
    expect(await attack(sql`update ends set cause = 'settled' where sanction = ${ended}`)).toBe(
      notAllowed,
    );
    expect(await attack(sql`delete from ends where sanction = ${ended}`)).toBe(notAllowed);
    const { harbour } = registry.parties;
    expect(
      await attack(
        sql`insert into ends (sanction, kind, cause, at, by_party) values (${ended}, 'reversed', 'error', now(), ${harbour.id})`,
      ),
    ).toBe(uniqueViolation);
  });

  test('ends no record at another time than its end says', async () => {
    const { harbour } = registry.parties;
    const end = sql`insert into ends (sanction, kind, cause, at, by_party)
      values (${live}, 'withdrawn', 'error', now(), ${harbour.id})`;
    const set = (id: string, at: string) =>
      sql`update sanctions set ended_early_at = ${sql.raw(at)} where id = ${id}`;
    const later = set(ended, `ended_early_at + interval '1 second'`);
    for (const statement of [end, set(live, 'now()'), set(ended, 'null'), later])
      expect(await attack(statement)).toBe(checkViolation);
    await registry.ownerDb.transaction().execute(async (trx) => {
      await sql`alter table sanctions disable trigger sanctions_as_end`.execute(trx);
      await later.execute(trx);
      await set(ended, `(select at from ends where sanction = '${ended}')`).execute(trx);
      await sql`alter table sanctions enable trigger sanctions_as_end`.execute(trx);
    });
  });

  test('a history, an end and a pause take no code that people have no text for', async () => {
    const { harbour } = registry.parties;
    for (const statement of [
      sql`insert into sanction_events (sanction, position, version, event, at)
        values (${live}, 98, 1, 'vanished', now())`,
      sql`insert into sanction_events (sanction, position, version, event, cause, at)
        values (${live}, 98, 1, 'suspended', 'mood', now())`,
      sql`insert into ends (sanction, kind, cause, at, by_party)
        values (${live}, 'withdrawn', 'mood', now(), ${harbour.id})`,
      sql`insert into suspensions (sanction, cause, since) values (${live}, 'mood', now())`,
    ]) {
      expect(await attack(statement)).toBe(checkViolation);
    }
  });

  test('rewrites no history', async () => {
    expect(
      await attack(sql`update sanction_events set event = 'submitted' where sanction = ${ended}`),
    ).toBe(notAllowed);
    expect(
      await attack(
        sql`insert into sanction_events (sanction, position, version, event, at) values (${ended}, 0, 1, 'submitted', now())`,
      ),
    ).toBe(uniqueViolation);
  });
});
