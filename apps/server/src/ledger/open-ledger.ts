import type { NoteSigner } from '@recourse/ledger';
import {
  compareLedger,
  LedgerFault,
  type LedgerFaultCode,
  type Services,
} from '@recourse/registry';
import type { ServerConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { CheckpointFile, checkpointPath } from './checkpoint-file.ts';
import { LedgerPatrol } from './ledger-patrol.ts';
import { LedgerWork } from './ledger-work.ts';

/**
 * Compares the ledger in the database with what was signed before, here and outside. Where they differ nothing is
 * sequenced or signed: the registry goes on with recalls, events and cases, and says what to do.
 */
export async function openLedger(of: {
  config: Pick<ServerConfig, 'dataDir'>;
  services: Services;
  signer: NoteSigner;
  log: Log;
}): Promise<OpenLedger> {
  const { config, services, signer, log } = of;
  const file = new CheckpointFile(checkpointPath(config.dataDir));
  const onFault = (fault: LedgerFault): void => explain(fault, { config, log });
  try {
    const outside = await file.read();
    await compareLedger(services.db, { signer, outside: outside === undefined ? [] : [outside] });
  } catch (error) {
    if (!(error instanceof LedgerFault)) throw error;
    services.ledger.recover(error.code);
    onFault(error);
  }
  const onFailure = (error: unknown): void => log.fault('ledger', error);
  const work = new LedgerWork({ services, signer, file, onFailure, onFault });
  const patrol = new LedgerPatrol({ services, onFailure, onFault });
  return {
    start: () => {
      work.start();
      patrol.start();
    },
    stop: async () => {
      await patrol.stop();
      await work.stop();
    },
  };
}

export interface OpenLedger {
  start(): void;
  /** Logs and signs what waits now */
  stop(): Promise<void>;
}

const whatHappened: Readonly<Record<LedgerFaultCode, string>> = {
  'tiles-differ': 'its tiles are not those of its own state: rows of it were changed or lost',
  'entries-differ': 'an entry of it is missing, or is not the one that was logged',
  'state-moved': 'its state was changed by something that is no server',
  'checkpoint-replaced': 'a checkpoint of it was not signed by the log key',
  'rolled-back': 'it ends before a checkpoint that was signed: this is an old copy of the database',
  'recovery-unfinished':
    'it was brought up to date from a copy, and what that says was not done everywhere yet',
  forked: 'it has another history than a checkpoint that was signed',
};

function explain(
  { code, place }: LedgerFault,
  { config, log }: { config: Pick<ServerConfig, 'dataDir'>; log: Log },
): void {
  log.progress(
    `RECOVERING: the ledger in the database is not the one that was signed: ${whatHappened[code]} (${place === undefined ? code : `${code}, ${place}`}).`,
  );
  log.progress('Nothing is signed, and only recalls, events and cases are answered.');
  log.progress(nextStep(code, checkpointPath(config.dataDir)));
}

/** What was signed is public, and others have it: an old copy of the database is brought up to date from theirs. */
const nextStep = (fault: LedgerFaultCode, kept: string): string =>
  fault === 'rolled-back' || fault === 'recovery-unfinished'
    ? `Stop this server and run: recourse-server recover --log <copy of the log>. A copy is a folder with the files of /ledger, or the URL of what serves them: a mirror, a CDN, what a member keeps. Any will do, since all of it is compared with what was signed; docs/recovery.md says how. A newer copy of the database is better still. Do not remove ${kept}.`
    : `Stop this server, restore the database that ${kept} belongs to, and start again; do not remove that file.`;
