import type { EvidenceState } from '@recourse/protocol';
import type { Terminal } from '../terminal.ts';

/** What stands behind each item of a statement. */
export const evidenceTable = (evidence: readonly EvidenceState[], terminal: Terminal): void =>
  terminal.table(
    ['item', 'class', 'commitment', 'state'],
    evidence.map(({ item, class: name, commitment, delivered, rejected }) => [
      item,
      name,
      commitment,
      rejected === undefined ? (delivered ? 'delivered' : 'missing') : `rejected: ${rejected}`,
    ]),
  );
