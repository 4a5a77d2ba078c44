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
import { ServedBytes } from '@recourse/serving';
import type { Hono } from 'hono';
import { notFound, problemAnswer } from './answers.ts';
import { apiPage, listOfOperations } from './api/api-page.ts';
import { openApiDocument } from './api/openapi.ts';
import { schemaDocument } from './api/op-schemas.ts';
import { languageOf } from './choose-language.ts';
import type { HttpContext, HttpEnv, HttpServices } from './context.ts';
import { PublicDocument } from './public-document.ts';

/** The public documents of protocol, section 12: JSON, unsigned. What they say counts as far as signatures carry it. */
export function documents(app: Hono<HttpEnv>, http: HttpServices): void {
  const { services } = http;
  livePath(app, http, '/.well-known/recourse', async () =>
    registryDocument(http, await readPolicies(services.db)),
  );
  fixedPath(app, '/.well-known/jwks.json', () => ({
    keys: [
      http.logKey,
      services.receiptSigner.publicJwk,
      services.eventSigner.publicJwk,
      http.setKey,
    ].map(published),
  }));
  livePath(app, http, '/parties', async () => {
    const parties = await listParties(services.db, services.clock());
    return { parties: parties.map(({ party, ...entry }) => ({ id: party, ...entry })) };
  });
  keyChains(app, http);
  fixedPath(app, '/policies', () => ({
    taxonomy: taxonomyVersion,
    reasons,
    evidenceClasses,
    actions,
    purposes,
    bounds,
  }));
  interfaceDocuments(app, http.config.origin);
}

/** Only what is there is remembered: ids are attacker-controlled, and parties are few. */
function keyChains(app: Hono<HttpEnv>, http: HttpServices): void {
  const chains = new Map<string, LiveDocument>();
  app.get('/parties/:id/keys', async (c) => {
    const id = c.req.param('id');
    const chain = chains.get(id) ?? liveDocument(http, () => partyKeys(http.services.db, id));
    const answer = await chain(c);
    if (answer.status === 200) chains.set(id, chain);
    return answer;
  });
}

/** The operations for programs of any language: they follow from the op tables alone, and so are made once. */
function interfaceDocuments(app: Hono<HttpEnv>, origin: string): void {
  fixedPath(app, '/openapi.json', () => openApiDocument(origin));
  let list: ReturnType<typeof listOfOperations> | undefined;
  app.get('/docs/api', (c) => {
    list ??= listOfOperations();
    return c.html(apiPage(list, languageOf(c)));
  });
  const schemas = new Map<string, ServedBytes>();
  app.get('/schemas/:file{[A-Za-z]+\\.[A-Za-z]+\\.json}', (c) => {
    const name = c.req.param('file').slice(0, -'.json'.length);
    const known = schemas.get(name);
    if (known) return known.answer(c);
    const schema = schemaDocument(name, origin);
    if (!schema) return notFound(origin);
    const made = new ServedBytes(JSON.stringify(schema), {
      'Content-Type': 'application/schema+json',
    });
    schemas.set(name, made);
    return made.answer(c);
  });
}

const jsonType = { 'Content-Type': 'application/json' };

/** A document that is the same for the life of this process, made when it is first read. */
function fixedPath(app: Hono<HttpEnv>, path: string, make: () => object): void {
  let bytes: ServedBytes | undefined;
  app.get(path, (c) => (bytes ??= new ServedBytes(JSON.stringify(make()), jsonType)).answer(c));
}

type LiveDocument = (c: HttpContext) => Promise<Response>;

// oxlint-disable-next-line max-params -- reads as a route
function livePath(
  app: Hono<HttpEnv>,
  http: HttpServices,
  path: string,
  make: () => Promise<object>,
): void {
  app.get(path, liveDocument(http, make));
}

/**
 * A document made of rows, answered without the database while nothing changed.
 * @param make what it says, or its text
 */
export function liveDocument(
  http: HttpServices,
  make: () => Promise<object | string | undefined>,
  headers: Readonly<Record<string, string>> = {},
): LiveDocument {
  const document = new PublicDocument({
    make: async () => {
      const made = await http.queues.pages.run(make);
      return typeof made === 'object' ? JSON.stringify(made) : made;
    },
    headers: { ...jsonType, ...headers },
    changes: http.changes,
  });
  return (c) =>
    answering(http, async () => (await document.answer(c)) ?? notFound(http.config.origin));
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

/** Reads of the database that are made for each reader wait in a queue of their kind. */
export const reading = (
  http: HttpServices,
  queue: 'ledger' | 'pages',
  work: () => Promise<Response>,
): Promise<Response> => answering(http, () => http.queues[queue].run(work));

/** The place where whatever a document throws becomes an answer. */
async function answering(http: HttpServices, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code !== 'internal') return problemAnswer(problem, http.config.origin);
    const unavailable = new Problem('overloaded', { retryAfterSeconds: 2, cause: error });
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
