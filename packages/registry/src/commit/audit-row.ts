import {
  fromBase64url,
  fromNumericDate,
  hashText,
  jcs,
  type CallPayload,
  type ReceiptLeaf,
} from '@recourse/protocol';
import type { AuditGroupsTable, AuditTable } from '../schema/calls.ts';
import { nodeHash } from '../kernel/node-crypto.ts';
import type { Draft } from './answer.ts';
import { packCalls } from './packed-calls.ts';

/** A call as the audit knows it: one that a key signed, or one by the secret of a case. */
export interface AuditedCall {
  readonly key: { readonly kid: string };
  readonly payload: Pick<CallPayload, 'iss' | 'jti' | 'op' | 'exp' | 'in' | 'idem'>;
  /** The bytes as they came */
  readonly compact: string;
  /** H of them */
  readonly hash: string;
  /**
   * The rows have this in place of the jti, where the jti is all that keeps guesses at the hashed bytes (an email
   * address) from being tested against the audit
   */
  readonly keptJti?: string;
}

/** Under which a call stands in the audit. */
export const rowIdOf = ({ key, payload, keptJti }: AuditedCall): { kid: string; jti: string } => ({
  kid: key.kid,
  jti: keptJti ?? payload.jti,
});

/** The Merkle leaf of a receipt: what the registry will be held to. */
export function receiptLeaf(
  call: AuditedCall,
  answer: Draft,
  { at, changes }: { at: number; changes?: { count: number; root: string } | undefined },
): ReceiptLeaf {
  const { iss, jti, op } = call.payload;
  // node:crypto: bodies are padded to kilobytes, and this runs for every answer.
  const res = nodeHash(answer.body);
  const leaf = {
    v: 1,
    iss,
    jti,
    op,
    req: call.hash,
    res,
    status: answer.status,
    at,
  } as const;
  return changes ? { ...leaf, changes } : leaf;
}

/** The operations of which the report counts who did them how often. */
const finds: readonly string[] = ['case.find', 'case.prove', 'case.ticket'];

/** The audit row of a group: hashes only, never input or answer. */
export function groupRow(
  calls: readonly { call: AuditedCall; leaf: ReceiptLeaf; changes: number }[],
  { entry, at }: { entry: string; at: Date },
): AuditGroupsTable {
  const packed = calls.map(({ call, ...rest }) => ({ ...rowIdOf(call), ...rest }));
  const found = calls.find(({ leaf }) => finds.includes(leaf.op) && leaf.status === 200)?.leaf;
  return {
    at,
    entry: fromBase64url(entry),
    calls: packCalls(packed),
    op: found?.op ?? null,
    iss: found?.iss ?? null,
  };
}

/** The audit row of a call before the contract, when servers of 0.1.0 read them. */
export function auditRow(
  call: AuditedCall,
  leaf: ReceiptLeaf,
  placed: Pick<AuditTable, 'entry' | 'place'>,
): AuditTable {
  return {
    ...rowIdOf(call),
    iss: leaf.iss,
    exp: fromNumericDate(call.payload.exp),
    op: leaf.op,
    req: leaf.req,
    res: leaf.res,
    status: leaf.status,
    at: fromNumericDate(leaf.at),
    cost: costOf(call),
    ...placed,
  };
}

export const inputHash = (call: AuditedCall): string => hashText(jcs(call.payload.in));

/** The price of a call is the number of elements it asks about; every call costs at least one. */
function costOf(call: AuditedCall): number {
  const { blinded, tokens } = call.payload.in;
  if (call.payload.op === 'checks.evaluate' && Array.isArray(blinded))
    return Math.max(blinded.length, 1);
  if (call.payload.op === 'checks.match' && Array.isArray(tokens))
    return Math.max(tokens.length, 1);
  return 1;
}
