import { fromBase64url } from '@recourse/protocol';
import { readSnapshot } from '@recourse/registry';
import type { Hono } from 'hono';
import { notFound } from './answers.ts';
import { rawTarget, type HttpEnv, type HttpServices } from './context.ts';
import { reading } from './documents.ts';

/** Named by its own hash: it never changes. */
const headers = {
  'Content-Type': 'application/octet-stream',
  'Cache-Control': 'public, max-age=604800, immutable',
};

/** Snapshots of the prefix sets, for members and whoever keeps copies for them. Prefixes only: nobody reads a token there. */
export function prefixRoutes(app: Hono<HttpEnv>, http: HttpServices): void {
  const none = (): Response => notFound(http.config.origin);
  app.get('/prefixes/:sha256', (c) =>
    reading(http, 'ledger', async () => {
      const name = c.req.param('sha256');
      // A file has one name: with a query it would be many in every cache.
      const sha256 = rawTarget(c).includes('?') ? undefined : digestOf(name);
      const bytes = sha256 && (await readSnapshot(http.services.db, sha256));
      return bytes ? new Response(Buffer.from(bytes), { headers }) : none();
    }),
  );
}

function digestOf(name: string): Uint8Array | undefined {
  try {
    const digest = fromBase64url(name);
    return digest.length === 32 ? digest : undefined;
  } catch {
    return undefined;
  }
}
