import type { OwedKind } from '../owed.ts';

/** What can be done for many at once, and how the button for it says so. An appeal and an inquiry are answered alone. */
export const togetherActs = {
  notice: { one: 'notice', many: 'notices', act: 'Tell the creators' },
  outcome: { one: 'outcome', many: 'outcomes', act: 'Report the outcomes' },
  recall: { one: 'recall', many: 'recalls', act: 'Acknowledge' },
  draft: { one: 'draft', many: 'drafts', act: 'Confirm' },
} as const satisfies Partial<Record<OwedKind, object>>;

export type TogetherKind = keyof typeof togetherActs;

export const togetherKinds = Object.keys(togetherActs) as readonly TogetherKind[];
