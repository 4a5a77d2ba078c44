import { isId, type EntryType } from '@recourse/protocol';
import { sql } from 'kysely';
import {
  logged,
  says,
  type Kind,
  type ReadEntry,
  type RowExpectation,
  type ComparedRow,
} from './comparison.ts';
import { readRows } from './read-rows.ts';

const of =
  (type: EntryType) =>
  (_: unknown, { sanction }: ReadEntry): RowExpectation[] =>
    logged(type, sanction);

const versioned =
  (type: EntryType) =>
  ({ version }: { version: number }, { sanction }: ReadEntry): RowExpectation[] =>
    logged(type, sanction, version);

/** Entries that state the version a sanction had then, or that it got by them. */
const ofVersions = {
  'sanction-visible': versioned('sanction-visible'),
  'sanction-suspended': versioned('sanction-suspended'),
  'sanction-reinstated': versioned('sanction-reinstated'),
  'sanction-amended': versioned('sanction-amended'),
  'sanction-ended': versioned('sanction-ended'),
  finding: versioned('finding'),
  'appeal-opened': versioned('appeal-opened'),
  'appeal-decided': versioned('appeal-decided'),
};

/** Lines that have an entry whichever version they are of. */
const plain = new Map([
  ['submitted', 'sanction-submitted'],
  ['notice-delivered', 'notice-delivered'],
  ['notice-undelivered', 'notice-delivered'],
  ['notice-stated', 'notice-stated'],
  ['reviewer-claimed', 'claim'],
  ['withdrawal-asked', 'appeal-withdrawal'],
  ['appeal-kept', 'appeal-withdrawal'],
  ['subject-erased', 'subject-erased'],
  ['echo-review', 'echo-review'],
  ['echo-confirmed', 'echo-confirmed'],
]);

/** The histories of sanctions, line by line. Lines that no platform and no creator acts on have no entry. */
export const history: Kind = {
  table: 'sanction_events',
  said: {
    ...ofVersions,
    'sanction-submitted': of('sanction-submitted'),
    'notice-delivered': of('notice-delivered'),
    'notice-stated': of('notice-stated'),
    // What happens in an inspection is no line of the history.
    claim: ({ appeal }, { sanction }) => (isId('itm', appeal) ? [] : logged('claim', sanction)),
    'appeal-withdrawal': of('appeal-withdrawal'),
    'subject-erased': of('subject-erased'),
    'echo-review': of('echo-review'),
    'echo-confirmed': of('echo-confirmed'),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const lines = readRows<Line>(
      db,
      sql`select e.sanction, e.position, e.version, e.event, e.cause from sanction_events e
        join sanctions s on s.id = e.sanction where s.submitted_at is not null and ${cases.has('e.sanction')}
        order by e.sanction, e.position`,
    );
    let known: KnownHistory = { sanction: '', version: 1, isSuspended: false };
    for await (const line of lines) {
      const { sanction, position } = line;
      if (sanction !== known.sanction) known = { sanction, version: 1, isSuspended: false };
      const type = entryOf(line, known);
      const id = `${sanction} ${position}`;
      const keys = type === undefined ? [] : [keyOf(type, line)];
      yield { id, keys, sanction };
      known = after(line, known);
    }
  },
};

interface Line {
  readonly sanction: string;
  readonly position: number;
  readonly version: number;
  readonly event: string;
  readonly cause: string | null;
}

/** A sanction as its lines so far left it. */
interface KnownHistory {
  readonly sanction: string;
  readonly version: number;
  readonly isSuspended: boolean;
}

const keyOf = (type: string, { sanction, version }: Line): string =>
  Object.hasOwn(ofVersions, type) ? says(type, sanction, version) : says(type, sanction);

/** The type of its entry: every line that raises the version has one, and some that do not. */
function entryOf({ event, cause, version }: Line, known: KnownHistory): string | undefined {
  if (version > known.version) return transition(event);
  if (event === 'visible') return 'sanction-visible';
  if (event === 'ended' && cause === 'expired') return 'sanction-ended';
  if (event === 'appeal-decided') return 'appeal-decided';
  // Another cause beside the first changes nothing for anybody who was told; without a first there is none beside it.
  if (event === 'suspended' && !known.isSuspended) return 'sanction-suspended';
  return plain.get(event);
}

function transition(event: string): string {
  if (event === 'finding' || event === 'appeal-opened') return event;
  return event.startsWith('appeal-') ? 'appeal-decided' : `sanction-${event}`;
}

function after({ sanction, version, event }: Line, known: KnownHistory): KnownHistory {
  const isSuspended =
    event === 'suspended' || (known.isSuspended && event !== 'reinstated' && event !== 'ended');
  return { sanction, version: Math.max(version, known.version), isSuspended };
}
