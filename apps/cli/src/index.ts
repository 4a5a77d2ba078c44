// For the demo, whose platforms work as the command line does: the same identities, import and evidence packs.
export { createContext } from './context.ts';
export { readEnvironment, type Environment } from './environment.ts';
export { bytesOfRows, openingsInJournal, type KeptOpenings } from './evidence/kept.ts';
export { packFile, readPack, writePack } from './evidence/pack.ts';
export { explain } from './explain.ts';
export { columns, type Column } from './import/columns.ts';
export { eachOf } from './import/each-of.ts';
export { importFile, type ImportOutcome } from './import/import-file.ts';
export { percentiles, type Percentiles } from './import/tally.ts';
export { connectAs, type Identity } from './profile/identity.ts';
export { sandboxIdentity, sandboxRegistry } from './profile/sandbox.ts';
