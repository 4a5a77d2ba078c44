import type { DeskItem } from '../app/desk-item.ts';

export const supportItems: readonly DeskItem[] = [{ href: '/support/states', text: 'States' }];
