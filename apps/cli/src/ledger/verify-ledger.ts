import { type Checkpoint, edgeRoot, unwitnessed } from '@recourse/ledger';
import { equalBytes } from '@recourse/protocol';
import { LedgerRefusal } from './ledger-refusal.ts';
import type { LogSource } from './log-source.ts';
import { openNote, type SignedCheckpoint } from './open-note.ts';
import { Replay, type ReplayOptions, type ReplaySummary } from './replay.ts';
import type { LedgerState, Progress } from './state-file.ts';
import { readTree, type TreeRead } from './tree-pass.ts';
import { jwkOf, type TrustedLog } from './trusted-log.ts';

export interface Verifying {
  readonly log: TrustedLog;
  readonly source: LogSource;
  readonly state: LedgerState;
  /** Keeps the state; called now and then, and at the end */
  readonly save: (state: LedgerState) => void;
  readonly onProgress: (done: { entries: number; of: number }) => void;
  readonly onEntry?: ReplayOptions['onEntry'];
  readonly signal: AbortSignal;
}

export interface VerifiedLedger {
  /** False when it was stopped: what is kept goes on from there */
  readonly finished: boolean;
  /** Entries that are checked */
  readonly entries: number;
  readonly checkpoint: Checkpoint;
  readonly note: string;
  readonly summary: ReplaySummary;
}

const saveEveryMs = 5_000;

/**
 * Derives everything anew: signature, consistency with the newest checkpoint of the state, entries, tiles, root, rules.
 * @throws LedgerRefusal
 */
export async function verifyLedger(verifying: Verifying): Promise<VerifiedLedger> {
  const { log, source, save } = verifying;
  const bytes = await source.checkpoint();
  if (bytes === undefined) throw new LedgerRefusal('checkpoint-missing', 'checkpoint');
  const signed = await openNote(bytes, log.policy);
  const state = await consider(verifying, signed);
  try {
    return await pass({ ...verifying, state }, signed, progressFor(state, signed));
  } catch (error) {
    const isResumed = progressFor(state, signed) !== undefined;
    if (!isResumed || !(error instanceof LedgerRefusal) || !mayBeFork.has(error.code)) throw error;
    // What was read before may be of another history, or this is not what was signed: only all of it tells.
    const anew = { ...state };
    delete anew.progress;
    save(anew);
    return pass({ ...verifying, state: anew }, signed, undefined);
  }
}

const mayBeFork: ReadonlySet<string> = new Set(['root-mismatch', 'tile-mismatch', 'tile-missing']);

/** Against the newest that held before; the first is believed on its signature. */
async function consider(verifying: Verifying, signed: SignedCheckpoint): Promise<LedgerState> {
  const { log, state, save } = verifying;
  if (state.newest === undefined) {
    const first = { ...state, newest: signed.note };
    save(first);
    return first;
  }
  const { checkpoint: newest } = await openNote(state.newest, unwitnessed(log.policy.log));
  const { checkpoint } = signed;
  if (checkpoint.size < newest.size) return contradict(verifying, signed, 'rolled-back');
  if (checkpoint.size === newest.size && !equalBytes(checkpoint.root, newest.root)) {
    return contradict(verifying, signed, 'forked');
  }
  return state;
}

function contradict(
  { state, save }: Verifying,
  { note }: SignedCheckpoint,
  code: 'rolled-back' | 'forked',
): never {
  save({ ...state, conflicting: note });
  throw new LedgerRefusal(code, 'checkpoint');
}

const progressFor = (
  { progress }: LedgerState,
  { checkpoint }: SignedCheckpoint,
): Progress | undefined =>
  progress && progress.edge.size <= checkpoint.size ? progress : undefined;

async function pass(
  verifying: Verifying,
  signed: SignedCheckpoint,
  from: Progress | undefined,
): Promise<VerifiedLedger> {
  const { log, source, state, signal } = verifying;
  const { checkpoint, note } = signed;
  const replay = new Replay(
    { origin: log.origin, logJwk: jwkOf(log.policy.log), onEntry: verifying.onEntry },
    from?.replay,
  );
  const newest = (await openNote(state.newest ?? note, unwitnessed(log.policy.log))).checkpoint;
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
  const entries = edge.size;
  const result = { entries, checkpoint, note, summary: replay.summary };
  if (!read.complete) {
    if (holds(read)) verifying.save({ ...state, progress });
    return { ...result, finished: false };
  }
  if (!equalBytes(edgeRoot(edge), checkpoint.root)) throw new LedgerRefusal('root-mismatch');
  // Read from the beginning and signed as it is: it is the tree that does not begin with the old one.
  if (!holds(read)) contradict(verifying, signed, 'forked');
  verifying.save({ ...state, newest: note, progress });
  const findings = replay.findings();
  if (findings.length > 0) throw LedgerRefusal.of(findings);
  return { ...result, finished: true };
}

interface Keeping {
  readonly replay: Replay;
  readonly of: number;
  /** Nothing is gone on from that contradicts the newest checkpoint */
  readonly holds: (read: TreeRead) => boolean;
}

/** Keeps what was done every few seconds, so that a crash loses little. */
function keeper(
  { state, save, onProgress }: Verifying,
  { replay, of, holds }: Keeping,
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
