import type { DeskItem } from '../parts/desk-item.ts';

export const supportItems: readonly DeskItem[] = [
  { href: '/support/states', text: 'States' },
  { href: '/support/people', text: 'Keys and people' },
];
