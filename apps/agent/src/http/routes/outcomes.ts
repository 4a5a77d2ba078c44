import { ops, page } from '@recourse/protocol';
import { z } from 'zod';
import { outcomesOrder } from '../../orders/schemas.ts';
import type { Services } from '../../services.ts';
import { route, type Route } from '../route.ts';
import { taken, waiting } from '../taken.ts';

/** What was done after a match. */
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
  route({
    method: 'POST',
    path: '/outcomes',
    id: 'reportOutcomes',
    summary: 'Report what was done after matches.',
    text: waiting.text,
    query: waiting.query,
    body: outcomesOrder,
    example: { outcomes: [{ match: 'mat_01kjp2v4g7e8x9q3n5r6t1w0za', outcome: 'pending' }] },
    answers: waiting.answers(ops['checks.report'].output),
    handle: (asked) => taken(outbox, { kind: 'outcomes', order: asked.body }, asked),
  }),
];
