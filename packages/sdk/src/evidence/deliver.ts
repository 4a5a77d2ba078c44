import type { EvidenceState, Id } from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import { readEvidence, type EvidenceOpening, type EvidenceSource } from '../sanctions/evidence.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';
import { evidenceCommitment, seal, type Unsealed } from './seal.ts';
import { verifyClaims } from './verify-claims.ts';

export interface Delivery {
  readonly appeal: Id<'apl'>;
  /** Each item with the opening that `sanctions.submit` gave for it */
  readonly evidence: readonly {
    readonly source: EvidenceSource;
    readonly opening: EvidenceOpening;
  }[];
}

export interface Delivered {
  readonly appeal: Id<'apl'>;
  /** Indexes in the statement's evidence, in the order of the delivery */
  readonly items: readonly number[];
  /** What the registry still waits for */
  readonly missing: readonly number[];
}

interface Opened extends Unsealed {
  readonly item: number;
}

/**
 * Seals evidence to every reviewer on the case and delivers it, item by item. Everything is compared with
 * what the statement committed to before anything leaves; delivered again, an item replaces itself.
 */
export async function deliver(
  session: Session,
  delivery: Delivery,
  options?: CallOptions,
): Promise<Delivered> {
  const { appeal } = delivery;
  if (delivery.evidence.length === 0) throw tooFew();
  const { result } = await session.transport.send('appeals.get', { appeal }, reading(options));
  const opened: Opened[] = [];
  for (const [at, { source, opening }] of delivery.evidence.entries()) {
    const bytes = await readEvidence(source, `evidence.${at}.source`);
    opened.push({ bytes, salt: opening.salt, item: await itemOf(result.evidence, opening, bytes) });
  }
  const keys = await verifyClaims(session, { appeal, claims: result.claims });
  let missing: readonly number[] = [];
  for (const item of opened) {
    const input = { appeal, item: item.item, jwe: await seal(item, keys) };
    ({ missing } = (await session.transport.send('evidence.deliver', input, options)).result);
  }
  return { appeal, items: opened.map(({ item }) => item), missing };
}

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
  new RecourseError('invalid-input', { issues: [{ path: 'evidence', code: 'too_small' }] });
