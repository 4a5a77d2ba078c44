import { transparencyReportSchema, type TransparencyReport } from '@recourse/protocol';
import type { TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExamined } from './doctor-fixture.ts';
import { report, stated } from './report-fixture.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { renewReport } from '../src/readers/report/renew-report.ts';
import { countReport } from '../src/readers/report/report-store.ts';
import { storedReport, type StoredReport } from '../src/readers/report/report-store.ts';
import { countFailing } from '../src/scheduler/failure-store.ts';

let registry: TestRegistry;
beforeAll(async () => {
  ({ registry } = await startExamined());
});
afterAll(() => registry.close());

const ofParty = ({ platforms }: TransparencyReport, party: string) =>
  platforms.find(({ platform }) => platform === party)!;

test('after a history of everything, tables and ledger say the same of each figure', async () => {
  const made = await report(registry);
  expect(made.comparison.differences).toEqual([]);
  expect(made).toMatchObject({ agrees: true, comparison: { unopened: 0, erasedRecords: 0 } });
  expect(transparencyReportSchema.safeParse(made).error).toBeUndefined();
  const { harbour, tubely } = registry.parties;
  expect(ofParty(made, harbour.id).totals).toMatchObject({
    submitted: 15,
    disclosed: 11,
    'appealed.expression': 2,
    'outcome.amended': 1,
    'outcome.dismissed': 2,
    'outcome.finding.error': 1,
    'outcome.undecided': 1,
    'outcome.reversed.conceded': 1,
    'demand.received': 2,
  });
  expect(ofParty(made, tubely.id).totals).toMatchObject({
    'prior-match': 1,
    'recall.undone': 2,
    'recall.issued-undo': 7,
  });
  expect(made.panel).toMatchObject({ reviewers: 6, capacity: 60, affiliations: 1 });
});

test('the six reasons next to speech are told apart, and never suppressed', async () => {
  const made = await report(registry);
  expect(made.speechReasons).toHaveLength(6);
  const { speech, totals } = ofParty(made, registry.parties.harbour.id);
  expect(speech.totals).toMatchObject({ submitted: 2 });
  expect(totals['submitted']).toBe(15);
});

describe('the report says that tables and ledger differ where', () => {
  const firstRow = (table: string, where: string): string =>
    `ctid = (select ctid from ${table} where ${where} limit 1)`;

  test.each([
    [
      'a row was deleted',
      `delete from disclosures where ${firstRow('disclosures', 'true')}`,
      [['disclosed', -1]],
    ],
    [
      'a ground was changed',
      `update appeals set ground = 'minor' where ${firstRow('appeals', `ground = 'facts-wrong'`)}`,
      [
        ['appealed.facts-wrong', -1],
        ['appealed.minor', 1],
      ],
    ],
    [
      'a reversal was made a finding of nothing',
      `update appeals set outcome = 'upheld', cause = null where ${firstRow('appeals', `cause = 'error' and outcome = 'reversed'`)}`,
      [
        ['outcome.reversed.error', -1],
        ['outcome.upheld', 1],
      ],
    ],
    [
      'an owner was added to the directory alone',
      `update parties set registration = jsonb_set(registration, '{owners}', '[{"name":"A state","percent":51}]')
        where ${firstRow('parties', 'registration is not null')}`,
      [
        [expect.stringMatching(/^owners\./), 1],
        [expect.stringMatching(/^owners\./), -1],
      ],
    ],
    [
      'a demand of an authority was made away with',
      `update authority_demands set received = 1, refused = 1 where ${firstRow('authority_demands', 'logged')}`,
      [
        ['demand.received', -1],
        ['demand.refused', -1],
      ],
    ],
    [
      'a decision was dated back',
      `update appeals set opened_at = closed_at - interval '20 days' where ${firstRow('appeals', `outcome = 'upheld'`)}`,
      [['decision', 0]],
    ],
  ])('%s', async (_, statement, expected) => {
    const { agrees, comparison } = await report(registry, statement);
    expect(agrees).toBe(false);
    const found = comparison.differences.map(({ figure, tables, ledger }) => [
      figure,
      tables - ledger,
    ]);
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  test('an entry of the log was changed', async () => {
    const { agrees, comparison } = await report(
      registry,
      `update ledger_entries set entry = replace(entry, '"digest":"', '"digest":"A')
        where index = (select min(index) from ledger_entries where entry like '%"appeal-opened"%')`,
    );
    expect(agrees).toBe(false);
    expect(comparison.differences).toContainEqual(
      expect.objectContaining({ figure: expect.stringMatching(/^appealed\./), cells: 1 }),
    );
  });

  test('what opens an entry was taken away, and no case was erased', async () => {
    const { agrees, comparison } = await report(
      registry,
      `delete from case_keys where sanction = (select min(sanction) from disclosures)`,
    );
    expect(agrees).toBe(false);
    expect(comparison.differences.map(({ figure }) => figure)).toContain('submitted');
  });

  test('a case is said to be erased, and the log does not say so', async () => {
    const { comparison } = await report(
      registry,
      `delete from case_keys where sanction = (select min(sanction) from disclosures)`,
      `update sanctions set erased_at = now(), erased_leaf = sha256('x')
        where id = (select min(sanction) from disclosures)`,
    );
    expect(comparison.differences.map(({ figure }) => figure)).toContain('submitted');
  });
});

test('the report is made once a day, and says of when it is', async () => {
  const { services, db } = registry;
  const renew = () => renewReport(services, () => countReport(services, stated));
  expect(await renew()).toBe(true);
  const first = await storedReport(db);
  expect(await renew()).toBe(false);
  registry.advance(86_400 - 3600);
  expect(await renew()).toBe(false);
  registry.advance(2 * 3600);
  const both = await Promise.all([renew(), renew()]);
  expect(both.filter(Boolean)).toHaveLength(1);
  const second = await storedReport(db);
  expect(second!.at > first!.at).toBe(true);
  expect(JSON.parse(second!.document)).toMatchObject({
    agrees: true,
    platforms: expect.any(Array),
  });
});

test('an attempt is recorded before it begins, and within an hour of one that failed there is no other', async () => {
  const { services, db } = registry;
  const before = await storedReport(db);
  registry.advance(2 * 86_400);
  const failing = () => countFailing(db);
  const dead = Object.assign(new Error('of jane@example.com'), { code: 'report_killed' });
  const renew = (count: () => Promise<StoredReport>) => renewReport(services, count);
  // A server that ends while it counts says nothing.
  const never = Promise.withResolvers<StoredReport>();
  void renew(() => never.promise);
  await expect.poll(() => db.selectFrom('due_failures').select('error').execute()).toHaveLength(1);
  expect([await failing(), await renew(() => never.promise)]).toEqual([[], false]);
  registry.advance(3_601);
  await expect(renew(() => Promise.reject(dead))).rejects.toThrow();
  const failed = { kind: 'report', error: 'report_killed', n: 1, failures: 2 };
  expect(await failing()).toEqual([failed]);
  registry.advance(3_500);
  const two = [renew(() => Promise.reject(dead)), renew(() => Promise.reject(dead))];
  expect(await Promise.all(two)).toEqual([false, false]);
  expect(await storedReport(db)).toEqual(before);
  registry.advance(101);
  expect(await renew(() => countReport(services, stated))).toBe(true);
  expect([await failing(), (await storedReport(db))!.at > before!.at]).toEqual([[], true]);
});

test('a stop is no failure: the next server begins at once, unless an attempt before it failed', async () => {
  const { services, db } = registry;
  registry.advance(2 * 86_400);
  const stopped = () => renewReport(services, () => Promise.resolve(undefined));
  const attempts = () =>
    db
      .selectFrom('due_failures')
      .select(['error', 'failures'])
      .where('kind', '=', 'report')
      .execute();
  expect([await stopped(), await attempts()]).toEqual([false, []]);
  await expect(renewReport(services, () => Promise.reject(new Error('no')))).rejects.toThrow();
  registry.advance(3_601);
  expect([await stopped(), await attempts()]).toEqual([false, [{ error: 'Error', failures: 2 }]]);
  registry.advance(3_601);
  expect(await renewReport(services, () => countReport(services, stated))).toBe(true);
});

test('erased records stay in the figures, and are left out of the comparison alone', async () => {
  const before = await report(registry);
  registry.advance(400 * 86_400);
  expect((await settleDue(registry.services)).failures).toEqual([]);
  const after = await report(registry);
  expect(after.comparison.differences).toEqual([]);
  expect(after).toMatchObject({ agrees: true, comparison: { unopened: 0 } });
  expect(after.comparison.erasedRecords).toBeGreaterThan(0);
  const { harbour } = registry.parties;
  expect(ofParty(after, harbour.id).totals['submitted']).toBe(
    ofParty(before, harbour.id).totals['submitted'],
  );
});
