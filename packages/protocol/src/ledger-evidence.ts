import {
  unwitnessed,
  verifyCheckpoint,
  verifyConsistency,
  type WitnessPolicy,
} from '@recourse/ledger';
import { z } from 'zod';
import { openArtefact } from './artefact.ts';
import { equalBytes, fromBase64url, toBase64url } from './bytes.ts';
import { ledgerOrigin } from './entries/index.ts';
import { ProtocolError } from './errors.ts';
import { thumbprint, type PublicJwk } from './jwk.ts';
import { parseCompact } from './jws.ts';
import { registryKeySchema } from './key-chain.ts';
import { openReceiptGroup } from './receipt.ts';
import { b64u32, compactJws, fromNumericDate } from './schemas.ts';

const signedNote = z.string().max(65_536);

/**
 * Evidence that a registry did not keep its log, for anybody to check. The registry signed it; it holds nothing of the
 * member that shows it.
 */
export const ledgerEvidenceSchema = z.discriminatedUnion('type', [
  z.strictObject({
    v: z.literal(1),
    type: z.literal('ledger-forked'),
    /** Two checkpoints, the smaller tree first */
    notes: z.tuple([signedNote, signedNote]),
    /** Root that the larger tree has over as many entries as the smaller one */
    prefix: b64u32,
    /** Consistency proof from `prefix` to the root of the larger tree (RFC 6962, section 2.1.2) */
    proof: z.array(b64u32).max(63),
  }),
  z.strictObject({
    v: z.literal(1),
    type: z.literal('ledger-rolled-back'),
    /** The checkpoint that was shown, and the larger one that was shown before it */
    notes: z.tuple([signedNote, signedNote]),
  }),
  z.strictObject({
    v: z.literal(1),
    type: z.literal('promise-broken'),
    /** Group JWS of a receipt: it promises its entry within `mmd` seconds */
    receipt: compactJws,
    /** `recourse-registry-key+jwt` by which the log key announced the key of the receipt */
    receiptKey: compactJws,
    /** The newest checkpoint that was shown after that time */
    checkpoint: signedNote,
  }),
]);
export type LedgerEvidence = z.infer<typeof ledgerEvidenceSchema>;

/** The finding that a piece of evidence proves. */
export type LedgerFinding =
  /** The log key signed two histories: proven, whoever says so */
  | { readonly type: 'ledger-forked'; readonly sizes: readonly [number, number] }
  /** Both are of the registry; that the smaller one came later is the word of whoever shows them */
  | { readonly type: 'ledger-rolled-back'; readonly sizes: readonly [number, number] }
  /**
   * The registry promised the entry. It is broken unless the registry shows a proof of `entry` with an index below
   * `size`; anybody may ask for it at `/ledger/proof/<entry>`, or read the leaves.
   */
  | {
      readonly type: 'promise-broken';
      /** Leaf hash, base64url */
      readonly entry: string;
      readonly due: Date;
      readonly size: number;
      /** Enough witnesses cosigned the checkpoint after `due`; else its time is the word of whoever shows it */
      readonly isWitnessedLate: boolean;
    };

/**
 * Checks evidence against a registry; all of it is attacker-controlled. Needs no network and no account.
 * @param policy of that registry: its log key, and its witnesses where the time of a checkpoint matters
 * @throws ProtocolError `evidence-invalid`
 */
export async function verifyEvidence(
  evidence: unknown,
  policy: WitnessPolicy,
): Promise<LedgerFinding> {
  try {
    const parsed = ledgerEvidenceSchema.parse(evidence);
    if (parsed.type === 'ledger-forked') return await verifyFork(parsed, policy);
    if (parsed.type === 'promise-broken') return await verifyBrokenPromise(parsed, policy);
    return await verifyRollback(parsed, policy);
  } catch (cause) {
    if (cause instanceof ProtocolError && cause.code === 'evidence-invalid') throw cause;
    throw new ProtocolError('evidence-invalid', 'does not verify', { cause });
  }
}

type Evidence<T extends LedgerEvidence['type']> = Extract<LedgerEvidence, { type: T }>;

async function verifyFork(
  { notes, prefix, proof }: Evidence<'ledger-forked'>,
  policy: WitnessPolicy,
): Promise<LedgerFinding> {
  const [older, newer] = await openBoth(notes, policy);
  const oldRoot = fromBase64url(prefix);
  const hashes = proof.map(fromBase64url);
  // The larger tree begins with `prefix` by its own root: the smaller one cannot be its beginning, too.
  const { size, root } = newer;
  verifyConsistency({ oldSize: older.size, size, oldRoot, root, proof: hashes });
  if (equalBytes(oldRoot, older.root)) throw invalid('one history');
  return { type: 'ledger-forked', sizes: [older.size, newer.size] };
}

async function verifyRollback(
  { notes }: Evidence<'ledger-rolled-back'>,
  policy: WitnessPolicy,
): Promise<LedgerFinding> {
  const [shown, before] = await openBoth(notes, policy);
  if (shown.size === before.size) throw invalid('one size');
  return { type: 'ledger-rolled-back', sizes: [shown.size, before.size] };
}

async function verifyBrokenPromise(
  { receipt, receiptKey, checkpoint: note }: Evidence<'promise-broken'>,
  policy: WitnessPolicy,
): Promise<LedgerFinding> {
  const { aud, jwk } = await announcedKey(receiptKey, policy);
  if (ledgerOrigin(aud) !== policy.log.name) throw invalid('another registry');
  const { entry, at, mmd } = await openReceiptGroup(receipt, { issuer: aud, jwk });
  if (mmd === undefined) throw invalid('nothing was promised');
  const { checkpoint, witnesses } = await verifyCheckpoint(note, policy);
  const late = witnesses.filter(({ time }) => time >= at + mmd).length;
  return {
    type: 'promise-broken',
    entry,
    due: fromNumericDate(at + mmd),
    size: checkpoint.size,
    isWitnessedLate: policy.threshold > 0 && late >= policy.threshold,
  };
}

async function announcedKey(compact: string, { log }: WitnessPolicy) {
  const jwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(log.publicKey) };
  if (parseCompact(compact).kid !== thumbprint(jwk)) throw invalid('another log key');
  const { payload } = await openArtefact(compact, {
    typ: 'recourse-registry-key+jwt',
    schema: registryKeySchema,
    jwk,
  });
  if (payload.use !== 'receipt') throw invalid('no receipt key');
  return payload;
}

/** For what the log itself signed it does not matter who cosigned. */
async function openBoth(notes: readonly [string, string], { log }: WitnessPolicy) {
  const own = unwitnessed(log);
  const [smaller, larger] = await Promise.all([
    verifyCheckpoint(notes[0], own),
    verifyCheckpoint(notes[1], own),
  ]);
  if (smaller.checkpoint.size > larger.checkpoint.size) throw invalid('order of the notes');
  return [smaller.checkpoint, larger.checkpoint] as const;
}

const invalid = (message: string): ProtocolError => new ProtocolError('evidence-invalid', message);
