import { page, under } from '../app/route.ts';

/** The pages of this desk. */
export const reviewRoutes = under(page('/review/queue', () => import('./queue.tsx'), 'Queue'));
