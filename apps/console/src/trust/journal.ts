import { EvidenceCommitment, type IdentifierKind } from '@recourse/protocol';
import type { EvidenceOpening } from '@recourse/sdk';
import type { OpenPerson } from '../identity/person.ts';
import { sealedStore } from '../identity/sealed-store.ts';

/** What an appeal and a notice will need of one record, and the registry never gets. */
export interface JournalEntry {
  readonly caseCode: string;
  readonly caseLink: string;
  readonly account: string;
  readonly evidence: readonly EvidenceOpening[];
  readonly identifiers: readonly { readonly kind: IdentifierKind; readonly value: string }[];
}

/** Sealed in this browser: entries by record, files by their commitment. */
export function journalOf(person: OpenPerson) {
  const entries = sealedStore(person, 'journal');
  const files = sealedStore(person, 'evidence');
  return {
    load: (sanction: string) => entries.load<JournalEntry>(sanction),
    /** Files stand in the order of the openings. */
    async keep(sanction: string, entry: JournalEntry, sources: readonly File[]): Promise<void> {
      await entries.save(sanction, entry);
      for (const [at, { commitment }] of entry.evidence.entries()) {
        const file = sources[at];
        if (file) await files.saveBytes(commitment, new Uint8Array(await file.arrayBuffer()));
      }
    },
    file: (commitment: string) => files.loadBytes(commitment),
    sanctions: () => entries.names(),
  };
}

/** Whether a file is the one that was committed to. */
export const opens = (bytes: Uint8Array, { salt, commitment }: EvidenceOpening): boolean =>
  new EvidenceCommitment(salt).update(bytes).digest() === commitment;
