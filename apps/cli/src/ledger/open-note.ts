import {
  LedgerError,
  verifyCheckpoint,
  type Checkpoint,
  type WitnessPolicy,
} from '@recourse/ledger';
import { fromUtf8 } from '@recourse/protocol';
import { LedgerRefusal, type LedgerCause } from './ledger-refusal.ts';

/** A checkpoint as it was signed, and what it says. */
export interface SignedCheckpoint {
  readonly note: string;
  readonly checkpoint: Checkpoint;
}

/** @throws LedgerRefusal `checkpoint-invalid`, `witnesses-missing` */
export async function openNote(
  note: Uint8Array | string,
  policy: WitnessPolicy,
): Promise<SignedCheckpoint> {
  try {
    const { checkpoint } = await verifyCheckpoint(note, policy);
    return { note: typeof note === 'string' ? note : fromUtf8(note), checkpoint };
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new LedgerRefusal(causeOf(cause), 'checkpoint', { cause });
  }
}

export const causeOf = ({ code }: LedgerError): LedgerCause =>
  code === 'witnesses-missing' ? code : 'checkpoint-invalid';
