import { idSchema, ops, page, reviewIdSchema, type Role } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { z } from 'zod';
import { concessionOrder, evidenceOrder, standOrder } from '../../orders/schemas.ts';
import type { Services } from '../../services.ts';
import { orderRoute } from '../order-route.ts';
import { route, type Route } from '../route.ts';

const params = z.strictObject({ sanction: idSchema('snc'), appeal: idSchema('apl') });
/** Ids of an appeal, or of an inspection of the record */
const reviewParams = z.strictObject({ sanction: idSchema('snc'), appeal: reviewIdSchema });
const at = '/cases/{sanction}/appeals/{appeal}';

const delivered = z.object({
  appeal: reviewIdSchema,
  items: z.array(z.int()).describe('Places in the statement, in the order of the delivery'),
  missing: z.array(z.int()).describe('What the registry still waits for'),
});

const wordsRole = ({ session }: Recourse): Role | undefined =>
  session.signers.trust ? 'trust' : undefined;

/** Appeals against own records. A case is one record; what is done in it is done in order. */
export const caseRoutes = (services: Services): Route[] => [
  ...appealRoutes(services),
  ...answerRoutes(services),
];

const appealRoutes = ({ recourse }: Services): Route[] => [
  route({
    method: 'GET',
    path: '/cases',
    id: 'listAppeals',
    summary: 'Appeals against own records, the newest first, and their open inspections.',
    query: z.strictObject({ ...page, open: z.boolean().optional() }),
    answers: { 200: { text: 'A page.', schema: ops['appeals.list'].output } },
    handle: async ({ query, signal }) => ({
      status: 200,
      body: await recourse.appeals.list(query, { signal }),
    }),
  }),
  route({
    method: 'GET',
    path: at,
    id: 'getAppeal',
    summary: 'One appeal or inspection: what it says, and what is owed by when.',
    params: reviewParams,
    answers: { 200: { text: 'The appeal.', schema: ops['appeals.get'].output } },
    handle: async ({ params: { appeal }, signal }) => ({
      status: 200,
      // Words of the creator are for trust keys.
      body: await recourse.appeals.get({ appeal }, { signal, as: wordsRole(recourse) }),
    }),
  }),
];

const answerRoutes = ({ outbox }: Services): Route[] => [
  orderRoute(outbox, {
    path: `${at}/response`,
    id: 'standByRecord',
    summary: 'Stand by the record, in words.',
    params,
    body: standOrder,
    example: { text: 'The export lists every payment.' },
    result: ops['appeals.respond'].output,
    intent: (asked) => ({ kind: 'stand', ...asked.params, order: asked.body }),
  }),
  orderRoute(outbox, {
    path: `${at}/concession`,
    id: 'concedeAppeal',
    summary: 'Give way: the record ends, and counts as reversed.',
    params,
    body: concessionOrder,
    example: { cause: 'error' },
    result: ops['appeals.respond'].output,
    intent: (asked) => ({ kind: 'concession', ...asked.params, order: asked.body }),
  }),
  orderRoute(outbox, {
    path: `${at}/evidence`,
    id: 'deliverEvidence',
    summary: 'Deliver evidence, sealed to the reviewers on the case.',
    text: `The registry cannot read it. Bytes and opening are compared with the statement before anything leaves; while no reviewer is on the case it waits.`,
    params: reviewParams,
    body: evidenceOrder,
    example: {
      evidence: [
        {
          content: 'cGF5ZXIsYW1vdW50Cg==',
          opening: { class: 'payment-records', commitment: '…', salt: '…' },
        },
      ],
    },
    result: delivered,
    intent: (asked) => ({ kind: 'evidence', ...asked.params, order: asked.body }),
  }),
];
