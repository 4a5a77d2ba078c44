import { toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Early ends. An expiry has no row, and the end of a draft no entry. */
export const ends: Kind = {
  table: 'ends',
  said: {
    'sanction-ended': ({ kind, cause, by }, { sanction }) =>
      kind === 'expired' ? [] : logged('ended', sanction, kind, cause, by),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ sanction: string; kind: string; cause: string; by_party: string }>(
      db,
      sql`select e.sanction, e.kind, e.cause, e.by_party from ends e
        join sanctions s on s.id = e.sanction where s.submitted_at is not null and ${cases.has('e.sanction')}`,
    );
    for await (const { sanction, kind, cause, by_party } of rows) {
      yield { id: sanction, keys: [says('ended', sanction, kind, cause, by_party)], sanction };
    }
  },
};

/**
 * Causes of suspension, each with its line in the history. The first one suspends, and has an entry; those that come
 * beside it have a line alone.
 */
export const suspensions: Kind = {
  table: 'suspensions',
  said: {
    relief: ({ until }, { sanction }) => (until === null ? [] : logged('relief', sanction, until)),
    'sanction-suspended': ({ version, cause }, { sanction }) =>
      logged('suspended', sanction, version, cause),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      sanction: string;
      cause: string;
      since: Date;
      until: Date | null;
      version: number | null;
      first: boolean;
    }>(
      db,
      sql`select u.sanction, u.cause, u.since, u.until, e.version, e.version > coalesce((
          select max(b.version) from sanction_events b
          where b.sanction = e.sanction and b.position < e.position), 1) as first
        from suspensions u left join sanction_events e on e.sanction = u.sanction
          and e.event = 'suspended' and e.cause = u.cause and e.at = u.since
        where ${cases.has('u.sanction')}`,
    );
    for await (const { sanction, cause, since, until, version, first } of rows) {
      const keys = version === null || first ? [says('suspended', sanction, version, cause)] : [];
      // Granted because nobody decided in time, it has no end of its own and no entry but its suspension.
      if (cause === 'relief' && until) keys.push(says('relief', sanction, toTimestamp(until)));
      yield { id: `${sanction} ${cause} ${since.toISOString()}`, keys, sanction };
    }
  },
};
