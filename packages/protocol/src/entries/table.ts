import type { z } from 'zod';
import { appealEntries } from './appeals.ts';
import type { About, EntryDefinition } from './define.ts';
import { disclosureEntries } from './disclosures.ts';
import { drawEntries, inspectionEntries } from './inspections.ts';
import { caseItemEntries, panelEntries } from './panel.ts';
import { authorityEntries, boundEntries, partyEntries } from './parties.ts';
import { keyEntries, reenrolmentEntries, reviewerEntries } from './people.ts';
import { recordEntries } from './records.ts';
import { registryEntries } from './registry.ts';
import type { EntryType, PairEntryType, PublicEntryType, SanctionEntryType } from './types.ts';

/**
 * Every type of entry but `calls`, with the schema of its detail. Writers and readers of entries all use this table.
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
} satisfies DefinitionsOf<'sanction', SanctionEntryType> &
  DefinitionsOf<'disclosure', PairEntryType> &
  DefinitionsOf<'public', PublicEntryType>;

/** Each of these types, with a definition that is about the same */
type DefinitionsOf<A extends About, T extends string> = Readonly<Record<T, EntryDefinition<A>>>;

type Table = typeof entryTable;

/** The detail of a type of entry. */
export type EntryDetail<T extends EntryType> = NamedMembers<z.output<Table[T]['detail']>>;
/** Without the members that a later version may add: what is written is in the table. */
type NamedMembers<D> = { [K in keyof D as string extends K ? never : K]: D[K] };
