import { hashText, toTimestamp, type EntryDetail } from '@recourse/protocol';
import { sql } from 'kysely';
import { logged, says, type Kind, type RowExpectation, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

type ClosedItem = EntryDetail<'panel-closed' | 'panel-answered'>;

const answered = ({ item, by, outcome }: ClosedItem): RowExpectation[] =>
  logged('answered', item, by, outcome ?? null);

const voted = ({ item, votes }: ClosedItem): RowExpectation[] =>
  votes.map((vote) => ({ key: says('voted', item, hashText(vote)) }));

/** What the panel was asked about parties, and what it decided. */
export const panelItems: Kind = {
  table: 'panel_items',
  said: {
    'panel-opened': ({ item, kind, party, about }, { at }) =>
      logged('asked', item, kind, party, about, at),
    'panel-asked': ({ item, kind, party }, { at }) =>
      logged('asked', item, kind, party, undefined, at),
    'panel-closed': answered,
    'panel-answered': answered,
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<ItemRow>(
      db,
      sql`select i.id, i.kind, i.party, i.about, i.sanction, i.opened_at, i.closed_by as by, i.outcome
        from panel_items i where i.sanction is null or ${cases.has('i.sanction')}`,
    );
    for await (const row of rows) {
      const { id, kind, party, about, opened_at, by, outcome } = row;
      const asked = says('asked', id, kind, party, about ?? undefined, toTimestamp(opened_at));
      const keys = [asked];
      if (by !== null) keys.push(says('answered', id, by, outcome));
      yield { id, keys, ...(row.sanction === null ? {} : { sanction: row.sanction }) };
    }
  },
};

interface ItemRow {
  readonly id: string;
  readonly kind: string;
  readonly party: string;
  readonly about: string | null;
  readonly sanction: string | null;
  readonly opened_at: Date;
  readonly by: string | null;
  readonly outcome: string | null;
}

/** The votes of items that are closed; before that no entry tells of one. */
export const panelVotes: Kind = {
  table: 'panel_votes',
  said: {
    'panel-closed': voted,
    'panel-answered': voted,
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<Vote>(
      db,
      sql`select v.item, v.holder, v.artefact, i.closed_at is not null as closed, i.sanction
        from panel_votes v join panel_items i on i.id = v.item
        where i.sanction is null or ${cases.has('i.sanction')}`,
    );
    for await (const { item, holder, artefact, closed, sanction } of rows) {
      const voted = says('voted', item, hashText(artefact));
      const keys = closed ? [voted] : [];
      yield { id: `${item} ${holder}`, keys, ...(sanction === null ? {} : { sanction }) };
    }
  },
};

interface Vote {
  readonly item: string;
  readonly holder: string;
  readonly artefact: string;
  readonly closed: boolean;
  readonly sanction: string | null;
}

/** Who says since when that which identifier of a record is somebody else's. */
export const challenges: Kind = {
  table: 'challenges',
  said: {
    'panel-asked': ({ item, kind, by, place, changedAt }) =>
      kind === 'challenge' ? logged('challenged', item, by, place, changedAt) : [],
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{
      item: string;
      sanction: string;
      by: string;
      place: number;
      changed_at: Date;
    }>(
      db,
      sql`select item, sanction, by_party as by, position as place, changed_at from challenges
        where ${cases.has('sanction')}`,
    );
    for await (const { item, sanction, by, place, changed_at } of rows) {
      const keys = [says('challenged', item, by, place, toTimestamp(changed_at))];
      yield { id: item, keys, sanction };
    }
  },
};

/** The newest warning of each party. */
export const warnings: Kind = {
  table: 'party_warnings',
  said: {
    'party-warned': ({ party, decided, reversed }, { at }) => [
      { key: says('warned', party, decided, reversed, at), instead: says('warned', party) },
    ],
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ party: string; decided: number; reversed: number; at: Date }>(
      db,
      sql`select party, decided, reversed, at from party_warnings`,
    );
    for await (const { party, decided, reversed, at } of rows) {
      yield { id: party, keys: [says('warned', party, decided, reversed, toTimestamp(at))] };
    }
  },
};

/** The causes that stand. An entry that names none is the operators'. */
export const partySuspensions: Kind = {
  table: 'party_suspensions',
  said: {
    'party-suspended': ({ party, what, cause = 'operators', item }) =>
      what === 'checks'
        ? []
        : [{ key: says('cause', party, cause, item), instead: says('cause', party, cause) }],
    'party-restored': ({ party, cause = 'operators' }) => [
      { instead: says('cause', party, cause) },
    ],
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ party: string; cause: string; item: string | null }>(
      db,
      sql`select party, cause, item from party_suspensions where lifted_at is null`,
    );
    for await (const { party, cause, item } of rows) {
      yield { id: `${party} ${cause}`, keys: [says('cause', party, cause, item ?? undefined)] };
    }
  },
};

/** What was drawn of each party in each quarter. */
export const inspectionDraws: Kind = {
  table: 'inspection_draws',
  said: {
    'inspections-drawn': ({ party, quarter, size, root }) =>
      logged('drawn', party, quarter, size, root),
  },
  rows: async function* (db): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ party: string; quarter: string; size: number; root: string }>(
      db,
      sql`select party, quarter, size::float8 as size, root from inspection_draws`,
    );
    for await (const { party, quarter, size, root } of rows) {
      yield { id: `${party} ${quarter}`, keys: [says('drawn', party, quarter, size, root)] };
    }
  },
};
