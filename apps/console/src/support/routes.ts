import { page, under } from '../parts/route.ts';

/** The pages of this desk. */
export const supportRoutes = under(
  page('/support/states', () => import('./states.tsx'), 'States'),
  page('/support/people', () => import('../people/people.tsx'), 'People'),
);
