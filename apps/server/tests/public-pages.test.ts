import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(() => home.close());

const german = { Accept: 'text/html', 'Accept-Language': 'de-DE,de;q=0.9' };
const read = async (path: string): Promise<string> => (await server.get(path, german)).text;

/** The addresses of the footer, as a reader would follow them. */
const footerOf = (page: string): string[] => {
  const footer = page.slice(page.indexOf('<footer>'));
  return [...footer.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href);
};

test('a language that the reader chose stays chosen along every link of the footer, English too', async () => {
  for (const start of ['/case?lang=en', '/case/find?lang=en', '/taxonomy?lang=en', '/?lang=en']) {
    const links = footerOf(await read(start));
    expect(links).toHaveLength(3);
    for (const link of links) {
      const next = await read(link);
      expect([link, /<html lang="(..)"/.exec(next)?.[1]]).toEqual([link, 'en']);
      expect(footerOf(next)).toEqual(links);
    }
  }
});

test('a reader who chose no language is answered in that of the browser, with plain links', async () => {
  const page = await read('/case/find');
  expect(page).toContain('<html lang="de"');
  expect(footerOf(page)).toEqual(['/', '/case/find', '/governance']);
});
