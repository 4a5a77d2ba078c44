import { isId } from '@recourse/protocol';
import { sql } from 'kysely';
import type { Db } from '../../database.ts';
import { says, type Kind, type ReadEntry, type SayingRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Entries that state the version a sanction had then, or that it got by them. */
const versioned = new Set([
  'sanction-visible',
  'sanction-suspended',
  'sanction-reinstated',
  'sanction-amended',
  'sanction-ended',
  'finding',
  'appeal-opened',
  'appeal-decided',
]);

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
  saidBy: ({ type, sanction, detail }: ReadEntry) => {
    // What happens in an inspection is no line of the history.
    if (type === 'claim' && isId('itm', detail['appeal'])) return [];
    if (versioned.has(type)) return [{ key: says(type, sanction, detail['version']) }];
    return [...plain.values()].includes(type) ? [{ key: says(type, sanction) }] : [];
  },
  rows: async function* (db: Db): AsyncGenerator<SayingRow> {
    const lines = readRows<Line>(
      db,
      sql`select e.sanction, e.position, e.version, e.event, e.cause from sanction_events e
        join sanctions s on s.id = e.sanction where s.submitted_at is not null
        order by e.sanction, e.position`,
    );
    let known: Known = { sanction: '', version: 1, isSuspended: false };
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
interface Known {
  readonly sanction: string;
  readonly version: number;
  readonly isSuspended: boolean;
}

const keyOf = (type: string, { sanction, version }: Line): string =>
  versioned.has(type) ? says(type, sanction, version) : says(type, sanction);

/** The type of its entry: every line that raises the version has one, and some that do not. */
function entryOf({ event, cause, version }: Line, known: Known): string | undefined {
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

function after({ sanction, version, event }: Line, known: Known): Known {
  const isSuspended =
    event === 'suspended' || (known.isSuspended && event !== 'reinstated' && event !== 'ended');
  return { sanction, version: Math.max(version, known.version), isSuspended };
}
