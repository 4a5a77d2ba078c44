export { readDesk } from './desk-files.ts';
export { isolation } from './isolation.ts';
export { listenOn, type Listening } from './listen-on.ts';
export { operationList, type ListedOperation } from './operation-list.ts';
export { readBody } from './read-body.ts';
export { ServedBytes, type ServedHeaders } from './served-bytes.ts';
export { takesGzip } from './takes-gzip.ts';
