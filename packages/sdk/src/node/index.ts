export { fileLedgerStore } from './file-ledger.ts';
export { exposureOf, readOwnerFile, type OwnerFileFault } from './owner-file.ts';
export {
  fileJournal,
  fileOutbox,
  filePins,
  fileSealingKeys,
  fileSets,
  fileSource,
  type FileOutbox,
} from './files.ts';
