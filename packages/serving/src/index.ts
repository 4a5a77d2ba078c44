export { isolation, readDesk } from './desk-files.ts';
export { listenOn, type Listening } from './listen-on.ts';
export { operationList, type ListedOperation } from './operation-list.ts';
export { readBody } from './read-body.ts';
export { ServedBytes, takesGzip, type ServedHeaders } from './served-bytes.ts';
