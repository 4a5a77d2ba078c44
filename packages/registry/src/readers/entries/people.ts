import { hashText, thumbprint, toTimestamp, type PublicJwk } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Keys, as they were added and as they were revoked last. */
export const keys: Kind = {
  table: 'keys',
  said: {
    'key-added': ({ kid, party, holder, role, admin, position, statement }) =>
      logged('added', kid, party, holder, role, admin, position, hashText(statement)),
    // What was retired may turn out to have been stolen.
    'key-revoked': ({ kid, why, since }) => [
      { key: says('revoked', kid, why, since ?? null), instead: says('revoked', kid) },
    ],
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      kid: string;
      party: string;
      holder: string;
      role: string;
      admin: boolean;
      position: number;
      statement: string;
      why: string | null;
      since: Date | null;
      jwk: PublicJwk;
    }>(
      db,
      sql`select kid, party, holder, role, admin, position, statement, revoked_why as why,
        compromised_since as since, jwk from keys`,
    );
    for await (const { kid, statement, why, since, jwk, ...row } of rows) {
      const { party, holder, role, admin, position } = row;
      const stated = hashText(statement);
      const added = says('added', kid, party, holder, role, admin, position, stated);
      const revoked = says('revoked', kid, why, since && toTimestamp(since));
      const keys = why === null ? [added] : [added, revoked];
      // A key is named by its thumbprint: another one under that name is in no entry.
      yield { id: kid, keys: thumbprint(jwk) === kid ? keys : [...keys, says('jwk', kid)] };
    }
  },
};

/** Reviewers, with their terms, languages and opt-outs. Holders of other parties are named by their keys alone. */
export const reviewers: Kind = {
  table: 'holders',
  said: {
    'reviewer-added': ({ holder, termUntil, languages = [], optOut = [] }) =>
      logged('reviewer', holder, termUntil, languages, optOut),
    'reviewer-removed': ({ holder }) => logged('removed', holder),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      id: string;
      until: Date | null;
      languages: string[];
      optOut: string[];
      removed: boolean;
    }>(
      db,
      sql`select id, term_until as until, languages, opt_out as "optOut",
        removed_at is not null as removed from holders
        where party = 'panel'`,
    );
    for await (const { id, until, languages, optOut, removed } of rows) {
      const added = says('reviewer', id, until && toTimestamp(until), languages, optOut);
      yield { id, keys: removed ? [added, says('removed', id)] : [added] };
    }
  },
};

/** For whom a reviewer may not judge. */
export const affiliations: Kind = {
  table: 'affiliations',
  said: {
    'reviewer-added': ({ holder, affiliations: list }) =>
      list.map(({ party, until }) => ({ key: says('affiliated', holder, party, until) })),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ holder: string; party: string; until: Date | null }>(
      db,
      sql`select holder, party, until from affiliations`,
    );
    for await (const { holder, party, until } of rows) {
      const key = says('affiliated', holder, party, until && toTimestamp(until));
      yield { id: `${holder} ${party}`, keys: [key] };
    }
  },
};

/** Countersignatures: who signed for a reviewer. */
export const countersignatures: Kind = {
  table: 'countersignatures',
  said: {
    'reviewer-added': ({ holder, countersignatures: list = [] }) =>
      list.map(({ by, statement }) => ({
        key: says('countersigned', holder, by, hashText(statement)),
      })),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ holder: string; by: string; statement: string }>(
      db,
      sql`select holder, by_holder as by, statement from countersignatures`,
    );
    for await (const { holder, by, statement } of rows) {
      const key = says('countersigned', holder, by, hashText(statement));
      yield { id: `${holder} ${by}`, keys: [key] };
    }
  },
};

/** The registry's own keys, and its first epoch. */
export const facts: Kind = {
  table: 'registry_facts',
  said: {
    'registry-key': ({ use, kid, statement }) =>
      logged('registry-key', `registry-key:${use}:${kid}`, statement),
    'oprf-epoch': ({ epoch, publicKey, opensAt }) =>
      epoch === 1
        ? [
            { key: says('oprf-epoch', `oprf-key:${epoch}`, publicKey) },
            { key: says('oprf-epoch', `oprf-opens-at:${epoch}`, opensAt) },
          ]
        : [],
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ name: string; value: string }>(
      db,
      sql`select name, value from registry_facts
        where name ~ '^(registry-key|oprf-key|oprf-opens-at):'`,
    );
    for await (const { name, value } of rows) {
      const about = name.startsWith('registry-key:') ? 'registry-key' : 'oprf-epoch';
      yield { id: name, keys: [says(about, name, value)] };
    }
  },
};
