import {
  type EvidenceItem,
  type EvidenceState,
  fromBase64url,
  isJsonObject,
  parseStrictJson,
  type GeneralJwe,
  type Json,
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

/** What counts of an item: the last that was delivered, or rejected. */
const lastDelivery = <D extends DeliveryFacts>(
  deliveries: readonly D[],
  item: number,
): D | undefined =>
  deliveries
    .filter((delivery) => delivery.item === item)
    .reduce<D | undefined>((last, one) => (last && last.round > one.round ? last : one), undefined);

/** Every item of the statement; delivered is what every reviewer with a key can open. */
export const evidenceStates = (
  evidence: readonly EvidenceItem[],
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

/** A delivery is for every reviewer on the case and for nobody else. */
export const isSealedTo = (recipients: readonly string[], kids: readonly string[]): boolean =>
  recipients.length === kids.length &&
  new Set(recipients).size === kids.length &&
  kids.every((kid) => recipients.includes(kid));

/** The protected header is attacker-controlled: a compressed payload would unfold at the reviewer's. */
export function assertEncryption({ protected: header }: GeneralJwe): void {
  let json: Json | undefined;
  try {
    json = parseStrictJson(fromBase64url(header));
  } catch {
    // Not what it should be, said below.
  }
  const isPlain = json !== undefined && isJsonObject(json) && Object.keys(json).join() === 'enc';
  if (!isPlain || !isJsonObject(json) || json['enc'] !== 'A256GCM') {
    throw invalid('jwe.protected', 'unknown-encryption');
  }
}
