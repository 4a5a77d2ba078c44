import {
  hashText,
  Problem,
  transparencyReportJsonSchema,
  transparencyReportSchema,
  type TransparencyReport,
} from '@recourse/protocol';
import { renewReport, storedReport } from '@recourse/registry';
import type { Hono } from 'hono';
import { languageOf } from './choose-language.ts';
import type { HttpContext, HttpEnv, HttpServices } from './context.ts';
import { reading, wantsHtml } from './documents.ts';
import { statedOf } from './governance.ts';
import { transparencyPage } from './transparency-page.ts';

const readAgainAfter = 'public, max-age=300';

/** The report for people at `/transparency`, for programs at `/transparency/report.json`, with its schema. */
export function transparency(app: Hono<HttpEnv>, http: HttpServices): void {
  const schema = JSON.stringify(transparencyReportJsonSchema());
  const json = (c: HttpContext) => reading(http, async () => unchanged(c, await stored(http)));
  app.get('/transparency', (c) =>
    wantsHtml(c)
      ? reading(http, async () => c.html(transparencyPage(read(await stored(http)), languageOf(c))))
      : json(c),
  );
  app.get('/transparency/report.json', json);
  app.get('/transparency/report.schema.json', (c) =>
    c.body(schema, 200, {
      'Content-Type': 'application/schema+json',
      'Cache-Control': readAgainAfter,
    }),
  );
}

/** Made by due work; one that is old says of when it is, and only the first is waited for. */
async function stored({ services, config }: HttpServices): Promise<string> {
  const { panelPaidBy } = statedOf(config);
  const first =
    (await storedReport(services.db)) ??
    ((await renewReport(services, { panelPaidBy })) ? await storedReport(services.db) : undefined);
  if (!first) throw new Problem('overloaded', { retryAfterSeconds: 5 });
  return first.document;
}

const read = (document: string): TransparencyReport =>
  transparencyReportSchema.parse(JSON.parse(document));

function unchanged(c: HttpContext, document: string): Response {
  const headers = { ETag: `"${hashText(document)}"`, 'Cache-Control': readAgainAfter };
  if (c.req.header('If-None-Match') === headers.ETag) return c.body(null, 304, headers);
  return c.body(document, 200, { ...headers, 'Content-Type': 'application/json' });
}
