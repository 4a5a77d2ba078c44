import type { DeskItem } from '../app/desk-item.ts';

export const trustItems: readonly DeskItem[] = [
  { href: '/trust/inbox', text: 'Inbox' },
  { href: '/trust/check', text: 'Check a person' },
];
