import { z } from 'zod';
import type { Services } from '../../services.ts';
import { BadRequest, notFound } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { intentSchema, shown } from '../taken.ts';

const params = z.strictObject({ intent: z.uuid() });

/** Intents that wait, and those that were refused, with the next step. */
export const outboxRoutes = (services: Services): Route[] => [
  ...intentRoutes(services),
  ...mendingRoutes(services),
];

const intentRoutes = ({ outbox }: Services): Route[] => [
  route({
    method: 'GET',
    path: '/outbox',
    id: 'listIntents',
    summary: 'What waits, was refused, or was done in the last thirty days.',
    query: z.strictObject({
      state: z
        .enum(['waiting', 'refused', 'done'])
        .optional()
        .describe('All that is not done where absent'),
    }),
    answers: {
      200: {
        text: 'In the order in which they were taken. Results are at each one.',
        schema: z.object({ intents: z.array(intentSchema.omit({ result: true })) }),
      },
    },
    handle: ({ query: { state } }) => {
      const states = state === undefined ? (['refused', 'waiting'] as const) : [state];
      const intents = states
        .flatMap((state) => outbox.list(state))
        .map((status) => ({ ...shown(status), result: undefined }));
      return { status: 200, body: { intents } };
    },
  }),
  route({
    method: 'GET',
    path: '/outbox/{intent}',
    id: 'getIntent',
    summary: 'One intent, with its result once it is done.',
    params,
    answers: { 200: { text: 'The intent.', schema: intentSchema } },
    handle: ({ params: { intent } }) => {
      const status = outbox.status(intent);
      if (!status) throw notFound();
      return { status: 200, body: shown(status) };
    },
  }),
];

const mendingRoutes = ({ outbox }: Services): Route[] => [
  route({
    method: 'POST',
    path: '/outbox/{intent}/retry',
    id: 'retryIntent',
    summary: 'Put a refused one back, once its cause was mended.',
    params,
    answers: { 202: { text: 'It waits again.', schema: intentSchema } },
    handle: ({ params: { intent } }) => {
      const isBack = outbox.retry(intent);
      const status = outbox.status(intent);
      if (!status) throw notFound();
      if (isBack) return { status: 202, body: shown(status) };
      throw conflict('The intent was not refused.', 'Read its state: it waits, or is done.');
    },
  }),
  route({
    method: 'DELETE',
    path: '/outbox/{intent}',
    id: 'dropIntent',
    summary: 'Forget one: what waits is then not done, and of a submission the case link is lost.',
    params,
    answers: { 204: { text: 'It is gone.' } },
    handle: ({ params: { intent } }) => {
      if (outbox.drop(intent)) return { status: 204 };
      if (!outbox.status(intent)) throw notFound();
      throw conflict('It is being delivered.', 'Try again in a moment.');
    },
  }),
];

const conflict = (title: string, next: string): BadRequest =>
  new BadRequest(409, { code: 'state-conflict', title, next });
