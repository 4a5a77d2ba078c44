import type { Difference } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { found, named, startExamined, type ExaminedRegistry } from './doctor-fixture.ts';

let examined: ExaminedRegistry;
beforeAll(async () => {
  examined = await startExamined();
}, 120_000);
afterAll(() => examined.registry.close());

const after = (...statements: string[]): Promise<Difference[]> =>
  found(examined, { key: examined.signer.key, outside: examined.notes }, statements);

/** One row of a table, the same each time: the first that was written, or the first by its order. */
const firstRow = (table: string, where = 'true'): string =>
  `ctid = (select ctid from ${table} where ${where} order by ${order[table] ?? 'ctid'} limit 1)`;

/** A group of the audit with a call like that */
const has = (call: string): string => `exists (select from unpack_calls(calls) c where ${call})`;

/** The status of the last call of a group */
const altered = 'set_byte(calls, length(calls) - 3, 255 - get_byte(calls, length(calls) - 3))';

/** Where the rows of a table differ in what the doctor says of them. */
const order: Record<string, string> = { openings: 'seq' };

const gone = (table: string, ...abouts: string[]): string[] =>
  abouts.map((about) => `entry-without-row ${table} ${about}`);

describe('a row that was deleted', () => {
  test.each([
    [
      'parties',
      'registration is not null and enrolment_kid is not null',
      gone('parties', 'submissions_per_day', 'enabled_reasons', 'enrolment_kid', 'registration'),
    ],
    ['party_groups', 'item is null and until is null', gone('party_groups', 'group')],
    ['party_groups', 'until is not null', gone('party_groups', 'former-group')],
    ['party_groups', 'item is not null', gone('party_groups', 'objected-group')],
    ['proposals', `op = 'platforms.register'`, gone('proposals', 'proposed')],
    ['objections', 'true', gone('objections', 'objection')],
    ['authority_demands', 'true', gone('authority_demands', 'demand')],
    ['attestations', 'true', gone('attestations', 'attested')],
    ['orders', 'true', gone('orders', 'order')],
    ['holders', `party = 'panel'`, gone('holders', 'reviewer')],
    ['affiliations', 'true', gone('affiliations', 'affiliated')],
    ['keys', 'position = 1 and revoked_at is null', gone('keys', 'added')],
    ['keys', `revoked_why = 'compromised'`, gone('keys', 'added', 'revoked')],
    ['sanction_events', `event = 'reinstated'`, gone('sanction_events', 'sanction-reinstated')],
    ['ends', 'true', gone('ends', 'ended')],
    ['suspensions', `cause = 'relief'`, gone('suspensions', 'relief', 'suspended')],
    ['disclosures', 'true', gone('disclosures', 'disclosed')],
    ['derived_records', 'true', gone('derived_records', 'follows')],
    ['derived_reviews', 'true', gone('derived_reviews', 'reviewed', 'confirmed')],
    ['inquiries', 'true', gone('inquiries', 'asked', 'answered')],
    ['recalls', 'overdue_at is null and acknowledgement is null', gone('recalls', 'issued')],
    ['recalls', 'overdue_at is not null', gone('recalls', 'issued', 'overdue')],
    ['acknowledgements', 'true', gone('acknowledgements', 'acknowledged')],
    [
      'appeals',
      `outcome = 'finding'`,
      [...gone('appeals', 'opened', 'closed', 'finding'), ...gone('decisions', 'decided')],
    ],
    ['assignments', 'sealing_kid is not null', gone('assignments', 'assigned')],
    ['decisions', 'true', gone('decisions', 'decided')],
    ['deliveries', 'true', gone('deliveries', 'delivered')],
    [
      'deliveries',
      `rejected_why = 'third-party-data'`,
      gone('deliveries', 'delivered', 'rejected'),
    ],
    ['disputes', `closed_as = 'mismatch'`, gone('disputes', 'disputed', 'settled')],
    ['witness_policies', 'true', gone('witness_policies', 'policy')],
    ['witnesses', 'true', gone('witnesses', 'witnesses')],
    ['audit_groups', has(`op = 'recalls.list'`), gone('audit', 'calls')],
    [
      'audit_groups',
      has(`op = 'sanctions.submit'`),
      [...gone('audit', 'calls'), 'row-not-logged openings'],
    ],
    ['audit_groups', has(`op = 'case.claim'`), gone('audit', 'calls')],
    ['openings', `kid = 'registry'`, ['opening-missing notice-delivered']],
    ['countersignatures', 'true', gone('countersignatures', 'countersigned')],
    ['case_keys', 'true', ['case-key-missing case_keys']],
  ])('of %s, %s, is named', async (table, where, expected) => {
    const differences = await after(`delete from ${table} where ${firstRow(table, where)}`);
    expect(named(differences).toSorted()).toEqual(expected.toSorted());
    const nowhere = differences.filter(({ id, index }) => (id ?? index) === undefined);
    expect(nowhere).toEqual([]);
  });

  test('of a call in a group of the audit is named, by its place', async () => {
    const where = firstRow('audit_groups', has('place = 1'));
    // How many came together is up to the machine.
    const { rows } = await sql<{ last: number }>`
      select max(place) as last from audit_groups, unpack_calls(calls)
      where ${sql.raw(where)}`.execute(examined.registry.db);
    const cut = `substring(calls for length(calls) - 1)`;
    const differences = await after(`update audit_groups set calls = ${cut} where ${where}`);
    expect(named(differences)).toEqual([`calls-differ audit no row at place ${rows[0]?.last}`]);
  });

  test('of sanctions is named, with what hung on it', async () => {
    const where = firstRow('sanctions', `id in (select sanction from ends)`);
    expect(named(await after(`delete from sanctions where ${where}`))).toEqual(
      expect.arrayContaining([...gone('sanctions', 'submitted'), ...gone('ends', 'ended')]),
    );
  });
});

const unknown = (prefix: string): string => `'${prefix}_00000000000000000000000000'`;

/** All but what the database computes itself. */
async function writtenColumns(table: string): Promise<string> {
  const { rows } = await sql<{ names: string }>`
    select string_agg(quote_ident(column_name), ', ') as names from information_schema.columns
    where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER'`.execute(
    examined.registry.ownerDb,
  );
  return rows[0]!.names;
}

const extra = (table: string, ...abouts: string[]): string[] =>
  abouts.map((about) => `row-not-logged ${table} ${about}`);

const stated = (...columns: string[]): string[] =>
  columns.map((column) => `statement-differs sanctions ${column}`);

describe('a row that was added', () => {
  test.each<[string, string, Record<string, string>, string[]]>([
    [
      'parties',
      `registration is not null and enrolment_kid is not null`,
      { id: unknown('plt'), registration: `t.registration || '{"domain":"x.example"}'` },
      extra('parties', 'registration', 'enrolment_kid', 'submissions_per_day', 'enabled_reasons'),
    ],
    [
      'proposals',
      `op = 'platforms.register'`,
      { id: `'prp'`, proposed_at: `'2020-01-01'` },
      extra('proposals', 'proposed'),
    ],
    ['holders', `party = 'panel'`, { id: unknown('hld') }, extra('holders', 'reviewer')],
    ['affiliations', 'true', { party: unknown('plt') }, extra('affiliations', 'affiliated')],
    ['keys', 'revoked_at is null', { kid: `'k'`, position: '99' }, extra('keys', 'added', 'jwk')],
    [
      'sanctions',
      'notified_at is not null and amendment is null and not end_recorded and stated_at is null',
      { id: unknown('snc') },
      [...extra('sanctions', 'submitted', 'noticed'), ...stated('id', 'evidence', 'visible_from')],
    ],
    [
      'sanction_events',
      `event = 'reinstated'`,
      { position: '99', version: '99' },
      extra('sanction_events', 'sanction-reinstated'),
    ],
    [
      'ends',
      'true',
      {
        sanction: `(select id from sanctions s where submitted_at is not null
          and not exists (select from ends e where e.sanction = s.id) limit 1)`,
      },
      [...extra('ends', 'ended'), 'next-differs sanctions next_at'],
    ],
    [
      'suspensions',
      'true',
      { cause: `'echo-overdue'`, since: `'2020-01-01'` },
      extra('suspensions', 'suspended'),
    ],
    ['disclosures', 'true', { version: '99' }, extra('disclosures', 'disclosed')],
    ['derived_records', 'true', { source: 't.derived' }, extra('derived_records', 'follows')],
    [
      'derived_reviews',
      'true',
      { derived: unknown('snc') },
      extra('derived_reviews', 'reviewed', 'confirmed'),
    ],
    [
      'inquiries',
      'true',
      { id: unknown('qst'), asks: `'amount-band'`, answer: `'none'` },
      extra('inquiries', 'asked', 'answered'),
    ],
    [
      'recalls',
      'overdue_at is null',
      { id: unknown('rcl'), version: '99' },
      extra('recalls', 'issued'),
    ],
    [
      'acknowledgements',
      'true',
      { recall: `(select id from recalls where acknowledgement is null limit 1)` },
      extra('acknowledgements', 'open'),
    ],
    ['appeals', `outcome = 'upheld'`, { id: unknown('apl') }, extra('appeals', 'opened', 'closed')],
    [
      'assignments',
      'sealing_kid is not null',
      { holder: unknown('hld'), sealing_kid: `'s'` },
      extra('assignments', 'assigned'),
    ],
    ['decisions', 'true', { holder: unknown('hld') }, extra('decisions', 'decided')],
    ['deliveries', 'true', { round: '99' }, extra('deliveries', 'delivered')],
    [
      'disputes',
      `closed_as = 'mismatch'`,
      { round: '99' },
      extra('disputes', 'disputed', 'settled'),
    ],
    ['openings', 'sanction is null', { jti: `'j'` }, ['row-not-logged openings']],
    ['openings', 'sanction is not null', { jti: `'j'` }, ['opening-invalid openings']],
    ['audit_groups', has('place = 0'), { entry: `'\\x00'` }, ['row-not-logged audit']],
  ])('to %s, %s, is named', async (...[table, where, columns, expected]) => {
    const values = Object.entries(columns).map(([column, value]) => `'${column}', ${value}`);
    const written = await writtenColumns(table);
    const differences = await after(
      `insert into ${table} (${written}) overriding user value
        select ${written} from (
          select (jsonb_populate_record(t, jsonb_build_object(${values.join(', ')}))).*
          from ${table} t where ${firstRow(table, where)}) row`,
    );
    expect(named(differences).toSorted()).toEqual(expected.toSorted());
  });

  test('as a second cause of suspension, with its line, to a record that has no first, is named', async () => {
    const sanction = `(select id from sanctions s where submitted_at is not null
      and not exists (select from suspensions u where u.sanction = s.id) order by id limit 1)`;
    const differences = await after(
      `insert into suspensions (sanction, cause, since) values (${sanction}, 'echo-overdue', '2026-01-01')`,
      `insert into sanction_events (sanction, position, version, event, cause, at)
        select sanction, 99, 1, 'suspended', cause, since from suspensions where cause = 'echo-overdue'`,
    );
    expect(named(differences)).toEqual(extra('sanction_events', 'sanction-suspended'));
  });

  test('to a group of the audit is named, with the one whose place it has', async () => {
    const where = firstRow('audit_groups', has(`iss <> 'case'`));
    const differences = await after(
      `insert into audit_groups select * from audit_groups where ${where}`,
    );
    expect(differences.map(({ code }) => code)).toEqual(['calls-differ', 'calls-differ']);
    const [first, second] = differences.map(({ what }) => what);
    expect(first).toMatch(/^row .+ .+$/);
    expect(second).toBe(first);
  });
});

const changed = (table: string, about: string): string[] => [
  ...extra(table, about),
  ...gone(table, about),
];

describe('a row that was changed', () => {
  test.each<[string, string, string, string[]]>([
    [
      'party_groups',
      `group_name = 'g'`,
      'item is null and until is null',
      changed('party_groups', 'group'),
    ],
    [
      'party_groups',
      `until = until - interval '25 months'`,
      'until is not null',
      changed('party_groups', 'former-group'),
    ],
    [
      'parties',
      `registration = registration || '{"legalBasis":"none"}'`,
      `id ~ '^plt_'`,
      changed('parties', 'registration'),
    ],
    [
      'parties',
      'elements_per_day = 6',
      'elements_per_day = 5',
      changed('parties', 'elements_per_day'),
    ],
    ['parties', 'checks_stopped = false', 'checks_stopped', gone('parties', 'checks_stopped')],
    [
      'parties',
      'submissions_suspended = true',
      'not submissions_suspended',
      extra('parties', 'submissions_suspended'),
    ],
    [
      'parties',
      `enabled_reasons = '{}'`,
      `enabled_reasons = '{fraud.scam}'`,
      gone('parties', 'enabled_reasons'),
    ],
    ['parties', `enrolment_kid = 'k'`, `id = 'panel'`, changed('parties', 'enrolment_kid')],
    ['keys', 'admin = not admin', 'position = 1', changed('keys', 'added')],
    ['keys', `statement = 's'`, 'position = 1', changed('keys', 'added')],
    [
      'keys',
      'revoked_at = null, revoked_why = null, compromised_since = null',
      'revoked_at is not null',
      gone('keys', 'revoked'),
    ],
    [
      'keys',
      `compromised_since = '2020-01-01'`,
      'revoked_at is not null',
      changed('keys', 'revoked'),
    ],
    [
      'holders',
      `term_until = '2099-01-01'`,
      'term_until is not null',
      changed('holders', 'reviewer'),
    ],
    ['affiliations', `until = '2020-01-01'`, 'true', changed('affiliations', 'affiliated')],
    ['sanctions', `statement = 's'`, 'submitted_at is not null', changed('sanctions', 'submitted')],
    [
      'sanctions',
      'amendment = null, amended_until = null, amended_reason = null',
      'amendment is not null',
      gone('sanctions', 'amended'),
    ],
    [
      'sanctions',
      `amended_until = '2026-01-01'`,
      'amendment is null and submitted_at is not null',
      extra('sanctions', 'amended'),
    ],
    [
      'sanctions',
      `notified_at = notified_at - interval '1 day', visible_from = visible_from - interval '1 day'`,
      'notified_at is not null and not end_recorded',
      [...extra('sanctions', 'noticed'), ...stated('visible_from')],
    ],
    [
      'sanctions',
      `next_at = next_at + interval '1 day'`,
      'next_at is not null',
      ['next-differs sanctions next_at'],
    ],
    ['sanctions', 'next_at = null', 'next_at is not null', ['next-differs sanctions next_at']],
    ['ends', `cause = 'other'`, 'true', changed('ends', 'ended')],
    ['suspensions', `until = '2099-01-01'`, `cause = 'relief'`, changed('suspensions', 'relief')],
    ['recalls', `overdue_at = null`, 'overdue_at is not null', gone('recalls', 'overdue')],
    ['recalls', `kind = 'pause'`, `kind = 'undo'`, changed('recalls', 'issued')],
    [
      'recalls',
      'acknowledgement = null',
      'acknowledgement is not null',
      [...extra('acknowledgements', 'open'), ...gone('acknowledgements', 'acknowledged')],
    ],
    ['acknowledgements', `copies = 'kept'`, 'true', changed('acknowledgements', 'acknowledged')],
    ['appeals', `ground = 'minor'`, 'true', changed('appeals', 'opened')],
    ['disputes', `closed_as = 'void'`, `closed_as = 'mismatch'`, changed('disputes', 'settled')],
    ['appeals', `outcome = 'dismissed'`, `outcome = 'upheld'`, changed('appeals', 'closed')],
    ['appeals', `cause = 'error'`, `closed_as = 'conceded'`, extra('appeals', 'finding')],
    ['audit_groups', `calls = ${altered}`, has(`iss <> 'case'`), ['calls-differ audit root']],
    ['audit_groups', `calls = ${altered}`, has('place = 1'), ['calls-differ audit root']],
    [
      'openings',
      `opening = set_byte(opening, 40, 255 - get_byte(opening, 40))`,
      'sanction is not null',
      ['opening-invalid openings'],
    ],
    [
      'case_keys',
      `wrapped = set_byte(wrapped, 40, 255 - get_byte(wrapped, 40))`,
      'true',
      ['case-key-missing case_keys'],
    ],
  ])('in %s, %s where %s, is named', async (...[table, values, where, expected]) => {
    const differences = await after(
      `update ${table} set ${values} where ${firstRow(table, where)}`,
    );
    expect(named(differences)).toEqual(expect.arrayContaining(expected));
    const others = named(differences).filter((name) => !expected.includes(name));
    // What cannot be opened is no row that is missing.
    expect(others.filter((name) => !name.startsWith('opening-missing'))).toEqual([]);
  });
});
