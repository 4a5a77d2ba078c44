import type { NoteSigner } from '@recourse/ledger';
import {
  compareLedger,
  LedgerFault,
  newestCheckpoint,
  type LedgerFaultCode,
  type Services,
} from '@recourse/registry';
import type { ServerConfig } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import type { Log } from '../log.ts';
import { sayOnTurn } from '../say-on-turn.ts';
import { openKeptCheckpoints } from './kept-checkpoints.ts';
import { LedgerPatrol } from './ledger-patrol.ts';
import { LedgerWork } from './ledger-work.ts';
import { OwnWitness } from './own-witness.ts';
import { ownAddress, postToWitness } from './post-to-witness.ts';
import { Protection } from './protection.ts';
import { Witnessing, type Disagreement, type PostToWitness } from './witnessing.ts';

interface Opening {
  readonly config: Pick<
    ServerConfig,
    'mode' | 'role' | 'dataDir' | 'checkpointsDir' | 'ownWitness' | 'drainSeconds'
  >;
  readonly services: Services;
  readonly signer: NoteSigner;
  readonly post: PostToWitness;
  readonly log: Log;
}

/** Work behind the ledger while a server runs. */
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
  const checkpoints = await openKeptCheckpoints(config, { services, log });
  const onFault = explaining(checkpoints.paths, log);
  services.ledger.whenRolledBack(onFault);
  const onDisagreement = (fault: Disagreement): void => {
    if (services.ledger.fault) return;
    services.ledger.recover(fault);
    explainDisagreement(fault, log);
  };
  const witnessing = new Witnessing({ services, post, log, onDisagreement });
  const own = openOwnWitness(opening);
  const hasQuorum = (): boolean => witnessing.hasQuorum();
  const protection = new Protection({ config, services, hasQuorum, log });
  try {
    await compareLedger(services.db, { signer, outside: await checkpoints.read() });
    const newest = await newestCheckpoint(services.db);
    if (newest) await own?.cosigns(newest.note);
    await witnessing.compare();
  } catch (error) {
    if (!(error instanceof LedgerFault)) throw error;
    services.ledger.recover(error.code);
    onFault(error);
  }
  await protection.look();
  const onFailure = (error: unknown): void => sayFailure(log, error);
  const sayUnsigned = sayOnTurn(log, { over: signedAgain, level: 'alarm' });
  const look = (): Promise<boolean> => {
    sayUnsigned(services.ledger.late.includes('unsigned') ? [unsigned] : undefined);
    return protection.look();
  };
  const mayShow = async (note: string): Promise<boolean> =>
    (await look()) && (own === undefined || own.cosigns(note));
  const hooks = { mayShow, look, onFailure, onFault, watchesOnly: config.role === 'api' };
  const work = new LedgerWork({ services, signer, kept: checkpoints, ...hooks });
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
      await showLast(witnessing, opening);
      await witnessing.stop();
    },
  };
}

/** Says a failure, unless it is one of the shared folder: the lines FOLDER have said that once. */
function sayFailure(log: Log, error: unknown): void {
  if (error instanceof ServerError && error.code === 'checkpoints_dir_unusable') return;
  log.fault('ledger', error);
}

/** Where somebody still reads, what was signed last is cosigned, so that it is shown. */
async function showLast(witnessing: Witnessing, opening: Opening): Promise<void> {
  const { config, services, log } = opening;
  if (!isReadToTheEnd(config) || services.ledger.fault) return;
  await witnessing.finish().catch((error: unknown) => log.fault('witnesses', error));
}

function openOwnWitness({ config, services, log }: Opening): OwnWitness | undefined {
  const { ownWitness: witness } = config;
  return witness && new OwnWitness({ db: services.db, witness, post: postToOwn, log });
}

const postToOwn: PostToWitness = (url, request) =>
  postToWitness(url, { ...request, rules: ownAddress });

const unsigned =
  'UNSIGNED: the log has not been signed for half a minute, and calls are refused. The lines "FOLDER" and "ledger" say what fails: a witness of your own, the database, or the disk of the data directory and of RECOURSE_CHECKPOINTS_DIR. Where there are none, look whether a server of role worker runs.';
const signedAgain = 'The log is signed again: calls are answered.';

const whatHappened: Readonly<Record<LedgerFaultCode, string>> = {
  'tiles-differ': 'its tiles are not those of its own state: rows of it were changed or lost',
  'entries-differ': 'an entry of it is missing, or is not the one that was logged',
  'state-moved': 'its state was changed by something that is no server',
  'checkpoint-replaced': 'a checkpoint of it was not signed by the log key',
  'rolled-back':
    'it ends before a checkpoint that was signed: this is an old copy of the database, or a standby that lacked the last commits',
  'recovery-unfinished':
    'it was brought up to date from a copy, and what that says was not done everywhere yet',
  forked: 'it has another history than a checkpoint that was signed',
};

/** Several find an old copy of the database at once: it is explained once. */
function explaining(paths: readonly string[], log: Log): (fault: LedgerFault) => void {
  let isExplained = false;
  return (fault) => {
    if (!isExplained) explain(fault, paths, log);
    isExplained = true;
  };
}

function explain({ code, place }: LedgerFault, paths: readonly string[], log: Log): void {
  log.alarm(
    `RECOVERING: the ledger in the database is not the one that was signed: ${whatHappened[code]} (${place === undefined ? code : `${code}, ${place}`}).`,
  );
  const answered =
    code === 'rolled-back' || code === 'recovery-unfinished'
      ? 'the list of recalls and events are answered; a case may have been erased since'
      : 'the list of recalls, events and cases are answered; an acknowledgement waits';
  log.alarm(`Nothing is signed, and only ${answered}.`);
  log.alarm(nextStep(code, paths.join(' and ')));
}

/**
 * Next step after a fault. Others have what was signed, as it is public: an old copy of the database is brought up to
 * date from theirs.
 */
const nextStep = (fault: LedgerFaultCode, paths: string): string =>
  fault === 'rolled-back' || fault === 'recovery-unfinished'
    ? `Stop this server and run: recourse-server recover --log <copy of the log>. A copy is a folder with the files of /ledger, or the URL of what serves them: a mirror, a CDN, what a member keeps. Any will do, since all of it is compared with what was signed; docs/recovery.md says how. A newer copy of the database is better still. Do not remove ${paths}.`
    : `Stop this server, restore the database that the checkpoints in ${paths} belong to, and start again; do not remove them. Where there is none, the log was forked: docs/recovery.md says what to do then.`;

const whatTheySay: Readonly<Record<Disagreement, string>> = {
  'rolled-back': 'have cosigned a larger ledger than this database has: it is an old copy',
  forked: 'have cosigned another history than this database has',
};

function explainDisagreement(fault: Disagreement, log: Log): void {
  log.alarm(
    `RECOVERING: so many witnesses ${whatTheySay[fault]} that their policy cannot be met (${fault}).`,
  );
  log.alarm(
    'Nothing is signed, and only the list of recalls, events and cases are answered. Stop this server, restore the newest copy of the database, and start again. If this is the newest, ask the members whose witnesses disagree, named above, what they have cosigned: a lost data directory of a witness, or a second registry with this log key, shows itself so.',
  );
}

/** Whether a server that stops is still read until its last checkpoint is shown: where others sign, they show theirs. */
export const isReadToTheEnd = ({
  role,
  drainSeconds,
}: Pick<ServerConfig, 'role' | 'drainSeconds'>): boolean => role === 'all' && drainSeconds > 0;
