import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { LedgerError, parseTilePath, type TilePath } from '@recourse/ledger';
import { fromBase64url } from '@recourse/protocol';
import { LedgerReader } from '@recourse/registry';
import { takesGzip } from '@recourse/serving';
import type { Hono } from 'hono';
import { notFound } from './answers.ts';
import { rawTarget, type HttpContext, type HttpEnv, type HttpServices } from './context.ts';
import { reading } from './documents.ts';

const prefix = '/ledger/';
/** A tile of one width never changes, a full one least of all. */
const immutable = { 'Cache-Control': 'public, max-age=31536000, immutable' };
const compress = promisify(gzip);

/** The log as C2SP tlog-tiles has it: static files for whoever keeps copies of them, and proofs by leaf hash. */
export function ledgerRoutes(app: Hono<HttpEnv>, http: HttpServices): void {
  const ledger = new LedgerReader(http.services.db);
  const none = (): Response => notFound(http.config.origin);
  // A file has one name: with a query it would be many in every cache.
  app.use('/ledger/*', async (c, next) => (rawTarget(c).includes('?') ? none() : next()));
  app.get('/ledger/checkpoint', () =>
    reading(http, 'ledger', async () => {
      const note = await ledger.checkpoint();
      return note === undefined ? none() : text(note, 'no-cache');
    }),
  );
  app.get('/ledger/proof/:leaf', (c) =>
    reading(http, 'ledger', async () => {
      const leaf = leafOf(c.req.param('leaf'));
      const proof = leaf && (await ledger.proof(leaf));
      return proof === undefined ? none() : text(proof, 'public, max-age=60');
    }),
  );
  app.get('/ledger/tile/*', (c) =>
    reading(http, 'ledger', async () => {
      const path = pathOf(rawTarget(c));
      return (path && (await fileAt(ledger, path, c))) ?? none();
    }),
  );
}

async function fileAt(
  ledger: LedgerReader,
  { level, index, width }: TilePath,
  c: HttpContext,
): Promise<Response | undefined> {
  const headers = { ...immutable, 'Content-Type': 'application/octet-stream' };
  if (level !== 'entries') {
    const tile = await ledger.tile({ level, index, width });
    return tile && new Response(Buffer.from(tile), { headers });
  }
  const bundle = await ledger.bundle({ index, width });
  if (!bundle) return undefined;
  const varied = { ...headers, Vary: 'Accept-Encoding' };
  if (!takesGzip(c)) {
    return new Response(Buffer.from(bundle), { headers: varied });
  }
  const packed = new Uint8Array(await compress(bundle));
  return new Response(packed, { headers: { ...varied, 'Content-Encoding': 'gzip' } });
}

/** The path is attacker-controlled: one tile has one spelling, and nothing comes after it. */
function pathOf(target: string): TilePath | undefined {
  try {
    return parseTilePath(target.slice(prefix.length));
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}

function leafOf(name: string): Uint8Array | undefined {
  try {
    const leaf = fromBase64url(name);
    return leaf.length === 32 ? leaf : undefined;
  } catch {
    return undefined;
  }
}

const text = (body: string, cache: string): Response =>
  new Response(body, {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': cache },
  });
