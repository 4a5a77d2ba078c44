import {
  assertStrongKey,
  ProtocolError,
  type DeliveredClass,
  type EvidenceState,
  fromBase64url,
  parseStrictJson,
  type GeneralJwe,
  type SealingKey,
} from '@recourse/protocol';
import { invalid } from '../kernel/refusal.ts';

/** One delivery without its bytes. */
export interface DeliveryFacts {
  readonly item: number;
  readonly round: number;
  readonly sealed_to: readonly string[];
  /** The bytes are there: neither destroyed nor replaced */
  readonly held: boolean;
  readonly rejected_why: 'illegal-media' | 'third-party-data' | 'mismatch' | null;
  /** A reviewer says that it does not fit, and nobody has looked again yet */
  readonly disputed: boolean;
}

/** Finds what counts of an item: the last that was delivered, or rejected. */
const lastDelivery = <D extends DeliveryFacts>(
  deliveries: readonly D[],
  item: number,
): D | undefined =>
  deliveries
    .filter((delivery) => delivery.item === item)
    .toSorted((a, b) => a.round - b.round)
    .at(-1);

/** Every item of the statement; delivered is what every reviewer with a key can open. */
export const evidenceStates = (
  evidence: readonly { class: DeliveredClass; commitment: string }[],
  { deliveries, kids }: { deliveries: readonly DeliveryFacts[]; kids: readonly string[] },
): EvidenceState[] =>
  evidence.map(({ class: evidenceClass, commitment }, item) => {
    const last = lastDelivery(deliveries, item);
    return {
      item,
      class: evidenceClass,
      commitment,
      delivered: last !== undefined && opensFor(last, kids),
      ...(last?.rejected_why ? { rejected: last.rejected_why } : {}),
      ...(last?.disputed ? { disputed: true } : {}),
    };
  });

export const missingItems = (states: readonly EvidenceState[]): number[] =>
  states.filter(({ delivered }) => !delivered).map(({ item }) => item);

const opensFor = (delivery: DeliveryFacts, kids: readonly string[]): boolean =>
  delivery.held && kids.length > 0 && kids.every((kid) => delivery.sealed_to.includes(kid));

/** A delivery is for every reviewer on the case and for nobody else. Each has a key of their own. */
export const isSealedTo = (recipients: readonly string[], kids: readonly string[]): boolean =>
  recipients.length === kids.length && kids.every((kid) => recipients.includes(kid));

/**
 * The protected header is attacker-controlled: it names the one cipher and nothing else. A compressed payload would
 * unfold at the reviewer's.
 */
export function assertEncryption({ protected: header }: Pick<GeneralJwe, 'protected'>): void {
  if (read(header) !== '{"enc":"A256GCM"}') throw invalid('jwe.protected', 'unknown-encryption');
}

/** The header without the spaces that its writer chose; undefined where it is no JSON. */
function read(header: string): string | undefined {
  try {
    return JSON.stringify(parseStrictJson(fromBase64url(header)));
  } catch {
    return undefined;
  }
}

/** Attacker-controlled: on a point outside the curve a submitter's half of the exchange leaks. */
export function assertOnCurve(key: SealingKey, path: string): void {
  try {
    assertStrongKey(key);
  } catch (error) {
    throw error instanceof ProtocolError ? invalid(path, error.code) : error;
  }
}
