import {
  consistencyProofFromTiles,
  LedgerError,
  parseVerifierKey,
  verifyCheckpoint,
  verifyConsistency,
  type Checkpoint,
  type ReadTile,
  type VerifierKey,
} from '@recourse/ledger';

/** Answers of the registry about its log. All of it is attacker-controlled. */
export interface ServedLog {
  /** Verifier key of the log */
  readonly key: string;
  /** The newest witness policy */
  readonly policy: {
    readonly threshold: number;
    readonly witnesses: readonly { readonly party: string; readonly key: string }[];
  };
  /** The signed checkpoint */
  readonly note: string;
  readonly readTile: ReadTile;
}

/** Memory of this browser about the log. Only what held is ever kept. */
export interface SeenLog {
  readonly key: string;
  readonly note: string;
}

/** A checkpoint that holds, and how it stands to the one before. */
export interface HeldLog {
  readonly holds: true;
  readonly signedBy: string;
  readonly size: number;
  readonly cosigned: readonly { readonly party: string; readonly time: number }[];
  readonly witnesses: number;
  /** Size of the checkpoint that this browser saw before; none at the first look */
  readonly since?: number;
}

/** Faults of the log. `forked` and `rolled-back` are proven by the two notes together. */
export type LogFault = 'key-changed' | 'forged' | 'witnesses-missing' | 'rolled-back' | 'forked';

export type LogCheck = HeldLog | { readonly holds: false; readonly fault: LogFault };

/**
 * Checks a log as far as one look can: signature, cosignatures, and that it begins with what this browser saw before.
 * @throws what `readTile` throws: a tile that nobody serves proves nothing yet
 */
export async function checkLog(served: ServedLog, seen: SeenLog | undefined): Promise<LogCheck> {
  // A registry that takes another key could sign another history under it.
  if (seen !== undefined && seen.key !== served.key) return { holds: false, fault: 'key-changed' };
  const opened = await openSigned(served);
  if (opened === undefined) return { holds: false, fault: 'forged' };
  const { log, checkpoint, cosigned } = opened;
  const { threshold, witnesses } = served.policy;
  if (cosigned.length < threshold) return { holds: false, fault: 'witnesses-missing' };
  const held = {
    holds: true,
    signedBy: log.name,
    size: checkpoint.size,
    cosigned,
    witnesses: witnesses.length,
  } as const;
  if (seen === undefined) return held;
  const { checkpoint: old } = await verifyCheckpoint(seen.note, { log, ...nobodyElse });
  if (checkpoint.size < old.size) return { holds: false, fault: 'rolled-back' };
  return (await continues(old, checkpoint, served.readTile))
    ? { ...held, since: old.size }
    : { holds: false, fault: 'forked' };
}

const nobodyElse = { witnesses: [], threshold: 0 } as const;

async function openSigned({ key, policy, note }: ServedLog): Promise<
  | {
      log: VerifierKey;
      checkpoint: Checkpoint;
      cosigned: HeldLog['cosigned'];
    }
  | undefined
> {
  try {
    const log = parseVerifierKey(key);
    const keys = policy.witnesses.map((witness) => ({
      ...witness,
      key: parseVerifierKey(witness.key),
    }));
    const witnesses = keys.map((key) => key.key);
    const opened = await verifyCheckpoint(note, { log, witnesses, threshold: 0 });
    const cosigned = opened.witnesses.map(({ key: by, time }) => ({
      party: keys.find((key) => key.key === by)?.party ?? by.name,
      time,
    }));
    return { log, checkpoint: opened.checkpoint, cosigned };
  } catch (error) {
    if (error instanceof LedgerError && error.code !== 'key-unusable') return undefined;
    throw error;
  }
}

/** Whether one tree begins with the other. Tiles are served by the registry: only a proof that holds counts. */
async function continues(old: Checkpoint, now: Checkpoint, readTile: ReadTile): Promise<boolean> {
  const sizes = { oldSize: old.size, size: now.size };
  try {
    const proof = await consistencyProofFromTiles(sizes, readTile);
    verifyConsistency({ ...sizes, oldRoot: old.root, root: now.root, proof });
    return true;
  } catch (error) {
    if (error instanceof LedgerError) return false;
    throw error;
  }
}
