import type { Hono } from 'hono';
import type { HttpEnv, HttpServices } from './context.ts';

/** `/healthz`: the process answers. `/readyz`: it should get calls, or why not. */
export function health(app: Hono<HttpEnv>, { readiness }: Pick<HttpServices, 'readiness'>): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const reasons = await readiness.reasons();
    return reasons.length === 0
      ? c.json({ status: 'ready', reasons })
      : c.json({ status: 'not-ready', reasons }, 503, { 'Retry-After': '2' });
  });
}
