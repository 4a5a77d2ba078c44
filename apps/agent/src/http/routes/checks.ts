import { advices, identifierKinds, idSchema, type Purpose } from '@recourse/protocol';
import type { CheckResult, VerifiedMatch } from '@recourse/sdk';
import { z } from 'zod';
import { checkInputOf } from '../../orders/sanction-input.ts';
import { checkOrder } from '../../orders/schemas.ts';
import type { Services } from '../../services.ts';
import { route, type Route } from '../route.ts';

const matchSchema = z
  .object({
    match: idSchema('mat'),
    sanction: idSchema('snc'),
    version: z.int(),
    advice: z
      .enum(advices)
      .exclude(['no-record'])
      .describe(
        'Without review: verify a second identifier and ask again; nobody is refused on it',
      ),
    identifier: z.enum(identifierKinds),
    identifierPath: z.string().describe('Where the identifier that matched stands in the request'),
    since: z.string(),
    expiresAt: z.string(),
    disputed: z.boolean().describe('An appeal is open: what it says is not settled'),
    corroboration: z.string(),
    priorMatch: z.boolean(),
    reasonWithheld: z.boolean().describe('A reason to verify who this is, and for nothing else'),
    reason: z.string().optional(),
    action: z.string().optional(),
    submitter: z.object({ id: z.string(), name: z.string() }).optional(),
    control: z.string().optional(),
    provenAt: z.string().optional(),
  })
  .describe('One record. It is a reason to look, never the sole basis of a decision');

const checkAnswer = z.object({
  advice: z
    .enum([...advices, 'unavailable'])
    .describe('unavailable: nobody was asked. It is no no-record; ask again'),
  from: z
    .enum(['prefix-set', 'memory', 'registry'])
    .optional()
    .describe('The local list ruled everybody out, for the second time, or the registry was asked'),
  matches: z.array(matchSchema),
  check: idSchema('chk').optional(),
  validUntil: z.string().optional().describe('Ask again after this, or when a recall says so'),
  retryAfterSeconds: z.int().optional(),
});

/** Asks about one person. The identifiers do not leave this process: what is sent is blinded. */
export const checkRoutes = ({ recourse, checks, metrics }: Services): Route[] => [
  route({
    method: 'POST',
    path: '/check',
    id: 'check',
    summary: 'Ask about one person.',
    text: 'The identifiers do not leave this process. When the registry is away the advice is unavailable, with a Retry-After; the status is 200 all the same, since a signup goes on without.',
    body: checkOrder,
    example: {
      identifiers: { email: 'best.deals@mail.example' },
      purpose: 'monetisation' satisfies Purpose,
      ref: 'acct-2026-000777',
    },
    answers: { 200: { text: 'The advice, and every record, verified.', schema: checkAnswer } },
    handle: async ({ body, signal }) => {
      const { creator, options } = checkInputOf(body);
      const { withinMs, settleAfterMs } = checks;
      const timing = { signal, withinMs, settleAfterMs };
      const answer = shown(await recourse.check(creator, { ...options, ...timing }));
      metrics.count('recourse_agent_checks_total', { advice: answer.advice });
      const { retryAfterSeconds } = answer;
      const headers =
        retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
      return { status: 200, headers, body: answer };
    },
  }),
];

const standardRetrySeconds = 5;

function shown(result: CheckResult): z.input<typeof checkAnswer> {
  if (result.advice === 'unavailable') {
    const retryAfterSeconds = result.cause.retryAfterSeconds ?? standardRetrySeconds;
    return { advice: 'unavailable', matches: [], retryAfterSeconds };
  }
  const { check, advice, from, matches, validUntil } = result;
  const shownMatches = matches.map((match) => shownMatch(match));
  return { advice, from, check, validUntil: validUntil.toISOString(), matches: shownMatches };
}

/** Statements, amendments and receipts are the SDK's to verify; a service has no use for them. */
const shownMatch = (match: VerifiedMatch): z.input<typeof matchSchema> => ({
  match: match.match,
  sanction: match.sanction,
  version: match.version,
  advice: match.advice,
  identifier: match.identifier,
  identifierPath: match.identifierPath,
  since: match.since.toISOString(),
  expiresAt: match.expiresAt.toISOString(),
  disputed: match.disputed,
  corroboration: match.corroboration,
  priorMatch: match.priorMatch,
  reasonWithheld: match.reasonWithheld,
  reason: match.reason,
  action: match.action,
  submitter: match.submitter,
  control: match.control,
  provenAt: match.provenAt?.toISOString(),
});
