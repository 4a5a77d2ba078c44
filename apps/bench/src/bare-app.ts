import {
  fromNumericDate,
  ops,
  sanctionStatementSchema,
  type SanctionStatement,
} from '@recourse/protocol';
import { api, contextOf, type Services } from '@recourse/registry';
import { initTRPC } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Hono } from 'hono';
import { z } from 'zod';

const t = initTRPC.context<Services>().create();
const callerOf = initTRPC.context<ReturnType<typeof contextOf>>().create().createCallerFactory(api);

const rowSchema = z.strictObject({
  submission: ops['sanctions.submit'].input,
  statement: sanctionStatementSchema,
  kid: z.string(),
  holder: z.string(),
});

/**
 * App that signed calls are measured against: the same lookup, answer and row over tRPC's own adapter and Hono, without
 * signature, audit, receipt, entries or lock; and one row by its primary key. Whoever asks is whom the body names.
 */
const bareRouter = t.router({
  match: t.procedure
    .input(z.strictObject({ party: z.string(), in: ops['checks.match'].input }))
    .mutation(({ ctx, input }) =>
      callerOf(unsignedContext(ctx, input.party)).checks.match(input.in),
    ),
  plain: t.procedure
    .input(z.strictObject({ sanction: z.string(), bytes: z.int() }))
    .mutation(async ({ ctx, input }) => {
      const row = await ctx.db
        .selectFrom('sanctions')
        .select('statement')
        .where('id', '=', input.sanction)
        .executeTakeFirstOrThrow();
      return { ...row, pad: '.'.repeat(input.bytes - row.statement.length) };
    }),
  nothing: t.procedure.mutation(() => ({})),
  insert: t.procedure.input(rowSchema).mutation(async ({ ctx, input }) => {
    await ctx.db.insertInto('sanctions').values(rowOf(input, ctx.clock())).execute();
    return { sanction: input.statement.jti };
  }),
});

export function bareApp(services: Services): Hono {
  const app = new Hono();
  app.post('/bare/*', (c) =>
    fetchRequestHandler({
      endpoint: '/bare',
      req: c.req.raw,
      router: bareRouter,
      createContext: () => services,
    }),
  );
  return app;
}

function unsignedContext(services: Services, party: string): ReturnType<typeof contextOf> {
  const key = {
    kid: '',
    jwk: services.receiptSigner.publicJwk,
    party: party as 'plt_',
    holder: '',
    role: 'service' as const,
    admin: false,
    activeFrom: new Date(0),
    checksStopped: false,
  };
  const payload = { iss: party, aud: '', iat: 0, exp: 0, jti: '', op: 'checks.match', in: {} };
  return contextOf(services, { key, payload, compact: '', hash: '' }, services.db);
}

/** The row of `sanctions` that a submission writes, with texts where they would be sealed. */
function rowOf(input: z.output<typeof rowSchema>, now: Date) {
  const { statement, submission, kid, holder } = input;
  return {
    ...timesOf(statement, now),
    id: statement.jti,
    party: statement.iss,
    kid,
    holder,
    statement: submission.statement,
    reason: statement.reason,
    age: statement.age,
    prior_match: false,
    commitments: [...submission.padding, ...submission.tokens.map(({ token }) => token)],
    account: Buffer.from(submission.account.text),
  };
}

function timesOf(statement: SanctionStatement, now: Date) {
  return {
    decided_at: fromNumericDate(statement.decided_at),
    incident_from: fromNumericDate(statement.incident_from),
    incident_to: fromNumericDate(statement.incident_to),
    expires_at: fromNumericDate(statement.exp),
    submitted_at: now,
  };
}
