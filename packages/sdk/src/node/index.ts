export { fileLedgerStore } from './file-ledger.ts';
export { fileOutbox, type FileOutbox } from './file-outbox.ts';
export { filePins } from './file-pins.ts';
export { fileSealingKeys } from './file-sealing-keys.ts';
export { fileSets } from './file-sets.ts';
export { fileSource } from './file-source.ts';
