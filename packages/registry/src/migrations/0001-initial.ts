import { appealGuards } from './appeal-guards.ts';
import { appealTables } from './tables-appeals.ts';
import { backlogGuards } from './backlog-guards.ts';
import { batchGuards, batchTables } from './batch-guards.ts';
import { caseFunctions, claimantGuards, claimantTables } from './tables-claimants.ts';
import { caseTables, endGuards } from './tables-cases.ts';
import { codeFunctions } from './code-functions.ts';
import { checkGuards, checkTables } from './tables-checks.ts';
import { epochGuards, epochTables } from './tables-epochs.ts';
import { derivedGuards, derivedTables, evasionGuards } from './tables-derived-records.ts';
import { grants, serviceRole } from './grants.ts';
import { disputePolicies, disputeTables } from './tables-disputes.ts';
import { redecisionGuards, redecisionTables } from './tables-redecisions.ts';
import { ledgerGuards, ledgerTables } from './tables-ledger.ts';
import { membershipGuards } from './membership-guards.ts';
import { noticeGuards } from './notice-guards.ts';
import { noticeTables } from './tables-notices.ts';
import { membershipTables } from './tables-membership.ts';
import { panelCaseGuards, panelCaseTables } from './tables-panel-cases.ts';
import { panelGuards, panelTables } from './tables-panel.ts';
import { partyTables } from './tables-parties.ts';
import { prefixGuards, prefixTables } from './tables-prefixes.ts';
import { journalGuards, journalTables } from './tables-journals.ts';
import { inquiryGuards, inquiryTables } from './tables-inquiries.ts';
import { reenrolmentGuards, reenrolmentTables } from './tables-reenrolment.ts';
import { recordTables } from './tables-records.ts';
import { eraseFunctions, unsampled } from './erase-functions.ts';
import { retentionTables } from './tables-retention.ts';
import { transparencyTables } from './tables-transparency.ts';
import {
  appealPolicies,
  isNewTo,
  openReviewFunctions,
  reviewPolicies,
  reviewTables,
} from './tables-review.ts';

export const initial = {
  name: '0001-initial',
  statements: [
    ...codeFunctions,
    ...partyTables,
    ...recordTables,
    ...caseTables,
    ...noticeTables,
    ...journalTables,
    ...epochTables,
    ...checkTables,
    ...derivedTables,
    ...inquiryTables,
    ...claimantTables,
    ...appealTables,
    ...batchTables,
    ...reviewTables,
    ...panelTables,
    ...disputeTables,
    ...redecisionTables,
    ...panelCaseTables,
    ...ledgerTables,
    ...membershipTables,
    ...reenrolmentTables,
    ...retentionTables,
    ...transparencyTables,
    ...prefixTables,
    ...openReviewFunctions,
    ...grants,
    isNewTo,
    ...appealPolicies(serviceRole),
    ...reviewPolicies(serviceRole),
    ...disputePolicies(serviceRole),
    ...appealGuards,
    ...batchGuards,
    ...claimantGuards,
    ...caseFunctions,
    ...endGuards,
    ...checkGuards,
    ...epochGuards,
    ...derivedGuards(serviceRole),
    ...evasionGuards,
    ...inquiryGuards,
    ...panelGuards(serviceRole),
    ...redecisionGuards(serviceRole),
    ...ledgerGuards,
    ...prefixGuards,
    ...membershipGuards(serviceRole),
    ...noticeGuards,
    ...journalGuards,
    ...backlogGuards,
    ...reenrolmentGuards,
    ...panelCaseGuards,
    ...unsampled,
    ...eraseFunctions(serviceRole),
  ],
};
