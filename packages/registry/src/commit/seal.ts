import {
  jcs,
  Problem,
  sealGroup,
  signGroup,
  toNumericDate,
  type ReceiptLeaf,
  type SealedGroup,
  type Signer,
} from '@recourse/protocol';
import { placeOf } from '../vault/vault.ts';
import type { Db } from '../kernel/database.ts';
import type { Change } from './changes.ts';
import type { Draft } from './answer.ts';
import { auditRow, groupRow, receiptLeaf, rowIdOf, type AuditedCall } from './audit-row.ts';
import type { Caller } from './store.ts';
import type { LogMemory } from './extent-store.ts';
import {
  insertSealed,
  isOtherForm,
  isReuse,
  type InsertResult,
  type SealedRows,
} from './sealed-store.ts';
import { seenRows } from './seen-calls.ts';

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

export interface SealedCommit {
  readonly now: Date;
  readonly leaves: readonly ReceiptLeaf[];
  readonly group: SealedGroup;
  /** The memory of the server that answers */
  readonly ledger: LogMemory;
}

/** Why a call cannot be audited with its group; a problem is what it is answered instead. */
export type Fallout = 'replayed' | 'key-changed' | 'check-changed' | 'sanction-changed' | Problem;

/** Thrown inside the transaction of a group: it rolls back, and goes again without these calls. */
export class FalloutError extends Error {
  readonly calls: ReadonlyMap<AuditedCall, Fallout>;

  constructor(calls: ReadonlyMap<AuditedCall, Fallout>) {
    super('calls fall out of their group');
    this.calls = calls;
  }
}

/** The clock, the keys and the origin that receipts are made with. */
export interface SealContext {
  readonly clock: () => Date;
  readonly origin: string;
  readonly receiptSigner: Signer;
  readonly ledger: LogMemory & { readonly keepsPromises: boolean };
}

/** Prepares what the receipts of a group will state, before anything of it is written. */
export function seal(calls: readonly Sealable[], services: SealContext): SealedCommit {
  const now = services.clock();
  const at = toNumericDate(now);
  const leaves = calls.map(({ call, answer, commitment }) =>
    receiptLeaf(call, answer, { at, changes: commitment }),
  );
  const { origin: issuer, ledger } = services;
  const isPromised = ledger.keepsPromises;
  return { now, leaves, group: sealGroup(leaves, { issuer, at, isPromised }), ledger };
}

/** Rows that are written in the statement that audits. */
interface SealExtras {
  /** A mutation keeps its answer for retries, and its bytes with its cases */
  readonly kept?: Pick<SealedRows, 'answers' | 'kept'>;
  /** The checks that reads opened */
  readonly reads?: Required<Pick<SealedRows, 'checks'>>;
  /** Statements before it, in the same round trip */
  readonly along?: SealedRows['along'];
}

/**
 * Writes the audit rows, the `calls` entry, and the entries and openings of a group, in the transaction of
 * the changes. No audit row, no answer.
 * @returns the rows of each statement that was sent along
 * @throws FalloutError naming replays, and reads whose key was revoked meanwhile, on any server, or whose flags changed;
 *   Problem `recovering` where the database is an old copy of what this server saw
 */
export async function writeSealed(
  db: Db,
  calls: readonly Sealable[],
  { now, leaves, group, ledger, kept, reads, along = [] }: SealedCommit & SealExtras,
): Promise<InsertResult['along']> {
  const judge = ledger.comparing(calls.map(({ call }) => call.payload.op));
  const seen = seenRows(
    calls.map(({ call }) => call),
    now,
  );
  const rows = {
    seen: seen.rows,
    ...auditOf(calls, { now, leaves, group, isByCall: byCall.has(ledger) }),
    entries: [...calls.flatMap(({ changes }) => changes.map(entryText)), jcs(group.entry)],
    openings: calls.flatMap(({ call, changes }) => openingRows(rowIdOf(call), changes)),
    answers: kept?.answers ?? [],
    kept: kept?.kept ?? [],
    along,
    ...(reads && {
      checks: reads.checks,
      kids: [...new Set(calls.map(({ call }) => call.key.kid))],
    }),
    at: now,
  };
  const inserted = await insertSealed(db, rows).catch((error: unknown) => {
    if (calls.length === 1 && isReuse(error)) fallOut(calls, 'replayed');
    if (!isOtherForm(error)) throw error;
    // Others may have failed by it at the same time, and learned it, too.
    if (rows.audit) byCall.delete(ledger);
    else byCall.add(ledger);
    throw new OtherForm(error);
  });
  judge(inserted.log);
  if (reads) assertKeys(calls, inserted);
  fallOut(
    calls.filter(({ call }) => {
      const { kid, jti } = rowIdOf(call);
      const { id, tables } = seen.ids.get(call)!;
      const isNew = inserted.seen.get(id) === tables.size;
      return !isNew || (rows.audit && !inserted.audited.has(`${kid} ${jti}`));
    }),
    'replayed',
  );
  return inserted.along;
}

/** What servers know of a database that is not contracted yet: its audit has a row a call. */
const byCall = new WeakSet<LogMemory>();

/** The contract ran, or did not yet: the transaction goes again, in the other form. */
class OtherForm extends Error {
  readonly code = '40001';

  constructor(cause: unknown) {
    super('the audit has another form', { cause });
  }
}

function auditOf(
  calls: readonly Sealable[],
  {
    now,
    leaves,
    group: {
      payload: { entry },
    },
    isByCall,
  }: Pick<SealedCommit, 'now' | 'leaves' | 'group'> & { isByCall: boolean },
): Pick<SealedRows, 'audit' | 'group'> {
  if (isByCall)
    return {
      audit: calls.map(({ call }, place) => auditRow(call, leaves[place]!, { entry, place })),
    };
  const packed = calls.map(({ call, changes }, place) => ({
    call,
    leaf: leaves[place]!,
    changes: changes.length,
  }));
  return { group: groupRow(packed, { entry, at: now }) };
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
    opening: caseKey
      ? caseKey.sealJson(opening, placeOf('openings.opening', { ...by, position }))
      : Buffer.from(JSON.stringify(opening)),
  }));

/** One signature over the group, then the header of each call. */
export const receiptsOf = (
  sealed: SealedCommit,
  { receiptSigner }: Pick<SealContext, 'receiptSigner'>,
): Promise<string[]> => signGroup(receiptSigner, sealed.group);

/** The keys and flags that reads were answered by. */
function assertKeys(calls: readonly Sealable[], { keys }: Pick<InsertResult, 'keys'>): void {
  const changed = calls.filter(({ call, caller }) => {
    const state = keys.get(call.key.kid);
    if (!state || state.revoked) return true;
    return caller && state.stopped !== caller.checksStopped;
  });
  fallOut(changed, 'key-changed');
}

export function fallOut(calls: readonly { call: AuditedCall }[], why: Fallout): void {
  if (calls.length > 0) throw new FalloutError(new Map(calls.map(({ call }) => [call, why])));
}
