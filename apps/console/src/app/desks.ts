import type { DeskItem } from './desk-item.ts';
import { operatorItems } from '../operator/items.ts';
import { reviewItems } from '../review/items.ts';
import { supportItems } from '../support/items.ts';
import { trustItems } from '../trust/items.ts';

/** The desks of each role. A person of a role that has none here is told so. */
export const desks: Readonly<
  Record<string, { readonly title: string; readonly items: readonly DeskItem[] }>
> = {
  trust: { title: 'Trust desk', items: trustItems },
  support: { title: 'Support desk', items: supportItems },
  reviewer: { title: 'Review desk', items: reviewItems },
  operator: { title: 'Operator desk', items: operatorItems },
};
