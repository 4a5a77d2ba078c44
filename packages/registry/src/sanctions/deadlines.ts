import { defaultDeadlines, type Deadlines } from '../bounds.ts';
import type { Services } from '../context.ts';

/** The deadlines this registry was configured with. */
export const deadlines = (
  services: Pick<Services, 'origin'> & { readonly deadlines?: Deadlines },
): Deadlines => services.deadlines ?? defaultDeadlines;
