import { readFileSync } from 'node:fs';
import { constraintNames, freshDatabase } from '@recourse/testkit';
import { expect, test } from 'vitest';
import { readRules } from '../due-process.ts';

/** Constraints that protect no person by a rule of their own: what each kind of them is for. */
const withoutRule: Readonly<Record<string, RegExp>> = {
  // Nobody chose these names: PostgreSQL gives them.
  'the form of a value, a key or a reference': /_(pkey|fkey|key|not_null|check\d*)$/,
  'a policy that lets everybody read or change; a restrictive one beside it has the rule':
    /_(read|change)$/,
  'one of a name, or one that is open at a time':
    /^(parties_domain|witnesses_(party|name)|answers_idem|party_groups_objected|(party_suspensions|ledger_recoveries)_open|(panel_items|inspections|disputes|challenges)_one_\w+)$/,
  'columns of one row that say the same':
    /^(alarms_explained|appeals_(concession|outcome|submitter)|case_access_in_time|keys_compromised|notice_deliveries_bounced|panel_items_outcome_of_kind|sanctions_(evades|returned_drafts))$/,
  'a row that was closed stays closed':
    /^(assignments|deliveries|subjects|panel_items|inspections|challenges)_final$/,
  'the log and its witnesses, which docs/ledger.md and docs/safety.md explain':
    /^(ledger_(tiles|recoveries)_grow|ledger_state_grows|witnesses_are_others)$/,
  'of reviewers: the size of a journal or book, who seals, and when a new decision is seen':
    /^((journals|books)_bounded|sealing_keys_of_trust|redecisions_decided)$/,
};

const page = readFileSync(new URL('../../docs/due-process.md', import.meta.url), 'utf8');
const named = new Set(
  readRules(page).chapters.flatMap(({ rules }) => rules.flatMap((rule) => rule.constraints)),
);

test('each constraint is named by a rule of docs/due-process.md or of a kind that has none, and each rule names one that exists', async () => {
  const database = await freshDatabase();
  const there = await constraintNames(database.ownerUrl);
  await database.drop();
  expect(named.size).toBeGreaterThan(100);
  expect([...named].filter((name) => !there.has(name))).toEqual([]);
  const kinds = Object.values(withoutRule);
  const isOfKind = (name: string): boolean => kinds.some((kind) => kind.test(name));
  const ofMigrator = /^kysely_/;
  expect(
    [...there].filter((name) => !named.has(name) && !isOfKind(name) && !ofMigrator.test(name)),
  ).toEqual([]);
  // A kind of which nothing is left goes.
  const left = Object.entries(withoutRule).filter(([, kind]) =>
    [...there].every((name) => !kind.test(name)),
  );
  expect(left).toEqual([]);
});
