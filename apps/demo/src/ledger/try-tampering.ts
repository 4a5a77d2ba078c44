import { setTimeout as delay } from 'node:timers/promises';
import type { StartedRegistry } from '../started-registry.ts';
import type { Steps } from '../steps.ts';
import { heldLog, type HeldLog } from './held-log.ts';
import { serveCopies, type CopyHost } from './serve-copies.ts';
import { tamperings } from './tamperings.ts';
import { verifyCopy, type Verification } from './verify-copy.ts';

/**
 * Each way to tamper with the log, tried on a copy of its files by somebody who has its key; a reader verifies the copy, and
 * the one that nobody touched.
 */
export async function tryTampering(registry: StartedRegistry, steps: Steps): Promise<void> {
  const host = await serveCopies();
  try {
    const { log, code: untouched, state } = await caughtUp(registry, host);
    steps.tell(`\nWhoever has the log key tampers with the ledger, ${log.entries.length} entries`);
    steps.check('a copy that nobody touched', untouched === 'verified', untouched);
    for (const { what, expected, seen, tamper } of tamperings) {
      const url = host.add(await tamper(log));
      const { code } = await verifyCopy(log, { url, seen: seen ? state : {} });
      steps.check(what, code === expected, code);
    }
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
async function caughtUp(
  registry: StartedRegistry,
  host: CopyHost,
): Promise<Verification & { log: HeldLog }> {
  for (let look = 1; ; look++) {
    const log = await heldLog(registry);
    const verification = await verifyCopy(log, { url: host.add(log.files), seen: {} });
    if (verification.code !== 'recall-neglected' || look === looks) return { log, ...verification };
    await delay(lookEveryMs);
  }
}
