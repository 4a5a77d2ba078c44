import { pictures, placeOfPhoto, withPlace } from '@recourse/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flawsInEachLook } from './browser/axe.ts';
import { flaws } from './browser/flaws.ts';
import { launch, phone, shot } from './browser/launch.ts';
import { caseCodeFor } from './desk/members.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;
let browser: Browser;
let photo: { name: string; mimeType: string; buffer: Buffer };
const limit = 2 * 1024 * 1024;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  browser = await launch();
  photo = { name: 'IMG_0001.jpeg', mimeType: 'image/jpeg', buffer: await largePhoto() };
});
afterAll(async () => {
  await browser?.close();
  await home?.close();
});

/** Of noise, as nothing makes that small. */
async function largePhoto(): Promise<Buffer> {
  const page = await browser.newPage();
  const url = await page.evaluate(`(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 2400, height: 1800 });
    const context = canvas.getContext('2d');
    const image = context.createImageData(2400, 1800);
    let seed = 1;
    for (let i = 0; i < image.data.length; i++) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      image.data[i] = i % 4 === 3 ? 255 : (seed >> 16) & 255;
    }
    context.putImageData(image, 0, 0);
    return canvas.toDataURL('image/jpeg', 0.95);
  })()`);
  await page.close();
  return Buffer.from(String(url).split(',')[1] ?? '', 'base64');
}

describe.each([false, true])('files beside words (script: %s)', (script) => {
  let context: BrowserContext;
  let page: Page;
  const posted: number[] = [];
  const complaints: string[] = [];
  const text = 'This is my account.\nI took this photo.';

  beforeAll(async () => {
    context = await phone(browser, { script });
    page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => {
      if (request.url().includes('/case/file')) posted.push(request.postDataBuffer()?.length ?? 0);
    });
    const creator = script ? 'best.deals@mail.example' : 'clips.factory@mail.example';
    await page.goto(`${server.url}/case`);
    await page.locator('#case-code').fill(await caseCodeFor(server, creator));
    await press('Open the case');
    await press('Get your own key');
    await press('I have kept it: open the case');
    await page.locator('nav.parts button[value=appeal]').click();
    await page.getByLabel('It was not me').check();
    await page.getByLabel('In your own words').fill('It was not me.');
    await press('Send the appeal');
    await page.getByRole('status').waitFor();
  });
  afterAll(() => context?.close());

  const press = (name: string): Promise<void> => page.getByRole('button', { name }).click();
  /** What was answered before may look the same. */
  const add = (): Promise<unknown> => Promise.all([page.waitForEvent('load'), press('Add it')]);
  const file = () => page.getByLabel('Add a file');
  const words = () => page.getByLabel('Add something to your appeal');
  /** The part of the page, the error at the field, and the words beside it */
  const shown = async () => [
    await page.locator('.caption').textContent(),
    await page.locator('#file-file-error').textContent(),
    await words().inputValue(),
  ];
  const kept = (says: string) => ['Your case', expect.stringContaining(says), text];

  test('phones are asked for JPEG or PNG, and the limit stands before the field', async () => {
    const kinds = await file().getAttribute('accept');
    expect(kinds).toBe('image/jpeg,image/png,application/pdf,text/plain');
    expect(await page.locator('#file-file-hint').textContent()).toContain('at most 2 MiB');
    const smaller = page.getByText('draws a photo anew before it is sent');
    expect(await smaller.count()).toBe(script ? 1 : 0);
    await shot(page, `16-add-${script}`);
  });

  test('a file of another kind is refused, and the words beside it stay', async () => {
    await words().fill(text);
    await file().setInputFiles({ name: 'x.exe', mimeType: 'x/y', buffer: Buffer.from('MZ') });
    await add();
    expect(await shown()).toEqual(kept('no PDF'));
  });

  test.each([3, 8, 20])(
    'a file of %i MiB leaves its creator in the case, and the words too',
    async (size) => {
      const buffer = Buffer.alloc(size * 1024 * 1024, 'a');
      await file().setInputFiles({ name: 'long.txt', mimeType: 'text/plain', buffer });
      if (script) await page.getByText('That file is larger than 2 MiB.').last().waitFor();
      await add();
      expect(await shown()).toEqual(kept('2 MiB. What you wrote is kept. Choose a file again.'));
      await shot(page, `16-too-large-${script}`);
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      expect([wide, await flaws(page)]).toEqual([360, []]);
    },
  );

  test.runIf(!script)('a photo that is too large is refused', async () => {
    await file().setInputFiles(photo);
    await add();
    expect(await shown()).toEqual(kept('larger than 2 MiB'));
  });

  test.runIf(script)('a photo that is too large is made smaller in the page', async () => {
    expect(photo.buffer.length).toBeGreaterThan(2 * limit);
    await file().setInputFiles(photo);
    await page.getByText('The photo can be sent.').waitFor();
    await shot(page, '16-made-smaller');
    expect(await flawsInEachLook(page)).toEqual([]);
    await add();
    expect(posted.at(-1)).toBeLessThan(limit + 4096);
    expect(await page.locator('main').textContent()).toContain('IMG_0001.jpg');
  });

  /** Chosen, as it would be sent */
  const chosen = async (name: string, buffer: Buffer) => {
    const mimeType = `image/${name.split('.').at(-1)}`;
    await file().setInputFiles({ name, mimeType, buffer });
    await page.getByText('It no longer says where it was taken.').waitFor();
    const sent = await page.evaluate(`(async () => {
      const [file] = document.querySelector('#file-file').files;
      const drawn = await createImageBitmap(file, { imageOrientation: 'none' });
      const bytes = [...new Uint8Array(await file.arrayBuffer())];
      return [file.name, drawn.width, drawn.height, bytes];
    })()`);
    const [called, width, height, bytes] = sent as [string, number, number, number[]];
    const text = Buffer.from(bytes);
    expect([text.includes(placeOfPhoto), text.includes('Exif')]).toEqual([false, false]);
    await file().setInputFiles([]);
    return [called, width, height];
  };

  test.runIf(script)('a small photo is drawn anew, upright and without its place', async () => {
    const turned = withPlace(pictures.jpeg, { orientation: 6 });
    expect(turned.includes(placeOfPhoto)).toBe(true);
    expect(await chosen('a.jpeg', turned)).toEqual(['a.jpg', 8, 16]);
    expect(await chosen('screen.png', pictures.png)).toEqual(['screen.png', 4, 4]);
  });

  test('nothing is refused; words alone, and a small file alone, are added', async () => {
    await words().fill('');
    await add();
    await page.getByRole('alert').waitFor();
    await words().fill('Words alone.');
    await add();
    await page.getByRole('status').waitFor();
    await file().setInputFiles({ name: 'n.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
    await add();
    await page.getByText('n.txt').waitFor();
    expect(complaints.filter((said) => !said.includes('422'))).toEqual([]);
  });
});
