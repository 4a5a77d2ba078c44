export * from './entry.ts';
export * from './read.ts';
export { entryTable, type EntryDetail } from './table.ts';
export * from './types.ts';
