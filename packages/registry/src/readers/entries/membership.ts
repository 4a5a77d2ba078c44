import { hashText, toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Objections to registrations. */
export const objections: Kind = {
  table: 'objections',
  said: {
    'party-objected': ({ party, by, ground, group }) =>
      group === undefined ? logged('objection', party, by, ground) : [],
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ party: string; by: string; ground: string }>(
      db,
      sql`select party, by_party as by, ground from objections`,
    );
    for await (const { party, by, ground } of rows) {
      yield { id: `${party} ${by}`, keys: [says('objection', party, by, ground)] };
    }
  },
};

/** New first keys of platforms: announced, and stopped. That one was enrolled is in its key. */
export const reenrolments: Kind = {
  table: 'reenrolments',
  said: {
    'party-reenrol-announced': ({ party, invite, effectiveAt }) =>
      logged('reenrolment', party, invite, effectiveAt),
    'party-reenrol-stopped': ({ party, invite, by }) =>
      logged('reenrolment-stopped', party, invite, by),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ party: string; invite: string; effective: Date; by: string | null }>(
      db,
      sql`select party, invite, effective_at as effective, stopped_by as by from reenrolments`,
    );
    for await (const { party, invite, effective, by } of rows) {
      const announced = says('reenrolment', party, invite, effective.toISOString());
      const stopped = by === null ? [] : [says('reenrolment-stopped', party, invite, by)];
      yield { id: invite, keys: [announced, ...stopped] };
    }
  },
};

/** Decisions of the panel about registrations, and from when each admitted party is active. */
export const admissions: Kind = {
  table: 'admissions',
  said: {
    'party-admitted': ({ party, item, activeFrom, probationUntil }) =>
      logged('active', party, item, activeFrom, probationUntil),
    'panel-closed': ({ party, item, kind, outcome }) =>
      kind === 'admission' ? logged('decided on', party, item, outcome) : [],
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      party: string;
      item: string;
      outcome: string;
      active_from: Date | null;
      probation_until: Date | null;
    }>(
      db,
      sql`select a.party, a.item, a.outcome, p.active_from, p.probation_until
        from admissions a join parties p on p.id = a.party`,
    );
    for await (const { party, item, outcome, active_from, probation_until } of rows) {
      const isAdmitted = outcome === 'admitted';
      const keys = [says('decided on', party, item, isAdmitted ? 'admit' : 'refuse')];
      if (isAdmitted) {
        const from = active_from?.toISOString();
        keys.push(says('active', party, item, from, probation_until?.toISOString()));
      }
      yield { id: party, keys };
    }
  },
};

/** Demands of authorities; one whose day has not come is in no entry. */
export const demands: Kind = {
  table: 'authority_demands',
  said: {
    'authority-demand': ({ id, party, kind, quarter, received, complied, refused }) =>
      logged('demand', id, party, kind, quarter, received, complied, refused),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      id: string;
      party: string;
      kind: string;
      quarter: string;
      received: number;
      complied: number;
      refused: number;
    }>(
      db,
      sql`select id, party, kind, quarter, received, complied, refused from authority_demands
        where logged`,
    );
    for await (const { id, party, kind, quarter, received, complied, refused } of rows) {
      const key = says('demand', id, party, kind, quarter, received, complied, refused);
      yield { id, keys: [key] };
    }
  },
};

/** Quarterly statements, as they were signed. */
export const attestations: Kind = {
  table: 'attestations',
  said: {
    'authority-attested': ({ party, quarter, demands: count, statement }) =>
      logged('attested', party, quarter, count, hashText(statement)),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ party: string; quarter: string; demands: number; statement: string }>(
      db,
      sql`select party, quarter, demands, statement from attestations`,
    );
    for await (const { party, quarter, demands: count, statement } of rows) {
      const key = says('attested', party, quarter, count, hashText(statement));
      yield { id: `${party} ${quarter}`, keys: [key] };
    }
  },
};

/** Orders that were executed. What each was about is in its end or suspension. */
export const orders: Kind = {
  table: 'orders',
  said: {
    'order-executed': ({ proposal, effect, body, date, reference }) =>
      logged('order', proposal, effect, body, date, reference),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      proposal: string;
      effect: string;
      body: string;
      dated: Date;
      reference: string;
    }>(db, sql`select proposal, effect, body, dated, reference from orders`);
    for await (const { proposal, effect, body, dated, reference } of rows) {
      const key = says('order', proposal, effect, body, toTimestamp(dated), reference);
      yield { id: proposal, keys: [key] };
    }
  },
};
