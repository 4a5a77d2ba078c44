import type { Id } from '@recourse/protocol';
import type { EvidenceOpening } from '../commitments.ts';

/**
 * Keeps what opens the evidence of own records, as long as they live: an appeal asks for it within days, and without the
 * salts it is lost. `save` resolves once it is durable, and is called before the submission is first sent.
 */
export interface Journal {
  /** Resolves when the openings are durable, in the order of the statement */
  save(sanction: Id<'snc'>, evidence: readonly EvidenceOpening[]): Promise<void>;
  /** In the order of the statement; nothing of a record that was not submitted with this journal */
  load(sanction: Id<'snc'>): Promise<readonly EvidenceOpening[] | undefined>;
}
