import { advices, idSchema, purposes, type Purpose } from '@recourse/protocol';
import { isIdentifier } from '@recourse/protocol/identifiers';
import { z } from 'zod';
import { keptCheckOrder, type KeptCheckOrder } from '../../orders/schemas.ts';
import { askUntil, type Question } from '../../questions/question.ts';
import type { Services } from '../../services.ts';
import { BadRequest, notFound } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { shownTrouble, troubleSchema } from '../taken.ts';

const questionSchema = z.object({
  question: z.string().describe('Its id, at /checks/{question}'),
  purpose: z.enum(purposes),
  ref: z.string(),
  state: z
    .enum(['waiting', 'answered', 'not-asked', 'refused'])
    .describe('not-asked: the proof grew older than 24 hours before the registry could answer'),
  takenAt: z.string(),
  askUntil: z.string().describe('It is asked until then'),
  endedAt: z.string().optional(),
  advice: z.enum(advices).optional(),
  check: idSchema('chk').optional(),
  validUntil: z.string().optional(),
  matches: z
    .array(z.object({ match: idSchema('mat'), advice: z.enum(advices), identifier: z.string() }))
    .optional()
    .describe('What a person has to look at, in the desk; reasons and submitters stand there'),
  trouble: troubleSchema.optional().describe('Why it was refused, or still waits'),
});

/** Questions that the agent keeps until they are answered. */
export const questionRoutes = ({ questions, clock }: Services): Route[] => [
  route({
    method: 'POST',
    path: '/checks',
    id: 'keepCheck',
    summary: 'Ask about one person, later if need be: for a signup.',
    text: 'Call it after the identifier was proven, and let the signup go on: only a match holds an account back. The agent asks at once, and again until the registry answered or the proof is 24 hours old. The same purpose, reference and identifiers are one question for 90 days.',
    body: keptCheckOrder,
    example: {
      identifiers: { email: 'best.deals@mail.example' },
      purpose: 'account-recovery' satisfies Purpose,
      ref: 'acct-2026-000777',
    },
    answers: { 202: { text: 'It is kept; ask at its Location.', schema: questionSchema } },
    handle: ({ body }) => {
      if (isIdentifier(body.ref)) throw refNamesSomebody();
      if (isTooOld(body, clock())) throw proofTooOld();
      const question = questions.take(body);
      return {
        status: 202,
        headers: { location: `/checks/${question.id}` },
        body: shown(question),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/checks/{question}',
    id: 'getCheck',
    summary: 'What became of a question that was kept.',
    params: z.strictObject({ question: z.uuid() }),
    answers: { 200: { text: 'The question, without what it asked.', schema: questionSchema } },
    handle: ({ params: { question: id } }) => {
      const question = questions.get(id);
      if (!question) throw notFound();
      return { status: 200, body: shown(question) };
    },
  }),
];

const isTooOld = (order: KeptCheckOrder, now: Date): boolean => askUntil(order, now) <= now;

function shown(question: Question): z.input<typeof questionSchema> {
  const { id, purpose, ref, state, takenAt, askUntil: until } = question;
  const common = { question: id, purpose, ref, state, takenAt, askUntil: until };
  if (state === 'answered') {
    const { advice, check, validUntil, matches } = question.result;
    const shownMatches = matches.map((match) => ({ ...match }));
    return {
      ...common,
      endedAt: question.endedAt,
      advice,
      check,
      validUntil,
      matches: shownMatches,
    };
  }
  const ended = state === 'waiting' ? {} : { endedAt: question.endedAt };
  const trouble = state === 'not-asked' ? undefined : question.trouble;
  return { ...common, ...ended, ...(trouble ? { trouble: shownTrouble(trouble) } : {}) };
}

const refNamesSomebody = (): BadRequest =>
  new BadRequest(422, {
    code: 'invalid-input',
    title: 'The reference is an identifier of a person.',
    next: 'Send an id of your own system: it is kept in clear.',
    issues: [{ path: 'body.ref', code: 'names-somebody' }],
  });

const proofTooOld = (): BadRequest =>
  new BadRequest(422, {
    code: 'control-not-proven',
    title: 'The proof is older than 24 hours.',
    next: 'Have the person prove the identifier again, and ask then.',
  });
