export { fileLedgerStore } from './file-ledger.ts';
export {
  fileJournal,
  fileOutbox,
  filePins,
  fileSealingKeys,
  fileSets,
  fileSource,
  type FileOutbox,
} from './files.ts';
