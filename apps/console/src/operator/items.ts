import type { DeskItem } from '../app/desk-item.ts';

export const operatorItems: readonly DeskItem[] = [{ href: '/operator/parties', text: 'Parties' }];
