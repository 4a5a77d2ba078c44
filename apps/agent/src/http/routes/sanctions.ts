import { idSchema, ops } from '@recourse/protocol';
import { z } from 'zod';
import {
  evidenceOpening,
  noticeOrder,
  sanctionOrder,
  withdrawalOrder,
} from '../../orders/schemas.ts';
import type { Services } from '../../services.ts';
import { orderRoute } from '../order-route.ts';
import { route, type Route } from '../route.ts';

const params = z.strictObject({ sanction: idSchema('snc') });

const submission = z.object({
  sanction: idSchema('snc'),
  state: z.string(),
  version: z.int(),
  noticeDueAt: z.string().describe('Tell the creator by then, or the record is withdrawn'),
  caseCode: z.string(),
  caseLink: z
    .string()
    .describe('For a notice of your own to the creator, where the record has no address'),
  evidence: z
    .array(evidenceOpening)
    .describe('Keep each with its bytes: without the salt an appeal is lost'),
  subjects: z.array(z.object({ index: z.int(), kind: z.string() })),
});

const withdrawalResult = ops['sanctions.withdraw'].output.extend({
  complaint: evidenceOpening
    .optional()
    .describe('Keep it with the complaint: without the salt the withdrawal counts against you'),
});

const noticeResult = z.object({
  by: z
    .enum(['registry', 'platform', 'nobody'])
    .describe('nobody: the record has no address, and nothing was stated'),
  ...ops['sanctions.notify'].output.partial().shape,
  visibleFrom: z.string().optional(),
  why: z.string().optional(),
});

const sanctionExample: z.input<typeof sanctionOrder> = {
  creator: {
    email: { value: 'seller@mail.example', control: 'otp', provenAt: '2026-01-10T12:00:00Z' },
  },
  reason: 'fraud.scam',
  action: 'account-terminated',
  incident: { from: '2026-01-20T00:00:00Z', to: '2026-02-10T00:00:00Z' },
  decidedAt: '2026-02-27T10:00:00Z',
  decidedBy: 'human',
  evidence: [{ class: 'payment-records', count: 40, content: 'cGF5ZXIsYW1vdW50Cg==' }],
  account: 'Sold the same ticket to forty people between 20 January and 10 February.',
  policy: 0,
  origin: 'user-report',
  attest: ['no-authority', 'no-takeover'],
  age: 'adult',
};

/** Records of the own party. */
export const sanctionRoutes = (services: Services): Route[] => [
  ...recordRoutes(services),
  ...actRoutes(services),
];

const recordRoutes = ({ recourse, outbox }: Services): Route[] => [
  route({
    method: 'GET',
    path: '/sanctions',
    id: 'listSanctions',
    summary: 'Own records, the newest first.',
    query: ops['sanctions.list'].input.omit({ returned: true }),
    answers: { 200: { text: 'A page.', schema: ops['sanctions.list'].output } },
    handle: async ({ query, signal }) => ({
      status: 200,
      body: await recourse.sanctions.list(query, { signal }),
    }),
  }),
  orderRoute(outbox, {
    path: '/sanctions',
    id: 'submitSanction',
    summary: 'Record a sanction.',
    body: sanctionOrder,
    example: sanctionExample,
    result: submission,
    intent: (asked) => ({ kind: 'submission', order: asked.body }),
  }),
  route({
    method: 'GET',
    path: '/sanctions/{sanction}',
    id: 'getSanction',
    summary: 'One own record with its history.',
    params,
    answers: { 200: { text: 'The record.', schema: ops['sanctions.get'].output } },
    handle: async ({ params: { sanction }, signal }) => ({
      status: 200,
      body: await recourse.sanctions.get({ sanction }, { signal }),
    }),
  }),
];

const actRoutes = ({ outbox }: Services): Route[] => [
  orderRoute(outbox, {
    path: '/sanctions/{sanction}/notice',
    id: 'tellCreator',
    summary: 'Have the registry write to the creator, or say that you told them where it cannot.',
    params,
    body: noticeOrder,
    example: { language: 'en', email: ['seller@mail.example'] },
    result: noticeResult,
    intent: (asked) => ({ kind: 'notice', ...asked.params, order: asked.body }),
  }),
  orderRoute(outbox, {
    path: '/sanctions/{sanction}/withdrawal',
    id: 'withdrawSanction',
    summary: 'End an own record; everyone who was told is told.',
    params,
    body: withdrawalOrder,
    example: { cause: 'mistaken-identity' },
    result: withdrawalResult,
    intent: (asked) => ({ kind: 'withdrawal', ...asked.params, order: asked.body }),
  }),
];
