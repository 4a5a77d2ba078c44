import { decisionOutcomes, inspectionOutcomes } from '../appeal.ts';

/** The two kinds of review: an appeal of the creator, or an inspection that nobody asked for. */
export const reviewKinds = ['appeal', 'inspection'] as const;
export type ReviewKind = (typeof reviewKinds)[number];

interface ReviewRule {
  /** Prefix of the ids of its kind */
  readonly prefix: 'apl' | 'itm';
  readonly outcomes: readonly string[];
  /** Its steps are lines of the history that the creator reads */
  readonly inHistory: boolean;
  /** Overdue evidence suspends the record, and reverses it only as long again later */
  readonly suspendsFirst: boolean;
  /** The eleventh record of a day that one reviewer takes from is confirmed by another; an inspection has no other */
  readonly isConfirmed: boolean;
}

/**
 * The differences between the two kinds. All other rules are the same: assignment by draw and in turn, load, recusals,
 * keys, evidence, disputes, the days for evidence and for the decision. Nobody decides a record twice.
 *
 * The creator of an inspected record is told, and not asked: a reviewer examines whether the evidence holds.
 */
export const reviewRules: Readonly<Record<ReviewKind, ReviewRule>> = {
  appeal: {
    prefix: 'apl',
    outcomes: decisionOutcomes,
    inHistory: true,
    suspendsFirst: true,
    isConfirmed: true,
  },
  inspection: {
    prefix: 'itm',
    outcomes: inspectionOutcomes,
    inHistory: false,
    suspendsFirst: false,
    isConfirmed: false,
  },
};

/**
 * So many days before its end an inspection is due to be taken. Before that, a quarter's draw yields to appeals, which
 * are taken within days. From then on only the time for evidence and a decision is left, so it comes first.
 */
export const inspectionTakenBeforeDays = 14;
