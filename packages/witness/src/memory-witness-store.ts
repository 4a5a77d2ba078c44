import { serialised } from './serialised.ts';
import type { WitnessedTree, WitnessStore } from './witness-store.ts';

/** Forgets when the process ends: for tests. */
export function memoryWitnessStore(): WitnessStore {
  const trees = new Map<string, WitnessedTree>();
  return serialised({
    latest: (origin) => trees.get(origin),
    record: (origin, tree) => {
      trees.set(origin, tree);
      return Promise.resolve();
    },
    release: () => undefined,
  });
}
