import { page, under } from '../app/route.ts';

/** The pages of this desk. */
export const trustRoutes = under(
  page('/trust/inbox', () => import('./inbox.tsx'), 'Inbox'),
  page('/trust/check', () => import('./check.tsx'), 'Check'),
);
