import type { DeskItem } from '../parts/desk-item.ts';
import { ProposalCount } from './proposal-count.tsx';

export const operatorItems: readonly DeskItem[] = [
  { href: '/operator/health', text: 'Health' },
  { href: '/operator/proposals', text: 'Proposals', Count: ProposalCount },
  { href: '/operator/parties', text: 'Platforms' },
  { href: '/operator/invite', text: 'Let a platform in' },
  { href: '/operator/panel', text: 'Review panel' },
  { href: '/operator/acts', text: 'Orders and keys' },
  { href: '/operator/people', text: 'Keys and people' },
];
