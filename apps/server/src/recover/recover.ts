import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  LedgerFault,
  nodeVerifier,
  reactions,
  recoverLedger,
  RecoveryRefusal,
  Vault,
  type LogCopy,
  type RecoveryResult,
} from '@recourse/registry';
import type { ServerConfig } from '../config/config.ts';
import { prepareDataDir } from '../data-dir.ts';
import { openDatabase } from '../database.ts';
import { ServerError } from '../errors.ts';
import { loadKeyMaterial } from '../keys/key-material.ts';
import { KeptCheckpoints } from '../ledger/kept-checkpoints.ts';
import { logNoteSigner } from '../ledger/log-signer.ts';
import type { Log } from '../log.ts';
import { SandboxClock } from '../sandbox/sandbox-clock.ts';
import { FolderCopy } from './folder-copy.ts';
import { reportLines } from './report.ts';
import { ServedCopy } from './served-copy.ts';
import { whyRefused } from './why-refused.ts';

/**
 * Brings a database that was restored from an old copy up to date with the log that was signed, from a copy of its
 * files. No server signs meanwhile; the next one that starts goes on.
 * @param source a folder, or the URL under which the files are served
 * @throws ServerError with the code of the refusal, or those of a start
 */
export async function recover(
  config: ServerConfig,
  source: string,
  log: Log,
): Promise<RecoveryResult> {
  prepareDataDir(config);
  // Nothing is invented here: the keys are those of the log, or there is nothing to recover with.
  const keys = await loadKeyMaterial({ ...config, mode: 'production', init: false });
  const database = await openDatabase(config, log, 'owner');
  try {
    const clock = config.mode === 'sandbox' && new SandboxClock(join(config.dataDir, 'clock.json'));
    const recovered = await recoverLedger({
      services: {
        db: database.db,
        origin: config.origin,
        clock: () => (clock ? clock.now() : new Date()),
        random: (size) => randomBytes(size),
        verify: nodeVerifier,
        vault: new Vault(keys.vaultKey),
        reactions,
        deadlines: config.deadlines,
      },
      log: logNoteSigner(keys.logSigner, config.origin).key,
      outside: await new KeptCheckpoints(config).read(),
      copy: copyAt(source),
    });
    for (const line of reportLines(recovered)) log.progress(line);
    return recovered;
  } catch (cause) {
    const isRefusal = cause instanceof RecoveryRefusal || cause instanceof LedgerFault;
    throw isRefusal ? new ServerError(cause.code, whyRefused(cause.code), { cause }) : cause;
  } finally {
    await database.close();
  }
}

/** What is served needs no encryption on its way: all of it is public, and every byte is compared with what was signed. */
const copyAt = (source: string): LogCopy =>
  /^https?:\/\//.test(source) ? new ServedCopy(source) : new FolderCopy(filesIn(source));

/** A mirror, and the folder that all servers share, have the files in `ledger`. */
function filesIn(folder: string): string {
  const inner = join(folder, 'ledger');
  return existsSync(join(inner, 'checkpoint')) ? inner : folder;
}
