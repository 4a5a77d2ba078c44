import { page, under } from '../app/route.ts';

/** The pages of this desk. */
export const operatorRoutes = under(
  page('/operator/parties', () => import('./parties.tsx'), 'Parties'),
);
