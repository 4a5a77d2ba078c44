import { setTimeout as sleep } from 'node:timers/promises';
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

/** Due work makes it, in a process of its own. One that is old says of when it is, and only the first is waited for. */
async function stored({ services: { db } }: HttpServices): Promise<string> {
  for (let tries = 120; tries > 0; tries--) {
    const report = await storedReport(db);
    if (report) return report.document;
    await sleep(250);
  }
  throw new Problem('overloaded', { retryAfterSeconds: 30 });
}

const read = (document: string): TransparencyReport =>
  transparencyReportSchema.parse(JSON.parse(document));
