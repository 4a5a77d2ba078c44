import { page, under } from '../parts/route.ts';

/** The pages of this desk. */
export const operatorRoutes = under(
  page('/operator/health', () => import('./health.tsx'), 'Health'),
  page('/operator/parties', () => import('./parties.tsx'), 'Parties'),
  page('/operator/parties/$id', () => import('./parties.tsx'), 'Party'),
  page('/operator/invite', () => import('./invite-platform.tsx'), 'InvitePlatform'),
  page('/operator/panel', () => import('./panel.tsx'), 'Panel'),
  page('/operator/acts', () => import('./registry-acts.tsx'), 'RegistryActs'),
  page('/operator/proposals', () => import('./proposals.tsx'), 'Proposals'),
  page('/operator/people', () => import('../people/people.tsx'), 'People'),
);
