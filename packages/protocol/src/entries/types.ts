// Apart from the table, so that whoever takes entries for bytes, as a creator's client does, loads names and no schemas.

/** Entries about a sanction: `ref` hides which, `digest` commits to the detail (protocol, section 11). */
export const sanctionEntryTypes = [
  'sanction-submitted',
  'notice-delivered',
  'notice-stated',
  'sanction-visible',
  'sanction-suspended',
  'sanction-reinstated',
  'sanction-amended',
  'sanction-retokenised',
  'sanction-ended',
  'echo-review',
  'echo-confirmed',
  'erasure-requested',
  'subject-erased',
  'texts-erased',
  'erased',
  'appeal-opened',
  'appeal-withdrawal',
  'claim',
  'recused',
  'evidence-delivered',
  'evidence-rejected',
  'evidence-disputed',
  'dispute-settled',
  'relief',
  'appeal-decided',
  'finding',
  'inspection-opened',
  'inspection-closed',
  'panel-asked',
  'panel-answered',
] as const;
/** Entries about one disclosure: `pair` hides sanction and platform, and carries no `ref`. */
export const pairEntryTypes = [
  'sanction-disclosed',
  'recall-issued',
  'recall-acknowledged',
  'recall-overdue',
  'question-asked',
  'question-answered',
] as const;
/** Entries that anyone may read whole. */
export const publicEntryTypes = [
  'key-added',
  'key-revoked',
  'registry-key',
  'party-proposed',
  'party-registered',
  'party-objected',
  'party-admitted',
  'party-warned',
  'party-suspended',
  'party-restored',
  'party-left',
  'party-reenrol-announced',
  'party-reenrol-stopped',
  'reviewer-added',
  'reviewer-removed',
  'taxonomy',
  'limits',
  'authority-demand',
  'authority-attested',
  'order-executed',
  'panel-opened',
  'panel-closed',
  'inspections-drawn',
  'oprf-epoch',
  'prefix-set',
  'witness-policy',
  'restored',
] as const;

export type SanctionEntryType = (typeof sanctionEntryTypes)[number];
export type PairEntryType = (typeof pairEntryTypes)[number];
export type PublicEntryType = (typeof publicEntryTypes)[number];
/** A type of entry that has a detail */
export type EntryType = SanctionEntryType | PairEntryType | PublicEntryType;
