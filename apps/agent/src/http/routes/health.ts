import { z } from 'zod';
import type { Services } from '../../services.ts';
import { route, type Route } from '../route.ts';

/** Whether it runs, and how it is doing, for machines. */
export const healthRoutes = ({ outbox, questions, metrics }: Services): Route[] => [
  route({
    method: 'GET',
    path: '/healthz',
    id: 'health',
    summary: 'Whether the process runs, and whether it reaches the registry.',
    isOpen: true,
    answers: {
      200: {
        text: 'It runs.',
        schema: z.object({
          status: z.literal('ok'),
          registry: z
            .enum(['reached', 'away'])
            .describe('As the last delivery, or kept question, found it'),
          waiting: z.int().describe('Intents'),
          questions: z.int().describe('Questions that are kept until the registry answers'),
          refused: z.int().describe('Intents that somebody has to look at: /outbox'),
        }),
      },
    },
    handle: () => ({
      status: 200,
      body: {
        status: 'ok',
        registry: outbox.isAway || questions.isAway ? 'away' : 'reached',
        waiting: outbox.count('waiting'),
        questions: questions.waiting(),
        refused: outbox.count('refused'),
      },
    }),
  }),
  route({
    method: 'GET',
    path: '/metrics',
    id: 'metrics',
    summary: 'Counts for Prometheus; no id and no identifier is in them.',
    answers: { 200: { text: 'Text format 0.0.4.', mediaType: 'text/plain' } },
    handle: () =>
      new Response(metrics.text(), {
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      }),
  }),
];
