import {
  actions,
  evidenceClasses,
  isProblemCode,
  Problem,
  problemCodes,
  purposes,
  reasons,
  taxonomyVersion,
  textOfCode,
  thumbprint,
  toTimestamp,
  ledgerOrigin,
  type ClientFaultCode,
  type ProblemCode,
} from '@recourse/protocol';
import { encodeVerifierKey } from '@recourse/ledger';
import {
  bounds,
  listParties,
  partyKeys,
  problemOf,
  readPolicies,
  type PolicyEntry,
} from '@recourse/registry';
import type { Hono } from 'hono';
import { notFound, problemAnswer } from './answers.ts';
import { apiPage, operationList } from './api/api-page.ts';
import { openApiDocument } from './api/openapi.ts';
import { schemaDocument } from './api/op-schemas.ts';
import { languageOf } from './choose-language.ts';
import type { HttpContext, HttpEnv, HttpServices } from './context.ts';

/** The public documents of protocol, section 12: JSON, unsigned. What they say counts as far as signatures carry it. */
export function documents(app: Hono<HttpEnv>, http: HttpServices): void {
  const { services } = http;
  app.get('/.well-known/recourse', (c) =>
    reading(http, async () => c.json(registryDocument(http, await readPolicies(services.db)))),
  );
  app.get('/.well-known/jwks.json', (c) =>
    c.json({
      keys: [
        http.logKey,
        services.receiptSigner.publicJwk,
        services.eventSigner.publicJwk,
        http.setKey,
      ].map(published),
    }),
  );
  app.get('/parties', (c) =>
    reading(http, async () => {
      const parties = await listParties(services.db, services.clock());
      return c.json({ parties: parties.map(({ party, ...entry }) => ({ id: party, ...entry })) });
    }),
  );
  app.get('/parties/:id/keys', (c) =>
    reading(http, async () => {
      const chain = await partyKeys(services.db, c.req.param('id'));
      return chain ? c.json(chain) : notFound(http.config.origin);
    }),
  );
  const policies = {
    taxonomy: taxonomyVersion,
    reasons,
    evidenceClasses,
    actions,
    purposes,
    bounds,
  };
  app.get('/policies', (c) => c.json(policies));
  interfaceDocuments(app, http.config.origin);
}

/** The operations for programs of any language: they follow from the op tables alone, and so are made once. */
function interfaceDocuments(app: Hono<HttpEnv>, origin: string): void {
  let openApi: object | undefined;
  app.get('/openapi.json', (c) => c.json((openApi ??= openApiDocument(origin))));
  let list: ReturnType<typeof operationList> | undefined;
  app.get('/docs/api', (c) => c.html(apiPage((list ??= operationList()), languageOf(c))));
  app.get('/schemas/:file{[A-Za-z]+\\.[A-Za-z]+\\.json}', (c) => {
    const schema = schemaDocument(c.req.param('file').slice(0, -'.json'.length), origin);
    if (!schema) return notFound(origin);
    return c.json(schema, 200, { 'Content-Type': 'application/schema+json' });
  });
}

function registryDocument(
  http: HttpServices,
  policies: readonly PolicyEntry[],
): Record<string, unknown> {
  const { config, services, announced, logKey } = http;
  return {
    origin: config.origin,
    mode: config.mode,
    sandbox: config.mode === 'sandbox',
    logKey,
    ledger: {
      origin: ledgerOrigin(config.origin),
      key: encodeVerifierKey(http.noteKey),
      policies,
    },
    keys: announced.keys,
    // With the coming one: its entry is what says when the one before closes.
    epochs: http.epochs.published().map(({ epoch, publicKey, opensAt, closesAt, entry }) => ({
      epoch,
      publicKey,
      opensAt: toTimestamp(opensAt),
      ...(closesAt === undefined ? {} : { closesAt: toTimestamp(closesAt) }),
      entry,
    })),
    taxonomy: taxonomyVersion,
    flaggers: services.flaggers,
  };
}

const published = (jwk: HttpServices['logKey']): Record<string, string> => ({
  ...jwk,
  use: 'sig',
  kid: thumbprint(jwk),
});

/** Reads of the database wait in the same queue as calls, so that a crowd at the directory cannot starve them. */
export async function reading(
  http: HttpServices,
  work: () => Promise<Response>,
): Promise<Response> {
  try {
    return await http.admission.run(work);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code !== 'internal') return problemAnswer(problem, http.config.origin);
    http.log.fault('document', error);
    const unavailable = new Problem('overloaded', { retryAfterSeconds: 2 });
    return problemAnswer(unavailable, http.config.origin);
  }
}

/** `/problems/<code>`: where the `type` of a problem and the `link` of an error lead, for programs that ask for JSON. */
export const problemDocument = (code: KnownCode, origin: string): object => ({
  type: `${origin}/problems/${code}`,
  ...(isProblemCode(code) ? problemCodes[code] : textOfCode(code)),
});

/** A refusal of this registry, or what a client finds out itself. */
export type KnownCode = ProblemCode | ClientFaultCode;

export const wantsHtml = (c: HttpContext): boolean =>
  (c.req.header('Accept') ?? '').includes('text/html');
