import type { DeskItem } from '../parts/desk-item.ts';
import { OwnCount } from './own-count.tsx';

export const reviewItems: readonly DeskItem[] = [
  { href: '/review/queue', text: 'Queue', Count: OwnCount },
  { href: '/review/people', text: 'Keys and people' },
];
