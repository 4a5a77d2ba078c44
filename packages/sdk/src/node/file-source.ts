import { createReadStream } from 'node:fs';

/** Evidence from a file, streamed: `{ class: 'payment-records', source: fileSource('export.csv') }`. */
export const fileSource = (path: string): AsyncIterable<Uint8Array> => createReadStream(path);
