import { page, under } from '../parts/route.ts';

/** The pages of this desk. */
export const reviewRoutes = under(
  page('/review/queue', () => import('./queue.tsx'), 'Queue'),
  page('/review/cases/$id', () => import('./case-page.tsx'), 'CasePage'),
  page('/review/items/$id', () => import('./vote-page.tsx'), 'VotePage'),
  page('/review/seat', () => import('./seat-page.tsx'), 'SeatPage'),
  page('/review/people', () => import('../people/people.tsx'), 'People'),
);
