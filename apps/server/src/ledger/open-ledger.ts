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
import { Witnessing, type Disagreement, type PostToWitness } from './witnessing.ts';

interface Opening {
  readonly config: Pick<ServerConfig, 'dataDir' | 'role'>;
  readonly services: Services;
  readonly signer: NoteSigner;
  readonly post: PostToWitness;
  readonly log: Log;
}

/** What goes on behind the ledger while a server runs. */
export interface OpenLedger {
  start(): void;
  stop(): Promise<void>;
}

/**
 * Compares the ledger in the database with what was signed before, here, outside and by the witnesses' memory. Where
 * they differ nothing is sequenced or signed: the registry goes on with the list of recalls, events
 * and cases, and says what to do.
 */
export async function openLedger(opening: Opening): Promise<OpenLedger> {
  const { config, services, signer, post, log } = opening;
  const file = new CheckpointFile(checkpointPath(config.dataDir));
  const onFault = (fault: LedgerFault): void => explain(fault, opening);
  const onDisagreement = (fault: Disagreement): void => {
    if (services.ledger.fault) return;
    services.ledger.recover(fault);
    explainDisagreement(fault, log);
  };
  const watchesOnly = config.role === 'api';
  const witnessing = new Witnessing({ services, post, log, watchesOnly, onDisagreement });
  try {
    const outside = await file.read();
    await compareLedger(services.db, { signer, outside: outside === undefined ? [] : [outside] });
    await witnessing.compare();
  } catch (error) {
    if (!(error instanceof LedgerFault)) throw error;
    services.ledger.recover(error.code);
    onFault(error);
  }
  const onFailure = (error: unknown): void => log.fault('ledger', error);
  const work = new LedgerWork({ services, signer, file, watchesOnly, onFailure, onFault });
  const patrol = new LedgerPatrol({ services, onFailure, onFault });
  return {
    start: () => {
      work.start();
      patrol.start();
      witnessing.start();
    },
    stop: async () => {
      await patrol.stop();
      await work.stop();
      await witnessing.stop();
    },
  };
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
  { config, log }: Pick<Opening, 'config' | 'log'>,
): void {
  log.progress(
    `RECOVERING: the ledger in the database is not the one that was signed: ${whatHappened[code]} (${place === undefined ? code : `${code}, ${place}`}).`,
  );
  const answered =
    code === 'rolled-back' || code === 'recovery-unfinished'
      ? 'the list of recalls and events are answered; a case may have been erased since'
      : 'the list of recalls, events and cases are answered; an acknowledgement waits';
  log.progress(`Nothing is signed, and only ${answered}.`);
  log.progress(nextStep(code, checkpointPath(config.dataDir)));
}

/** What was signed is public, and others have it: an old copy of the database is brought up to date from theirs. */
const nextStep = (fault: LedgerFaultCode, kept: string): string =>
  fault === 'rolled-back' || fault === 'recovery-unfinished'
    ? `Stop this server and run: recourse-server recover --log <copy of the log>. A copy is a folder with the files of /ledger, or the URL of what serves them: a mirror, a CDN, what a member keeps. Any will do, since all of it is compared with what was signed; docs/recovery.md says how. A newer copy of the database is better still. Do not remove ${kept}.`
    : `Stop this server, restore the database that ${kept} belongs to, and start again; do not remove that file.`;

const whatTheySay: Readonly<Record<Disagreement, string>> = {
  'rolled-back': 'have cosigned a larger ledger than this database has: it is an old copy',
  forked: 'have cosigned another history than this database has',
};

function explainDisagreement(fault: Disagreement, log: Log): void {
  log.progress(
    `RECOVERING: so many witnesses ${whatTheySay[fault]} that their policy cannot be met (${fault}).`,
  );
  log.progress(
    'Nothing is signed, and only the list of recalls, events and cases are answered. Stop this server, restore the newest copy of the database, and start again. If this is the newest, ask the members whose witnesses disagree, named above, what they have cosigned: a lost data directory of a witness, or a second registry with this log key, shows itself so.',
  );
}
