import type { DeskItem } from '../app/desk-item.ts';

export const reviewItems: readonly DeskItem[] = [{ href: '/review/queue', text: 'Queue' }];
