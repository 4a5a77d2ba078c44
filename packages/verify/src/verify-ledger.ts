import { type Checkpoint, edgeRoot, type TreeEdge, unwitnessed } from '@recourse/ledger';
import { equalBytes, type Entry } from '@recourse/protocol';
import { newestCheckpoint, openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { VerifyError } from './errors.ts';
import type { LogSource } from './log-source.ts';
import { Replay, type ReplayOptions, type ReplayState, type ReplaySummary } from './replay.ts';
import { readTree, type TreeRead } from './tree-pass.ts';
import { logJwk, type TrustedLog } from './trusted-log.ts';

/** How far a ledger was read: the entries before `edge.size` are checked and need not be read again. */
export interface Progress {
  readonly edge: TreeEdge;
  readonly replay: ReplayState;
}

/** The state of a ledger between two runs: plain data. Let nobody else write it. */
export interface LedgerState {
  /** The newest checkpoint that held, with its signature: no later one may contradict it */
  readonly newest?: string;
  readonly progress?: Progress;
  /** A checkpoint of the same key that contradicts `newest`: together they are the proof */
  readonly conflicting?: string;
}

/** The ledger to verify, its source, and the state of earlier runs. */
export interface VerifyInput {
  readonly log: TrustedLog;
  readonly source: LogSource;
  readonly state: LedgerState;
  /** Keeps the state. It is called now and then, and at the end */
  readonly save: (state: LedgerState) => void;
  readonly onProgress: (done: { entries: number; of: number }) => void;
  readonly onEntry?: ReplayOptions['onEntry'];
  readonly signal: AbortSignal;
}

/** A ledger that holds, as far as it was read. */
export interface VerifiedLedger {
  /** False when it was stopped: the next run goes on from the kept state */
  readonly finished: boolean;
  /** Entries that are checked */
  readonly entries: number;
  readonly checkpoint: Checkpoint;
  readonly note: string;
  readonly summary: ReplaySummary;
}

const saveEveryMs = 5_000;

/**
 * Verifies a ledger from its files alone: signature and cosignatures, one history with earlier checkpoints, every entry
 * and tile, the root, and the rules of keys and recalls.
 * @throws VerifyError
 */
export async function verifyLedger(verifying: VerifyInput): Promise<VerifiedLedger> {
  const signed = await newestCheckpoint(verifying.source, verifying.log.policy);
  const state = await compareWithSeen(verifying, signed);
  const from = progressFor(state, signed);
  try {
    return await verifyEntries({ ...verifying, state }, signed, from);
  } catch (error) {
    if (!from || !(error instanceof VerifyError) || !mayBeFork.has(error.code)) throw error;
    // What was read before may be of another history, or this is not what was signed: only all of it tells.
    const anew = { ...state };
    delete anew.progress;
    verifying.save(anew);
    return verifyEntries({ ...verifying, state: anew }, signed, undefined);
  }
}

/** A later look at a ledger. */
export interface Look {
  readonly verified: VerifiedLedger;
  /** The new entries since the last look, in order; none at the first, which reads everything */
  readonly entries: readonly { readonly index: number; readonly entry: Entry }[];
}

/**
 * Verifies the entries since the last look by the rules of `verifyLedger`. It returns them once all of them are signed.
 * @throws VerifyError
 */
export async function lookAgain(verifying: Omit<VerifyInput, 'onEntry'>): Promise<Look> {
  const known = verifying.state.progress?.edge.size ?? Number.POSITIVE_INFINITY;
  const entries: { index: number; entry: Entry }[] = [];
  const onEntry = (entry: Entry, index: number): void => {
    if (index >= known) entries.push({ index, entry });
  };
  const verified = await verifyLedger({ ...verifying, onEntry });
  return { verified, entries: verified.finished ? entries : [] };
}

const mayBeFork: ReadonlySet<string> = new Set(['root-mismatch', 'tile-mismatch', 'tile-missing']);

/** Against the newest that held before; the first is believed on its signature. */
async function compareWithSeen(
  verifying: VerifyInput,
  signed: SignedCheckpoint,
): Promise<LedgerState> {
  const { log, state, save } = verifying;
  if (state.newest === undefined) {
    const first = { ...state, newest: signed.note };
    save(first);
    return first;
  }
  // It was believed when it was kept, whoever the witnesses are now.
  const { checkpoint: newest } = await openCheckpoint(state.newest, unwitnessed(log.policy.log));
  const { checkpoint } = signed;
  if (checkpoint.size < newest.size) return contradict(verifying, signed, 'rolled-back');
  if (checkpoint.size === newest.size && !equalBytes(checkpoint.root, newest.root)) {
    return contradict(verifying, signed, 'forked');
  }
  return state;
}

function contradict(
  { state, save }: VerifyInput,
  { note }: SignedCheckpoint,
  code: 'rolled-back' | 'forked',
): never {
  save({ ...state, conflicting: note });
  throw new VerifyError(code, 'checkpoint');
}

const progressFor = (
  { progress }: LedgerState,
  { checkpoint }: SignedCheckpoint,
): Progress | undefined =>
  progress && progress.edge.size <= checkpoint.size ? progress : undefined;

/** That what is under the checkpoint, from where the last run stopped, is what was signed, and keeps the rules. */
async function verifyEntries(
  verifying: VerifyInput,
  signed: SignedCheckpoint,
  from: Progress | undefined,
): Promise<VerifiedLedger> {
  const { log, source, state, signal, onEntry } = verifying;
  const { checkpoint, note } = signed;
  const rules = { origin: log.origin, logJwk: logJwk(log.policy), onEntry };
  const replay = new Replay(rules, from?.replay);
  const newest = (await openCheckpoint(state.newest ?? note, unwitnessed(log.policy.log)))
    .checkpoint;
  const holds = ({ edge, marked }: TreeRead): boolean =>
    marked ? equalBytes(marked, newest.root) : edge.size < newest.size || from !== undefined;
  const read = await readTree({
    source,
    replay,
    from: from?.edge,
    size: checkpoint.size,
    mark: newest.size,
    signal,
    onProgress: keeper(verifying, { replay, of: checkpoint.size, holds }),
  });
  const { edge } = read;
  const progress: Progress = { edge, replay: replay.state };
  const verified = { entries: edge.size, checkpoint, note, summary: replay.summary };
  if (!read.complete) {
    if (holds(read)) verifying.save({ ...state, progress });
    return { ...verified, finished: false };
  }
  if (!equalBytes(edgeRoot(edge), checkpoint.root)) throw new VerifyError('root-mismatch');
  // Read from the beginning and signed as it is: it is the tree that does not begin with the old one.
  if (!holds(read)) contradict(verifying, signed, 'forked');
  verifying.save({ ...state, newest: note, progress });
  const findings = replay.findings();
  if (findings.length > 0) throw VerifyError.of(findings);
  return { ...verified, finished: true };
}

interface KeepContext {
  readonly replay: Replay;
  readonly of: number;
  /** Nothing is gone on from that contradicts the newest checkpoint */
  readonly holds: (read: TreeRead) => boolean;
}

/** Keeps what was done every few seconds, so that a crash loses little. */
function keeper(
  { state, save, onProgress }: VerifyInput,
  { replay, of, holds }: KeepContext,
): (read: TreeRead) => void {
  let saved = performance.now();
  return (read) => {
    const { edge } = read;
    onProgress({ entries: edge.size, of });
    if (performance.now() - saved < saveEveryMs || !holds(read)) return;
    save({ ...state, progress: { edge, replay: replay.state } });
    saved = performance.now();
  };
}
