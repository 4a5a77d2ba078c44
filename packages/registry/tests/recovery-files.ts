import { tilePath, type TilePath } from '@recourse/ledger';
import type { LogCopy } from '@recourse/registry';

/** Files of a log by their paths. */
export type Files = ReadonlyMap<string, Uint8Array>;

export const copyOf = (files: Files): LogCopy => ({
  checkpoint: async () => files.get('checkpoint'),
  file: async (path: TilePath) => files.get(tilePath(path)),
});
