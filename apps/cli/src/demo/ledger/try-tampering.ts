import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodeVerifierKey } from '@recourse/ledger';
import { readAhead } from '../../ledger/read-ahead.ts';
import type { StartedRegistry } from '../started-registry.ts';
import type { Steps } from '../steps.ts';
import { heldLog } from './held-log.ts';
import { serveCopies } from './serve-copies.ts';
import { tamperings, type Tampering } from './tamperings.ts';
import { verifyCopy } from './verify-copy.ts';

/** Each reads in a process of its own. */
const readersAtOnce = 2;

/**
 * Each way to tamper with the log, tried on a copy of its files by somebody who has its key; `recourse ledger verify` reads
 * the copy, and the one that nobody touched.
 */
export async function tryTampering(
  registry: StartedRegistry,
  dir: string,
  steps: Steps,
): Promise<void> {
  const log = await heldLog(registry);
  const key = encodeVerifierKey(log.signer.key);
  steps.tell(`\nWhoever has the log key tampers with the ledger, ${log.entries.length} entries`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const host = await serveCopies();
  const verify = (url: string, state: string): Promise<string> =>
    verifyCopy({ url, origin: log.origin, key, state });
  const seen = join(dir, 'seen.json');
  const tried = async (tampering: Tampering, place: number): Promise<string> => {
    const state = join(dir, `${place}.json`);
    if (tampering.seen) copyFileSync(seen, state);
    return verify(host.add(await tampering.tamper(log)), state);
  };
  try {
    const untouched = await verify(host.add(log.files), seen);
    steps.check('a copy that nobody touched', untouched === 'verified', untouched);
    const codes = readAhead(tamperings.entries(), {
      depth: readersAtOnce,
      read: async ([place, tampering]) => ({ ...tampering, code: await tried(tampering, place) }),
    });
    for await (const { what, expected, code } of codes) steps.check(what, code === expected, code);
  } finally {
    await host.close();
  }
}
