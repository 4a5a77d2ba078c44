import type { Services } from '../../services.ts';
import type { Route } from '../route.ts';
import { caseRoutes } from './cases.ts';
import { checkRoutes } from './checks.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { outboxRoutes } from './outbox.ts';
import { outcomeRoutes } from './outcomes.ts';
import { questionRoutes } from './questions.ts';
import { recallRoutes } from './recalls.ts';
import { sanctionRoutes } from './sanctions.ts';

/** Everything that services can ask for, in the order in which the page shows it. */
export const routesOf = (services: Services): Route[] => [
  ...checkRoutes(services),
  ...questionRoutes(services),
  ...outcomeRoutes(services),
  ...recallRoutes(services),
  ...eventRoutes(services),
  ...sanctionRoutes(services),
  ...caseRoutes(services),
  ...outboxRoutes(services),
  ...healthRoutes(services),
];
