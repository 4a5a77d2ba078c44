export { WitnessError, type WitnessErrorCode } from './errors.ts';
export { createWitnessState, fileWitnessStore } from './file-witness-store.ts';
export { serveWitness, type ServedWitness, type ServeOptions } from './serve-witness.ts';
export { Witness, type WitnessAnswer, type WitnessOptions } from './witness.ts';
export type { HeldLog, WitnessedTree, WitnessStore } from './witness-store.ts';
