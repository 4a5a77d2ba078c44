import { readDesk } from '@recourse/serving';
import type { Hono } from 'hono';
import { notFound } from './answers.ts';
import { rawTarget, type HttpEnv, type HttpServices } from './context.ts';

/** `/desk`: the desks, where they are built. */
export function desk(app: Hono<HttpEnv>, { config }: HttpServices): void {
  const files = readDesk(config.deskDir, config.mode);
  app.get('/desk', (c) => c.redirect('/desk/'));
  app.get('/desk/*', (c) => files.get(rawTarget(c))?.answer(c) ?? notFound(config.origin));
}
