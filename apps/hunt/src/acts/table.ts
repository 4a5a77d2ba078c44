import {
  caseOps,
  isCaseOpName,
  isOpName,
  ops,
  type CaseOpName,
  type OpName,
} from '@recourse/protocol';
import { appealActs } from './appeal-acts.ts';
import { caseAccessActs } from './case-access-acts.ts';
import { caseActs } from './case-acts.ts';
import { checkActs } from './check-acts.ts';
import { evidenceActs } from './evidence-acts.ts';
import { journalActs } from './journal-acts.ts';
import { partyActs } from './party-acts.ts';
import { recordActs } from './record-acts.ts';
import { reviewActs } from './review-acts.ts';
import type { Never, Row } from './row.ts';
import { worldActs } from './world-acts.ts';

/** Everything that anybody may do to a registry, by its operation. */
export type ActName = OpName | CaseOpName | keyof typeof worldActs;

const byOperation: { readonly [N in OpName | CaseOpName]: Row | Never } = {
  ...recordActs,
  ...checkActs,
  ...appealActs,
  ...reviewActs,
  ...evidenceActs,
  ...journalActs,
  ...partyActs,
  ...caseActs,
  ...caseAccessActs,
} satisfies { readonly [N in OpName | CaseOpName]: Row | Never };

const table: { readonly [N in ActName]: Row | Never } = {
  ...byOperation,
  ...worldActs,
};

export const actNames = Object.keys(table) as ActName[];

/** The row of an act, unless it makes no sense in a hunt. */
export function rowOf(name: ActName): Row | undefined {
  const found = table[name];
  return 'never' in found ? undefined : found;
}

/** Operations that no hunt tries, each with its reason. */
export const untried: readonly { readonly op: string; readonly why: string }[] = Object.entries(
  table,
).flatMap(([op, found]) => ('never' in found ? [{ op, why: found.never }] : []));

/** Operations of the wire, without the acts of the world itself. */
export const operations = Object.keys(byOperation);

/** An operation of the registry that changes nothing. */
export const isRead = (name: ActName): boolean =>
  (isOpName(name) && ops[name].kind === 'read') ||
  (isCaseOpName(name) && caseOps[name].kind === 'read');
