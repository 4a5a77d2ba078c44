export { fileLedgerStore } from './file-ledger.ts';
export {
  fileOutbox,
  filePins,
  fileSealingKeys,
  fileSets,
  fileSource,
  type FileOutbox,
} from './files.ts';
