import { named, type RetentionRule } from './retained.ts';

const published = { form: 'clear; what every member is given', life: 'sets' } as const;

/** What is kept of the prefix sets. In the clear is nothing but what is published. */
export const ofPrefixes: readonly RetentionRule[] = [
  {
    table: 'prefix_changes',
    columns: named('seq sanction'),
    why: 'which records the sets have to look at',
    form: 'opaque ids',
    life: 'folded',
  },
  {
    table: 'listed_subjects',
    columns: named('sanction position epoch masked until'),
    why: 'what of a record is counted in a set, so that it is taken out again',
    form: '32 bits of the token, masked by a key outside the database',
    life: 'listed',
  },
  {
    table: 'prefix_counts',
    columns: named('epoch prefix n'),
    why: 'how many tokens share a prefix: it stays in the set until the last of them has ended',
    form: 'clear: the prefixes of the newest set, of no record',
    life: 'listed',
  },
  {
    table: 'prefix_sets',
    columns: named('epoch version bits tokens as_of'),
    why: 'which version of a set is the newest',
    form: 'counts; no creator',
    life: 'operation',
  },
  {
    table: 'prefix_turn',
    columns: named('singleton folded_at'),
    why: 'lets one server at a time publish',
    form: 'an instant',
    life: 'operation',
  },
  {
    table: 'prefix_versions',
    columns: named('epoch version bits size checksum header as_of added removed'),
    why: 'what changed from version to version',
    ...published,
  },
  {
    table: 'prefix_snapshots',
    columns: named('epoch version sha256 bytes at'),
    why: 'the whole set',
    ...published,
  },
];
