export { fileOutbox, type FileOutbox } from './file-outbox.ts';
export { filePins } from './file-pins.ts';
export { fileSource } from './file-source.ts';
