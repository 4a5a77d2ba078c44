import {
  jcs,
  Problem,
  sealGroup,
  signGroup,
  toNumericDate,
  type ReceiptLeaf,
  type SealedGroup,
} from '@recourse/protocol';
import type { Caller, Services } from '../context.ts';
import type { Db } from '../database.ts';
import type { Change } from '../ledger/changes.ts';
import type { Draft } from './answer.ts';
import { auditRow, receiptLeaf, rowIdOf, type AuditedCall } from './audit-row.ts';
import { insertSealed, type SealedRows } from './sealed-store.ts';
import { readKeyStates } from './store.ts';

/** One call with the answer it is about to get and the entries it caused. */
export interface Sealable {
  readonly call: AuditedCall;
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

/** Why a call cannot be audited with its group; a problem is what it is answered instead. */
export type Fallout = 'replayed' | 'key-changed' | 'sanction-changed' | Problem;

/** Thrown inside the transaction of a group: it rolls back, and goes again without these calls. */
export class FalloutError extends Error {
  readonly calls: ReadonlyMap<AuditedCall, Fallout>;

  constructor(calls: ReadonlyMap<AuditedCall, Fallout>) {
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
  const { origin: issuer, ledger } = services;
  const isPromised = ledger.keepsPromises;
  return { now, leaves, group: sealGroup(leaves, { issuer, at, isPromised }) };
}

/**
 * Writes the audit rows, the `calls` entry, and the entries and openings of a group, in the transaction of
 * the changes. No audit row, no answer.
 * @param kept what a mutation keeps beside: its answer for retries, its bytes with its cases
 * @throws FalloutError naming replays
 */
export async function writeSealed(
  db: Db,
  calls: readonly Sealable[],
  { now, leaves, group, kept }: Sealed & { kept?: Pick<SealedRows, 'answers' | 'kept'> },
): Promise<void> {
  const inserted = await insertSealed(db, {
    audit: calls.map(({ call }, i) =>
      auditRow(call, leaves[i]!, { entry: group.payload.entry, place: i }),
    ),
    entries: [...calls.flatMap(({ changes }) => changes.map(entryText)), jcs(group.entry)],
    openings: calls.flatMap(({ call, changes }) => openingRows(rowIdOf(call), changes)),
    answers: kept?.answers ?? [],
    kept: kept?.kept ?? [],
    at: now,
  });
  fallOut(
    calls.filter(({ call }) => {
      const { kid, jti } = rowIdOf(call);
      return !inserted.has(`${kid} ${jti}`);
    }),
    'replayed',
  );
}

/** The most that a bundle of the log has room for. */
const longestEntry = 65_535;

/** @throws Problem `too-large`: one entry too long would hold up all that come after it */
export function entryText({ entry }: Change): string {
  const text = jcs(entry);
  if (Buffer.byteLength(text) > longestEntry) throw new Problem('too-large');
  return text;
}

/** Openings by what caused them: a call, or a job. */
export const openingRows = (by: { kid: string; jti: string }, changes: readonly Change[]) =>
  changes.map(({ party, sanction = null, caseKey, opening }, position) => ({
    ...by,
    position,
    party,
    sanction,
    opening: caseKey ? caseKey.sealJson(opening) : Buffer.from(JSON.stringify(opening)),
  }));

/** One signature over the group, then the header of each call. */
export const receiptsOf = (sealed: Sealed, services: Services): Promise<string[]> =>
  signGroup(services.receiptSigner, sealed.group);

/**
 * Re-reads the key and the flags that reads were answered by, in the transaction that audits them.
 * @throws FalloutError for keys revoked meanwhile, on any server, and for changed flags
 */
export async function assertKeys(db: Db, calls: readonly Sealable[], now: Date): Promise<void> {
  const states = await readKeyStates(db, [...new Set(calls.map(({ call }) => call.key.kid))], now);
  const changed = calls.filter(({ call, caller }) => {
    const state = states.get(call.key.kid);
    return !state || state.revoked || (caller && state.checksStopped !== caller.checksStopped);
  });
  fallOut(changed, 'key-changed');
}

export function fallOut(calls: readonly { call: AuditedCall }[], why: Fallout): void {
  if (calls.length > 0) throw new FalloutError(new Map(calls.map(({ call }) => [call, why])));
}
