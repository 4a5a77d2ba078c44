import {
  jcs,
  sealGroup,
  signGroup,
  toNumericDate,
  type AuthenticatedCall,
  type ReceiptLeaf,
  type SealedGroup,
} from '@recourse/protocol';
import type { Caller, Services } from '../context.ts';
import type { Db } from '../database.ts';
import type { Change } from '../ledger/changes.ts';
import type { Draft } from './answer.ts';
import { auditRow, costOf, receiptLeaf } from './audit-row.ts';
import { insertAudit, insertOpenings, insertPending, readKeyStates } from './store.ts';

/** One call with the answer it is about to get and the entries it caused. */
export interface Sealable {
  readonly call: AuthenticatedCall;
  /** The flags a read was answered by: they must still hold */
  readonly caller?: Caller;
  readonly answer: Draft;
  readonly changes: readonly Change[];
  /** The leaf's member; for a retry, that of the first answer */
  readonly commitment?: { count: number; root: string } | undefined;
}

export interface Sealed {
  readonly now: Date;
  readonly leaves: readonly ReceiptLeaf[];
  readonly group: SealedGroup;
}

/** Why a call cannot be audited with its group. */
export type Fallout = 'replayed' | 'key-changed' | 'sanction-changed';

/** Thrown inside the transaction of a group: it rolls back, and goes again without these calls. */
export class FalloutError extends Error {
  readonly calls: ReadonlyMap<AuthenticatedCall, Fallout>;

  constructor(calls: ReadonlyMap<AuthenticatedCall, Fallout>) {
    super('calls fall out of their group');
    this.calls = calls;
  }
}

/** What the receipts of a group will state, before anything of it is written. */
export function seal(calls: readonly Sealable[], services: Services): Sealed {
  const now = services.clock();
  const at = toNumericDate(now);
  const leaves = calls.map(({ call, answer, commitment }) =>
    receiptLeaf(call, answer, { at, changes: commitment }),
  );
  return { now, leaves, group: sealGroup(leaves, { issuer: services.origin, at }) };
}

/**
 * Writes the audit rows, the `calls` entry and the entries and openings of a group, in the transaction of
 * the changes and one after the other without waiting in between. No audit row, no answer.
 * @throws FalloutError naming replays
 */
export async function writeSealed(
  db: Db,
  calls: readonly Sealable[],
  { now, leaves, group }: Sealed,
): Promise<void> {
  const rows = calls.map(({ call }, i) => auditRow(call, leaves[i]!, costOf(call)));
  const entries = calls.flatMap(({ changes }) => changes.map((change) => jcs(change.entry)));
  const openings = calls.map(({ call, changes }) => ({
    kid: call.key.kid,
    jti: call.payload.jti,
    changes,
  }));
  const [inserted] = await Promise.all([
    insertAudit(db, rows),
    insertPending(db, [...entries, jcs(group.entry)], now),
    insertOpenings(db, openings),
  ]);
  fallOut(
    calls.filter(({ call }) => !inserted.has(`${call.key.kid} ${call.payload.jti}`)),
    'replayed',
  );
}

/** One signature over the group, then the header of each call. */
export const receiptsOf = (sealed: Sealed, services: Services): Promise<string[]> =>
  signGroup(services.receiptSigner, sealed.group);

/**
 * Re-reads the key and the flags that reads were answered by, in the transaction that audits them.
 * @throws FalloutError for keys revoked meanwhile, on any server, and for changed flags
 */
export async function assertKeys(db: Db, calls: readonly Sealable[]): Promise<void> {
  const states = await readKeyStates(db, [...new Set(calls.map(({ call }) => call.key.kid))]);
  const changed = calls.filter(({ call, caller }) => {
    const state = states.get(call.key.kid);
    return !state || state.revoked || (caller && state.checksStopped !== caller.checksStopped);
  });
  fallOut(changed, 'key-changed');
}

export function fallOut(calls: readonly { call: AuthenticatedCall }[], why: Fallout): void {
  if (calls.length > 0) throw new FalloutError(new Map(calls.map(({ call }) => [call, why])));
}
