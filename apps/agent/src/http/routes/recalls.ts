import { idSchema, ops, page } from '@recourse/protocol';
import { z } from 'zod';
import { acknowledgementOrder } from '../../orders/schemas.ts';
import type { Services } from '../../services.ts';
import { orderRoute } from '../order-route.ts';
import { route, type Route } from '../route.ts';

/** Recalls that the own party owes an answer to. */
export const recallRoutes = ({ recourse, outbox }: Services): Route[] => [
  route({
    method: 'GET',
    path: '/recalls',
    id: 'listRecalls',
    summary: 'Recalls, the oldest open ones first.',
    query: z.strictObject({ ...page, all: z.boolean().optional() }),
    answers: { 200: { text: 'A page.', schema: ops['recalls.list'].output } },
    handle: async ({ query, signal }) => ({
      status: 200,
      body: await recourse.recalls.list(query, { signal }),
    }),
  }),
  orderRoute(outbox, {
    path: '/recalls/{recall}/acknowledgement',
    id: 'acknowledgeRecall',
    summary: 'Say what was done about a recall.',
    params: z.strictObject({ recall: idSchema('rcl') }),
    body: acknowledgementOrder,
    example: { action: 'undone', copies: 'deleted' },
    result: ops['recalls.acknowledge'].output,
    intent: (asked) => ({ kind: 'acknowledgement', ...asked.params, order: asked.body }),
  }),
];
