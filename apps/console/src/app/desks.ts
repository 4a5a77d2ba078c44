import type { ComponentType } from 'react';
import type { DeskItem, Waiting } from '../parts/desk-item.ts';
import { operatorItems } from '../operator/items.ts';
import { useProposalCount } from '../operator/proposal-count.tsx';
import { reviewItems } from '../review/items.ts';
import { useReviewWork } from '../review/own-count.tsx';
import { supportItems } from '../support/items.ts';
import { trustItems } from '../trust/items.ts';
import { JoinJournals } from '../trust/join-journals.ts';
import { useOwedCount } from '../trust/owed.ts';

interface Desk {
  readonly title: string;
  readonly items: readonly DeskItem[];
  /** Runs when this desk opens; it shows nothing */
  readonly Opening?: ComponentType;
  /** How much waits for its person; in the background, it asks while the tab is hidden, too */
  readonly useWaiting?: (inBackground: boolean) => Waiting | undefined;
}

/** The desks of each role. A person of a role that has none here is told so. */
export const desks: Readonly<Record<string, Desk>> = {
  trust: {
    title: 'Trust desk',
    items: trustItems,
    Opening: JoinJournals,
    useWaiting: useOwedCount,
  },
  support: { title: 'Support desk', items: supportItems },
  reviewer: { title: 'Review desk', items: reviewItems, useWaiting: useReviewWork },
  operator: { title: 'Operator desk', items: operatorItems, useWaiting: useProposalCount },
};
