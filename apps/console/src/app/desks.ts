import type { ComponentType } from 'react';
import type { DeskItem } from '../parts/desk-item.ts';
import { operatorItems } from '../operator/items.ts';
import { reviewItems } from '../review/items.ts';
import { supportItems } from '../support/items.ts';
import { trustItems } from '../trust/items.ts';
import { JoinJournals } from '../trust/join-journals.ts';

interface Desk {
  readonly title: string;
  readonly items: readonly DeskItem[];
  /** Runs when this desk opens; it shows nothing */
  readonly Opening?: ComponentType;
}

/** The desks of each role. A person of a role that has none here is told so. */
export const desks: Readonly<Record<string, Desk>> = {
  trust: { title: 'Trust desk', items: trustItems, Opening: JoinJournals },
  support: { title: 'Support desk', items: supportItems },
  reviewer: { title: 'Review desk', items: reviewItems },
  operator: { title: 'Operator desk', items: operatorItems },
};
