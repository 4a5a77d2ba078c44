import { codeFunctions } from '../schema/code-functions.ts';
import { completing, creating } from '../schema/ddl.ts';
import { tables } from '../schema/tables.ts';
import { appealGuards } from './appeal-guards.ts';
import { auditGroups } from './audit-groups.ts';
import { backlogGuards } from './backlog-guards.ts';
import { batchGuards } from './batch-guards.ts';
import { caseFunctions, claimantGuards } from './claimant-guards.ts';
import { checkGuards } from './check-guards.ts';
import { derivedGuards, evasionGuards } from './derived-guards.ts';
import { disputePolicies } from './dispute-policies.ts';
import { endGuards } from './end-guards.ts';
import { epochGuards } from './epoch-guards.ts';
import { eraseFunctions, unsampled } from './erase-functions.ts';
import { finalGuards } from './final-guards.ts';
import { grants, serviceRole } from './grants.ts';
import { groupFunctions } from './group-guards.ts';
import { journalGuards } from './journal-guards.ts';
import { ledgerGuards } from './ledger-guards.ts';
import { membershipGuards } from './membership-guards.ts';
import { noticeGuards } from './notice-guards.ts';
import { panelCaseGuards } from './panel-case-guards.ts';
import { panelGuards } from './panel-guards.ts';
import { prefixGuards } from './prefix-guards.ts';
import { redecisionGuards } from './redecision-guards.ts';
import { roomGuards } from './room-guards.ts';
import { seenFunctions } from './seen-functions.ts';
import { appealPolicies, isNewTo, openReviewFunctions } from './review-guards.ts';
import { suspensionFunctions } from './suspension-functions.ts';

/**
 * What the schema shall be: the tables with their constraints and rights, then what guards several rows. The steps of
 * `packages/registry/migrations` lead there, and a test compares both.
 */
export const definition: readonly string[] = [
  ...codeFunctions,
  ...tables.flatMap(creating),
  ...tables.flatMap(completing),
  ...groupFunctions,
  ...suspensionFunctions,
  ...openReviewFunctions,
  ...auditGroups,
  ...grants,
  isNewTo,
  ...appealPolicies(serviceRole),
  ...disputePolicies(serviceRole),
  ...appealGuards,
  ...batchGuards,
  ...claimantGuards,
  ...caseFunctions,
  ...roomGuards,
  ...endGuards,
  ...checkGuards,
  ...epochGuards,
  ...derivedGuards(serviceRole),
  ...evasionGuards,
  ...panelGuards(serviceRole),
  ...redecisionGuards(serviceRole),
  ...ledgerGuards,
  ...seenFunctions(serviceRole),
  ...prefixGuards,
  ...membershipGuards(serviceRole),
  ...noticeGuards,
  ...journalGuards,
  ...backlogGuards,
  ...panelCaseGuards,
  ...finalGuards,
  ...unsampled,
  ...eraseFunctions(serviceRole),
];
