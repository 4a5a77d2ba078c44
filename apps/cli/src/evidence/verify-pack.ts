import type { EvidenceClass } from '@recourse/protocol';
import type { PackedItem } from './read-pack.ts';

export type Verdict = 'fits' | 'wrong-bytes' | 'not-committed-to' | 'not-in-pack';

export interface VerifiedItem {
  readonly item: number;
  readonly class?: EvidenceClass;
  readonly commitment: string;
  readonly verdict: Verdict;
}

/**
 * One verdict an item: of the pack alone, or of the pack and the list it should open.
 * @param committed commitments in the order of the statement
 */
export function verifyPack(
  { items }: { items: readonly PackedItem[] },
  committed?: readonly string[],
): VerifiedItem[] {
  const verdicts = items.map(({ item, class: name, commitment, fits }): VerifiedItem => {
    const isCommitted = committed === undefined || committed[item] === commitment;
    const verdict = isCommitted ? (fits ? 'fits' : 'wrong-bytes') : 'not-committed-to';
    return { item, class: name, commitment, verdict };
  });
  const packed = new Set(items.map(({ item }) => item));
  const missing = (committed ?? []).flatMap((commitment, item): VerifiedItem[] =>
    packed.has(item) ? [] : [{ item, commitment, verdict: 'not-in-pack' }],
  );
  return [...verdicts, ...missing];
}
