export * from './entry.ts';
export * from './read.ts';
export {
  entryTable,
  entryTypes,
  pairEntryTypes,
  publicEntryTypes,
  sanctionEntryTypes,
  type EntryDetail,
  type EntryType,
  type PairEntryType,
  type PublicEntryType,
  type SanctionEntryType,
} from './table.ts';
