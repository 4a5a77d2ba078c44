import { ops, page } from '@recourse/protocol';
import { z } from 'zod';
import { outcomesOrder } from '../../orders/schemas.ts';
import type { Services } from '../../services.ts';
import { orderRoute } from '../order-route.ts';
import { route, type Route } from '../route.ts';

/** Reports of what was done after a match. */
export const outcomeRoutes = ({ recourse, outbox }: Services): Route[] => [
  route({
    method: 'GET',
    path: '/outcomes',
    id: 'listOwedOutcomes',
    summary: 'Matches whose outcome is still owed, the oldest first.',
    query: z.strictObject(page),
    answers: { 200: { text: 'A page.', schema: ops['checks.owed'].output } },
    handle: async ({ query, signal }) => ({
      status: 200,
      body: await recourse.outcomes.owed(query, { signal }),
    }),
  }),
  orderRoute(outbox, {
    path: '/outcomes',
    id: 'reportOutcomes',
    summary: 'Report what was done after matches.',
    body: outcomesOrder,
    example: { outcomes: [{ match: 'mat_01kjp2v4g7e8x9q3n5r6t1w0za', outcome: 'pending' }] },
    result: ops['checks.report'].output,
    intent: (asked) => ({ kind: 'outcomes', order: asked.body }),
  }),
];
