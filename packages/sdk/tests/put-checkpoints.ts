// Run twice by file-ledger.test.ts: puts every second size, in no order, where another process puts the others.
import { fileLedgerStore } from '../src/node/index.ts';

const [, , directory = '', first = ''] = process.argv;
const store = fileLedgerStore(directory);
for (let size = Number(first); size <= 200; size += 2) {
  await store.put({ size, note: String(size) });
  if (size > 20) await store.put({ size: size - 20, note: String(size - 20) });
}
