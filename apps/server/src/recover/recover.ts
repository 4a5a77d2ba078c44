import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  LedgerFault,
  recoverLedger,
  RecoveryRefusal,
  Vault,
  type LogCopy,
  type RecoveryResult,
  type LedgerFaultCode,
  type RecoveryRefusalCode,
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
import { ServedCopy } from './served-copy.ts';

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
        vault: new Vault(keys.vaultKey),
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

/** Says what was recovered, and what is left for people to do. Counts alone: what they count is in the log. */
function reportLines({ from, to, counts, losses }: RecoveryResult): string[] {
  const { submissionsLost, recallsLost, suspended, keysLeft } = counts;
  return [
    `The log is whole again: it had ${from} entries, and has ${to}.`,
    `Done again: ${counts.ended} ends, ${counts.recalls} recalls (${counts.acknowledged} of them acknowledged), ${counts.told} disclosures, ${counts.erased} erasures, ${counts.keysRevoked} revocations, ${counts.keysAdded} keys, ${counts.parties} changes of parties.`,
    ...(suspended > 0
      ? [`${suspended} sanctions stay suspended until somebody has looked at them.`]
      : []),
    ...(submissionsLost > 0
      ? [
          `${submissionsLost} submissions, and ${recallsLost} recalls of them, are lost: ask the members to submit again what they still stand by.`,
        ]
      : []),
    ...(keysLeft > 0
      ? [`${keysLeft} keys could not be added again: their parties enrol them anew.`]
      : []),
    ...(losses > 0
      ? [
          `${losses} differences between tables and log stay, since the log does not tell more. They are remembered, and the doctor reports none of them again.`,
        ]
      : []),
    'Start the server: it logs that it was restored, and signs on.',
  ];
}

const refusalTexts: Partial<Record<LedgerFaultCode | RecoveryRefusalCode, string>> = {
  'checkpoint-missing':
    'No checkpoint is kept in the data directory, so nothing says where the log ends: put the newest checkpoint that anybody has of this log there, as the file "checkpoint". Members and witnesses keep them.',
  'checkpoint-invalid':
    'The checkpoint in the data directory was not signed by this log key: restore the data directory and the keys that belong together.',
  'copy-incomplete':
    'The copy lacks files of the log: take another one, or complete it, and run the same command again.',
  'copy-of-another-log':
    'The copy is not of this log: its checkpoint was not signed by this log key. Take another one.',
  'copy-short':
    'The copy ends too early: the log was signed further than it goes. Take a newer one.',
  'copy-damaged':
    'Files of the copy are not those that were signed: take another one, and run the same command again; it goes on where it stopped.',
  'copy-forked':
    'The copy and the checkpoint in the data directory contradict each other, and the log key signed both: the log was forked before. Keep both, sign nothing, and tell the members.',
  'database-forked':
    'The database has entries that the signed log has not, so it cannot be brought up to date: restore a copy of it that was made before the log was forked.',
  'not-needed': 'The database has all of the log that this copy has: there is nothing to recover.',
  busy: 'Another server or another recovery moves the log: stop it, and run the same command again.',
};

/** Next step of an operator after a refusal. */
const whyRefused = (code: LedgerFaultCode | RecoveryRefusalCode): string =>
  refusalTexts[code] ??
  'The ledger in the database is damaged: restore a copy of the database that was made before.';
