import {
  Problem,
  transparencyReportJsonSchema,
  transparencyReportSchema,
  type TransparencyReport,
} from '@recourse/protocol';
import { storedReport } from '@recourse/registry';
import { ServedBytes } from '@recourse/serving';
import type { Hono } from 'hono';
import { languageOf } from './choose-language.ts';
import type { HttpEnv, HttpServices } from './context.ts';
import { liveDocument, reading, wantsHtml } from './documents.ts';
import { transparencyPage } from './transparency-page.ts';

const readAgainAfter = 'public, max-age=300';
const reportHeaders = { 'Cache-Control': readAgainAfter };

/** The report for people at `/transparency`, for programs at `/transparency/report.json`, with its schema. */
export function transparency(app: Hono<HttpEnv>, http: HttpServices): void {
  const json = liveDocument(http, () => stored(http), reportHeaders);
  const schema = new ServedBytes(JSON.stringify(transparencyReportJsonSchema()), {
    'Content-Type': 'application/schema+json',
    'Cache-Control': readAgainAfter,
  });
  app.get('/transparency', (c) =>
    wantsHtml(c)
      ? reading(http, 'pages', async () =>
          c.html(transparencyPage(read(await stored(http)), languageOf(c))),
        )
      : json(c),
  );
  app.get('/transparency/report.json', json);
  app.get('/transparency/report.schema.json', (c) => schema.answer(c));
}

/** Due work makes it, in a process of its own. One that is old says of when it is; the first takes a moment. */
async function stored({ services: { db } }: HttpServices): Promise<string> {
  const report = await storedReport(db);
  if (!report) throw new Problem('overloaded', { retryAfterSeconds: 5 });
  return report.document;
}

const read = (document: string): TransparencyReport =>
  transparencyReportSchema.parse(JSON.parse(document));
