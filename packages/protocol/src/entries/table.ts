import type { z } from 'zod';
import { appealEntries } from './appeals.ts';
import type { About } from './define.ts';
import { disclosureEntries } from './disclosures.ts';
import { drawEntries, inspectionEntries } from './inspections.ts';
import { caseItemEntries, panelEntries } from './panel.ts';
import { authorityEntries, boundEntries, partyEntries } from './parties.ts';
import { keyEntries, reenrolmentEntries, reviewerEntries } from './people.ts';
import { recordEntries } from './records.ts';
import { registryEntries } from './registry.ts';

/**
 * Every type of entry but `calls`, with what its detail has: whoever writes an entry, and whoever reads one, does it by
 * this table.
 */
export const entryTable = {
  ...recordEntries,
  ...appealEntries,
  ...inspectionEntries,
  ...caseItemEntries,
  ...disclosureEntries,
  ...keyEntries,
  ...partyEntries,
  ...reenrolmentEntries,
  ...reviewerEntries,
  ...boundEntries,
  ...authorityEntries,
  ...panelEntries,
  ...drawEntries,
  ...registryEntries,
};

type Table = typeof entryTable;
/** A type of entry that has a detail */
export type EntryType = keyof Table;
type TypeAbout<A extends About> = {
  [T in EntryType]: Table[T]['about'] extends A ? T : never;
}[EntryType];
export type SanctionEntryType = TypeAbout<'sanction'>;
export type PairEntryType = TypeAbout<'disclosure'>;
export type PublicEntryType = TypeAbout<'public'>;

/** What the detail of a type of entry says. */
export type EntryDetail<T extends EntryType> = Named<z.output<Table[T]['detail']>>;
/** Without the members that a later version may add: what is written is in the table. */
type Named<D> = { [K in keyof D as string extends K ? never : K]: D[K] };

/** Every type in the order of the table. */
export const entryTypes = Object.keys(entryTable) as EntryType[];

const typesAbout = <A extends About>(about: A): TypeAbout<A>[] =>
  entryTypes.filter((type): type is TypeAbout<A> => entryTable[type].about === about);

/** Entries about a sanction: `ref` hides which, `digest` commits to the detail (protocol, section 7). */
export const sanctionEntryTypes = typesAbout('sanction');
/** Entries about one disclosure: `pair` hides sanction and platform, and carries no `ref`. */
export const pairEntryTypes = typesAbout('disclosure');
/** Entries that anyone may read whole. */
export const publicEntryTypes = typesAbout('public');
