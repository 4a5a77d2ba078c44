import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeVerifierKey } from '@recourse/ledger';
import { readAhead } from '../../ledger/read-ahead.ts';
import type { StartedRegistry } from '../started-registry.ts';
import type { Steps } from '../steps.ts';
import { heldLog, type HeldLog } from './held-log.ts';
import { serveCopies, type CopyHost } from './serve-copies.ts';
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
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const host = await serveCopies();
  const seen = join(dir, 'seen.json');
  try {
    const { log, code: untouched } = await caughtUp({ registry, host, seen });
    steps.tell(`\nWhoever has the log key tampers with the ledger, ${log.entries.length} entries`);
    steps.check('a copy that nobody touched', untouched === 'verified', untouched);
    const tried = async ({ seen: isSeen, tamper }: Tampering, place: number): Promise<string> => {
      const state = join(dir, `${place}.json`);
      if (isSeen) copyFileSync(seen, state);
      return verifyAt(log, { url: host.add(await tamper(log)), state });
    };
    const codes = readAhead(tamperings.entries(), {
      depth: readersAtOnce,
      read: async ([place, tampering]) => ({ ...tampering, code: await tried(tampering, place) }),
    });
    for await (const { what, expected, code } of codes) steps.check(what, code === expected, code);
  } finally {
    await host.close();
  }
}

const looks = 30;
const lookEveryMs = 2_000;

/**
 * The log, once a reader finds nothing neglected in it. The clock of the demo leaps by weeks, and a registry writes down
 * what fell due meanwhile in the seconds after.
 */
async function caughtUp(of: {
  registry: StartedRegistry;
  host: CopyHost;
  seen: string;
}): Promise<{ log: HeldLog; code: string }> {
  const { registry, host, seen: state } = of;
  for (let look = 1; ; look++) {
    const log = await heldLog(registry);
    const code = await verifyAt(log, { url: host.add(log.files), state });
    if (code !== 'recall-neglected' || look === looks) return { log, code };
    rmSync(state, { force: true });
    await delay(lookEveryMs);
  }
}

const verifyAt = (
  { origin, signer }: HeldLog,
  of: { url: string; state: string },
): Promise<string> => verifyCopy({ ...of, origin, key: encodeVerifierKey(signer.key) });
