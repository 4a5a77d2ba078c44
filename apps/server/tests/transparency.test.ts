import { transparencyReportJsonSchema, transparencyReportSchema } from '@recourse/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome({ reports: true });
  server = await home.start({ RECOURSE_PANEL_PAID_BY: 'Its <i>members</i>' });
});
afterAll(() => home.close());

test('the report says what it was derived from, and that both derivations agree', async () => {
  const { body, headers } = await server.get('/transparency/report.json');
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(headers['cache-control']).toMatch(/^public, max-age=\d+$/);
  expect(transparencyReportSchema.safeParse(body).error).toBeUndefined();
  expect(body).toMatchObject({ agrees: true, panel: { paidBy: 'Its <i>members</i>' } });
  expect(body.comparison.entries).toBeGreaterThan(0);
  expect(body.platforms.map(({ name }: { name: string }) => name)).toContain('Harbour');
});

test('before the first one a reader hears at once when to come again', async () => {
  const young = await newHome();
  try {
    const other = await young.start();
    const { status, headers } = await other.get('/transparency/report.json');
    expect([status, headers['retry-after']]).toEqual([503, '5']);
  } finally {
    await young.close();
  }
});

test('it is sent again only when it was made anew', async () => {
  const { headers } = await server.get('/transparency/report.json');
  const again = await server.get('/transparency/report.json', {
    'If-None-Match': String(headers['etag']),
  });
  expect([again.status, again.text]).toEqual([304, '']);
});

test('its schema is published', async () => {
  const { text, headers } = await server.get('/transparency/report.schema.json');
  expect(headers['content-type']).toMatch(/^application\/schema\+json/);
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(transparencyReportJsonSchema())));
});

test('the same as a page, complete without script', async () => {
  const { text, headers } = await server.get('/transparency', { Accept: 'text/html' });
  expect(headers['content-type']).toMatch(/^text\/html/);
  expect(text).not.toContain('<script');
  expect(text).toContain('Its &lt;i&gt;members&lt;/i&gt;');
  expect(text).toContain('Both say the same.');
  expect(text).toContain('Harbour');
});
