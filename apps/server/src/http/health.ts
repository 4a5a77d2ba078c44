import type { Hono } from 'hono';
import { sql } from 'kysely';
import type { HttpEnv, HttpServices } from './context.ts';

const readyMs = 2_000;

/** `/healthz`: the process answers. `/readyz`: so does its database, and it was not told to stop. */
export function health(app: Hono<HttpEnv>, http: HttpServices): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const isReady = http.isOpen() && (await databaseAnswers(http));
    return isReady
      ? c.json({ status: 'ready' })
      : c.json({ status: 'not-ready' }, 503, { 'Retry-After': '2' });
  });
}

async function databaseAnswers({ services }: HttpServices): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), readyMs);
  });
  const answered = sql`select 1`.execute(services.db).then(
    () => true,
    () => false,
  );
  const isAnswered = await Promise.race([answered, late]);
  clearTimeout(timer);
  return isAnswered;
}
