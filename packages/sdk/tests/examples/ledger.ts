import { connect, isRecourseError, type ConnectOptions } from '@recourse/sdk';
import { fileLedgerStore } from '@recourse/sdk/node';

/** Calls, and keeps with the receipt the proof that it is in the public log. */
export async function callAndProve(options: ConnectOptions, folder: string) {
  const recourse = connect({ ...options, ledgerStore: fileLedgerStore(folder) });
  try {
    const { receipt } = await recourse.call('sanctions.list', {});
    return { receipt: receipt.header, proof: await recourse.ledger.proveReceipt(receipt) };
  } catch (error) {
    // What the registry signed, and nothing of yours: show it to anybody.
    if (isRecourseError(error) && error.evidence) return { evidence: error.evidence };
    throw error;
  }
}
