import type { EvidenceState, OpOutput, ReviewId } from '@recourse/protocol';
import { failAs, isRecourseError, RecourseError } from '../errors.ts';
import { readEvidence, type EvidenceOpening, type EvidenceSource } from '../commitments.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import { evidenceCommitment, seal, type UnsealedItem } from './seal.ts';
import { verifyClaims } from './verify-claims.ts';

/** An item with the opening that `sanctions.submit` gave for it. */
export interface KeptEvidence {
  /** The bytes exactly as they were committed to */
  readonly source: EvidenceSource;

  /** Its commitment and salt, as the submission returned them */
  readonly opening: EvidenceOpening;
}

/** Evidence for the reviewers of one case. */
export interface Delivery {
  /** An appeal against an own sanction, or an inspection of it */
  readonly appeal: ReviewId;

  /** 1..16 items of the statement; several calls may deliver the rest */
  readonly evidence: readonly KeptEvidence[];
}

/** Result of a delivery. */
export interface EvidenceDelivery {
  /** The case that it was for */
  readonly appeal: ReviewId;
  /** Indexes in the statement's evidence, in the order of the delivery */
  readonly items: readonly number[];
  /** Items that the registry still waits for */
  readonly missing: readonly number[];
  /** Number of appeals that have the item now: others of a batch commit to it, too */
  readonly serves: number;
}

/** An item that was compared with the statement. */
interface OpenedItem extends UnsealedItem {
  readonly item: number;
}

/**
 * Reads every item, and finds its place in the statement.
 * @throws RecourseError `evidence-mismatch`, `invalid-input`
 */
async function openKept(
  states: readonly EvidenceState[],
  evidence: readonly KeptEvidence[],
): Promise<OpenedItem[]> {
  if (evidence.length === 0) throw tooFew();
  const opened: OpenedItem[] = [];
  for (const [at, { source, opening }] of evidence.entries()) {
    const bytes = await readEvidence(source, `evidence.${at}.source`);
    opened.push({ bytes, salt: opening.salt, item: await itemOf(states, opening, bytes) });
  }
  return opened;
}

/**
 * Seals evidence to every reviewer on the case and delivers it, item by item. Compares every item with the statement
 * first. An item that is delivered again replaces itself.
 */
export async function deliver(
  session: Session,
  delivery: Delivery,
  options?: CallOptions,
): Promise<EvidenceDelivery> {
  const { appeal } = delivery;
  const { result } = await session.transport.send('appeals.get', { appeal }, reading(options));
  const opened = await openKept(result.evidence, delivery.evidence);
  const keys = await verifyClaims(session, { appeal, claims: result.claims });
  const sealing: DeliveryState = { session, appeal, options, keys };
  let answer: Pick<EvidenceDelivery, 'missing' | 'serves'> = { missing: [], serves: 0 };
  for (const item of opened) answer = await deliverOne(sealing, item);
  const { missing, serves } = answer;
  return { appeal, items: opened.map(({ item }) => item), missing, serves };
}

interface DeliveryState {
  readonly session: Session;
  readonly appeal: ReviewId;
  readonly options: CallOptions | undefined;
  /** Keys of whoever is on the case, as far as they are known */
  keys: Awaited<ReturnType<typeof verifyClaims>>;
}

/** How often reviewers may come and go while one item is delivered. */
const mostChanges = 4;

/** A reviewer may take or leave the case between the reading of its claims and the delivery: it is sealed anew. */
async function deliverOne(
  sealing: DeliveryState,
  item: OpenedItem,
): Promise<OpOutput<'evidence.deliver'>> {
  const { session, appeal, options } = sealing;
  for (let changes = 0; ; changes++) {
    const input = { appeal, item: item.item, jwe: await seal(item, sealing.keys) };
    try {
      return (await session.transport.send('evidence.deliver', input, options)).result;
    } catch (error) {
      if (!haveClaimsChanged(error) || changes >= mostChanges) throw error;
    }
    const { result } = await session.transport.send('appeals.get', { appeal }, reading(options));
    sealing.keys = await verifyClaims(session, { appeal, claims: result.claims });
  }
}

const haveClaimsChanged = (error: unknown): boolean =>
  isRecourseError(error, 'state-conflict') && error.hasIssue('claims-changed');

/** The place in the statement that bytes and salt open; anything else may be somebody else's data. */
function itemOf(
  states: readonly EvidenceState[],
  { commitment, salt }: EvidenceOpening,
  bytes: Uint8Array,
): Promise<number> {
  return failAs('evidence-mismatch', () => {
    const state = states.find((known) => known.commitment === commitment);
    if (!state || evidenceCommitment({ bytes, salt }) !== commitment) {
      throw new RecourseError('evidence-mismatch');
    }
    return state.item;
  });
}

/** An idempotency key of the caller is for the mutation. */
const reading = (options: CallOptions = {}): CallOptions => ({
  signal: options.signal,
  as: options.as,
});

const tooFew = (): RecourseError =>
  new RecourseError('invalid-input', { issues: [{ path: 'evidence', code: 'required' }] });
