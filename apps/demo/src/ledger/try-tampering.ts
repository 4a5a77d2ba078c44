import { setTimeout as delay } from 'node:timers/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { freePort } from '@recourse/server/embedded-postgres';
import { unwitnessed } from '@recourse/ledger';
import { type LedgerState, LogSource, VerifyError, verifyLedger } from '@recourse/verify';
import type { StartedRegistry } from '../started-registry.ts';
import type { Steps } from '../steps.ts';
import { heldLog, type HeldLog } from './held-log.ts';
import { tamperings } from './tamperings.ts';
import type { LogFiles } from './log-copy.ts';

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

/** A static host of logs, on loopback. */
export interface CopyHost {
  /** Serves these files from now on. @returns where: the part of the URL before `/ledger/` */
  add(files: LogFiles): string;
  close(): Promise<void>;
}

export async function serveCopies(): Promise<CopyHost> {
  const copies: LogFiles[] = [];
  const server = createServer(({ url = '' }, response) => {
    const [, copy, path = ''] = /^\/(\d+)\/ledger\/(.+)$/.exec(url) ?? [];
    const bytes = copies[Number(copy)]?.get(path);
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    add: (files) => `http://127.0.0.1:${port}/${copies.push(files) - 1}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export interface Verification {
  /** `verified`, or the code of what was found */
  readonly code: string;
  /** All that was found */
  readonly issues: VerifyError['issues'];
  /** State that the reader keeps */
  readonly state: LedgerState;
}

/** Verifies a copy as anybody can who knows origin and key of the log. */
export async function verifyCopy(
  { origin, signer }: Pick<HeldLog, 'origin' | 'signer'>,
  { url, seen }: { url: string; seen: LedgerState },
): Promise<Verification> {
  let state = seen;
  try {
    await verifyLedger({
      log: { origin, policy: unwitnessed(signer.key) },
      source: new LogSource(url),
      state,
      save: (next) => {
        state = next;
      },
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    return { code: 'verified', issues: [], state };
  } catch (error) {
    if (error instanceof VerifyError) return { code: error.code, issues: error.issues, state };
    throw error;
  }
}
