import { hashText, jcs, toTimestamp, type Json } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type RowExpectation, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Parties as the log left them: directory entry, first key, bounds, suspensions, reasons. */
export const parties: Kind = {
  table: 'parties',
  said: {
    'party-registered': ({ party, registration }) =>
      newest('registration', party, registration.name, digest(registration)),
    'key-added': ({ party, kid, position }) =>
      position === 0 ? logged('enrolment_kid', party, kid) : [],
    limits: ({ party, submissionsPerDay, elementsPerDay }) => [
      ...(submissionsPerDay === undefined
        ? []
        : newest('submissions_per_day', party, submissionsPerDay)),
      ...(elementsPerDay === undefined ? [] : newest('elements_per_day', party, elementsPerDay)),
    ],
    taxonomy: ({ party, enabled }) => newest('enabled_reasons', party, enabled),
    'party-suspended': ({ party, what }) => [
      ...(what === 'checks' ? [] : newest('submissions_suspended', party)),
      ...(what === 'submissions' ? [] : newest('checks_stopped', party)),
    ],
    'party-left': ({ party }) => logged('left', party),
    // What another cause suspends stays so; a cause of the panel is one of submissions.
    'party-restored': ({ party, what, stands = [] }) => [
      ...(stands.length > 0 ? [] : [{ instead: says('submissions_suspended', party) }]),
      ...(what === 'submissions' ? [] : [{ instead: says('checks_stopped', party) }]),
    ],
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<PartyRow>(
      db,
      sql`select id, name, registration, enrolment_kid, submissions_suspended,
        checks_stopped, submissions_per_day, elements_per_day, enabled_reasons, left_at is not null as has_left
        from parties`,
    );
    for await (const row of rows) yield { id: row.id, keys: keysOf(row) };
  },
};

const newest = (about: string, party: string, ...values: readonly unknown[]): RowExpectation[] => [
  { key: says(about, party, ...values), instead: says(about, party) },
];

interface PartyRow {
  readonly id: string;
  readonly name: string;
  readonly registration: Json;
  readonly enrolment_kid: string | null;
  readonly submissions_suspended: boolean;
  readonly checks_stopped: boolean;
  readonly submissions_per_day: number | null;
  readonly elements_per_day: number | null;
  readonly enabled_reasons: readonly string[];
  readonly has_left: boolean;
}

function keysOf(row: PartyRow): string[] {
  const { id, name, registration } = row;
  return [
    // The panel and the operator are there from the first start, and are registered by nobody.
    registration === null ? [] : says('registration', id, name, digest(registration)),
    row.enrolment_kid === null ? [] : says('enrolment_kid', id, row.enrolment_kid),
    row.submissions_per_day === null
      ? []
      : says('submissions_per_day', id, row.submissions_per_day),
    row.elements_per_day === null ? [] : says('elements_per_day', id, row.elements_per_day),
    row.enabled_reasons.length === 0 ? [] : says('enabled_reasons', id, row.enabled_reasons),
    row.submissions_suspended ? says('submissions_suspended', id) : [],
    row.checks_stopped ? says('checks_stopped', id) : [],
    row.has_left ? says('left', id) : [],
  ].flat();
}

const digest = (json: unknown): string => hashText(jcs(json));

/** The group of each platform, and those that it left. */
export const partyGroups: Kind = {
  table: 'party_groups',
  said: {
    'party-objected': ({ party, by, group, item }) =>
      item === undefined ? [] : logged('objected-group', party, group, by, item),
    'party-registered': ({ party, registration: { group }, left }, { at }) => [
      ...newest('group', party, group),
      ...(left === undefined ? [] : logged('former-group', party, left, at)),
    ],
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<GroupRow>(
      db,
      sql`select party, group_name as "group", until, by_party as by, item from party_groups`,
    );
    for await (const row of rows) yield { id: `${row.party} ${row.group}`, keys: [groupKey(row)] };
  },
};

interface GroupRow {
  readonly party: string;
  readonly group: string;
  readonly until: Date | null;
  readonly by: string | null;
  readonly item: string | null;
}

function groupKey({ party, group, until, by, item }: GroupRow): string {
  if (item !== null) return says('objected-group', party, group, by, item);
  return until === null
    ? says('group', party, group)
    : says('former-group', party, group, toTimestamp(until));
}

/** First calls of two. That of a registration is public; what others proposed is when it was executed. */
export const proposals: Kind = {
  table: 'proposals',
  said: {
    'party-proposed': (_, { at }) => logged('proposed', at),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ id: string; proposed_at: Date }>(
      db,
      sql`select id, proposed_at from proposals where op = 'platforms.register'`,
    );
    for await (const { id, proposed_at } of rows) {
      yield { id, keys: [says('proposed', toTimestamp(proposed_at))] };
    }
  },
};
