import { fileWitnessStore } from '../src/index.ts';

// Holds a state until it is killed.
fileWitnessStore(process.argv[2] ?? '');
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
