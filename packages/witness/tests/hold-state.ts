import { fileWitnessStore } from '../src/index.ts';

// Holds a state until it is killed, and refers to it nowhere. Run with --expose-gc.
fileWitnessStore(process.argv[2] ?? '');
for (let round = 0; round < 3; round++) {
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
}
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
