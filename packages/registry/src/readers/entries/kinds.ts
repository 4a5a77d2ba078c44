import type { Kind } from './comparison.ts';
import { appeals, assignments, decisions, deliveries, disputes } from './appeals.ts';
import { derivedRecords, derivedReviews, inquiries } from './derived-records.ts';
import { ends, suspensions } from './ends.ts';
import { retokenisations, rotations } from './epochs.ts';
import { history } from './history.ts';
import { inspections } from './inspections.ts';
import {
  admissions,
  attestations,
  demands,
  objections,
  orders,
  reenrolments,
} from './membership.ts';
import { noticeDeliveries } from './notice-deliveries.ts';
import {
  inspectionDraws,
  challenges,
  panelItems,
  panelVotes,
  partySuspensions,
  warnings,
} from './panel.ts';
import { parties, partyGroups, proposals } from './parties.ts';
import { prefixVersions } from './prefixes.ts';
import { affiliations, countersignatures, facts, keys, reviewers } from './people.ts';
import { acknowledgements, disclosures, recalls } from './recalls.ts';
import { sanctions } from './sanctions.ts';
import { erasedTexts, erasureRequests } from './erasures.ts';
import { witnesses, witnessPolicies } from './witnesses.ts';

/** Each table that entries speak of, in the order in which they are compared. */
export const kinds: readonly Kind[] = [
  facts,
  rotations,
  parties,
  partyGroups,
  proposals,
  objections,
  admissions,
  demands,
  attestations,
  orders,
  reenrolments,
  reviewers,
  affiliations,
  keys,
  countersignatures,
  witnessPolicies,
  witnesses,
  sanctions,
  history,
  ends,
  suspensions,
  retokenisations,
  derivedRecords,
  derivedReviews,
  disclosures,
  inquiries,
  recalls,
  acknowledgements,
  appeals,
  assignments,
  decisions,
  deliveries,
  erasureRequests,
  erasedTexts,
  noticeDeliveries,
  disputes,
  panelItems,
  panelVotes,
  challenges,
  warnings,
  partySuspensions,
  inspectionDraws,
  inspections,
  prefixVersions,
];
