import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DeskHome } from './desk-home.ts';
import type { Desk } from './open-desk.ts';
import { hostile, marker, ReviewStory, type Appealed } from './review-story.ts';
import { tick } from './tick.ts';

// A whole case is a test here, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000 });

/** Keys that a decision may take beside its text. */
const mostKeys = 12;

let at: DeskHome;
let story: ReviewStory;
let desk: Desk;
let page: Page;
/** The case that the page shows */
let last: Appealed;

beforeAll(async () => {
  at = await DeskHome.start();
  story = await ReviewStory.begin(at);
  desk = await at.openDesk({ of: 'Review panel', role: 'reviewer' });
  page = desk.page;
}, 240_000);
afterAll(() => at?.close());

const go = (path: string, on = page): Promise<unknown> => on.goto(`${at.server.url}/desk/#${path}`);
const press = (name: string | RegExp, on = page): Promise<void> =>
  on.getByRole('button', { name }).click();

/** What has the focus, as a person reads it. */
const focused = (on = page): Promise<string> =>
  on.evaluate(`(() => {
    const at = document.activeElement;
    return at.labels?.[0]?.innerText || at.innerText || at.tagName;
  })()`);
/** As long as a busy machine may take. */
const until = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 60_000 });
const untilFocused = (text: string): Promise<void> => until(() => focused()).toContain(text);

const filterOfPicture = (): Promise<string> =>
  page.evaluate("getComputedStyle(document.querySelector('.picture img')).filter");

/** Takes the one case that waits, by hand. */
async function take(): Promise<Appealed> {
  const appealed = await story.appeal();
  await go('/review/queue');
  await press('Next case');
  await press('I know nobody concerned');
  await page.getByRole('heading', { name: 'The creator', exact: true }).waitFor();
  expect(page.url()).toContain(appealed.appeal);
  return appealed;
}

async function write(reasons: string): Promise<void> {
  await press('Go to the decision');
  await tick(page.getByRole('radio', { name: /^Reverse/ }));
  await tick(page.getByRole('radio', { name: 'Another person' }));
  await page.getByRole('textbox', { name: 'Reasons' }).fill(reasons);
  await page.getByText('Your draft is kept').waitFor();
}

async function sign(): Promise<void> {
  await press(/^Check/);
  await press('Sign and send');
}

describe('a decision by keyboard alone', () => {
  test(`takes at most ${mostKeys} keys beside the text, from the queue to the signature`, async () => {
    const appealed = await story.appeal();
    await go('/review/queue');
    await page.reload();
    let keys = 0;
    const key = async (name: string): Promise<void> => {
      keys += 1;
      await page.keyboard.press(name);
    };
    await untilFocused('Next case');
    await key('Enter');
    await untilFocused('I know nobody concerned');
    await key('Enter');
    await untilFocused('Go to the decision');
    await key('Enter');
    // What cannot be upheld yet is passed over, and says why.
    await untilFocused('Reverse');
    expect(await page.getByText('Confirm first that every item').count()).toBeGreaterThan(0);
    await key('Space');
    await page.getByText('Why the record is wrong').waitFor();
    await key('Tab');
    await untilFocused('An error of the platform');
    await key('Space');
    await key('Tab');
    await untilFocused('Reasons');
    await page.keyboard.type('The page belongs to a security course.');
    await key('Tab');
    await untilFocused('Check what happens');
    await key('Enter');
    await untilFocused('Sign and send');
    expect(await page.getByRole('alertdialog').textContent()).toContain(
      'The record of Harbour ends now (an error of the platform).',
    );
    await key('Enter');
    await page.getByText('Decided: reversed.').waitFor();
    expect(keys).toBeLessThanOrEqual(mostKeys);
    expect(keys).toBe(10);
    expect(await appealed.state()).toBe('reversed');
  });
});

describe('evidence and words of strangers', () => {
  test('are opened in the browser, and shown without running anything', async () => {
    const appealed = await take();
    last = appealed;
    await until(() => page.getByText('Not delivered yet').count()).toBe(3);
    await appealed.deliver();
    await page.reload();
    await until(() => page.getByText('✓ Digest fits').count()).toBe(3);
    expect(await page.getByText(hostile).count()).toBe(2);
    await page.getByText(`<p>${marker}</p>`).waitFor();
    expect(await page.evaluate('window.pwned')).toBeUndefined();

    const image = page.getByRole('img', { name: 'item 2, blurred' });
    expect(await filterOfPicture()).toContain('blur');
    expect(await image.getAttribute('src')).toMatch(/^blob:/);
    await press('Show item 2');
    const shown = page.getByRole('img', { name: 'item 2', exact: true });
    await shown.waitFor();
    expect(await filterOfPicture()).toBe('none');

    const saving = page.waitForEvent('download');
    await press(/^Download item 3/);
    expect((await saving).suggestedFilename()).toBe('item-3.bin');
    expect(await page.locator('iframe, object, embed').count()).toBe(0);
  });

  test('a record is upheld after the gist, and not before the creator could answer it', async () => {
    const appealed = last;
    await press('Confirm that every item opens and fits');
    await page.getByText('You confirmed the evidence.').waitFor();
    await press('Go to the decision');
    await page.getByText('Tell the creator the gist of the evidence first.').first().waitFor();
    await press('Ask the creator, or tell the gist');
    await page.getByRole('textbox', { name: 'Text for the creator' }).fill('A page was captured.');
    await press('Send to the creator');
    await page
      .getByText(/The creator has until .* to answer the gist\./)
      .first()
      .waitFor();
    expect(await page.getByRole('radio', { name: /^Uphold/ }).isDisabled()).toBe(true);
    await appealed.answer('The page was mine, and a parody.');
    await page.reload();
    await press('Go to the decision');
    await tick(page.getByRole('radio', { name: /^Uphold/ }));
    await page.getByRole('textbox', { name: 'Reasons' }).fill('The page took passwords.');
    await press(/^Check/);
    await page.getByText('goes on against this creator').waitFor();
    await press('Sign and send');
    await page.getByText('Decided: upheld.').waitFor();
    expect(await appealed.state()).toBe('upheld');
  });
});

describe('a draft', () => {
  test('outlives a reload and the way back, and lies sealed in the browser', async () => {
    last = await take();
    await write('Draft that nobody else reads.');
    await page.reload();
    const field = page.getByRole('textbox', { name: 'Reasons' });
    await until(() => field.inputValue()).toBe('Draft that nobody else reads.');
    await go('/review/queue');
    await page.getByRole('heading', { name: 'Queue' }).waitFor();
    await page.goBack();
    await until(() => field.inputValue()).toBe('Draft that nobody else reads.');
    const stored = (await page.evaluate(`new Promise((resolve) => {
      indexedDB.open('recourse-desk').onsuccess = ({ target }) => {
        const all = target.result.transaction('kept').objectStore('kept').getAll();
        all.onsuccess = () => resolve(all.result.map((value) =>
          value?.data ? new TextDecoder('latin1').decode(value.data) : JSON.stringify(value)).join(' '));
      };
    })`)) as string;
    expect(stored.length).toBeGreaterThan(100);
    expect(stored).not.toContain('Draft that');
  });

  test('is followed by a second tab, which learns that the case was decided', async () => {
    const second = await desk.context.newPage();
    await second.goto(page.url());
    const field = second.getByRole('textbox', { name: 'Reasons' });
    await until(() => field.inputValue()).toBe('Draft that nobody else reads.');
    await page.getByRole('textbox', { name: 'Reasons' }).fill('Typed in the first tab.');
    await until(() => field.inputValue()).toBe('Typed in the first tab.');
    await sign();
    await page.getByText('Decided: reversed.').waitFor();
    await second.getByText('This case is no longer yours.').waitFor();
    expect(await field.count()).toBe(0);
    await second.close();
  });
});

describe('a connection that is lost', () => {
  test('loses nothing, and what is sent again is not decided twice', async () => {
    const appealed = await take();
    await write('Kept through the loss.');
    // The registry hears and decides; its answers never arrive.
    await page.route('**/call/review.decide', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await sign();
    await page.getByRole('button', { name: 'Check and send again' }).waitFor({ timeout: 60_000 });
    const field = page.getByRole('textbox', { name: 'Reasons' });
    expect(await field.inputValue()).toBe('Kept through the loss.');
    expect(await appealed.state()).toBe('reversed');
    await page.unroute('**/call/review.decide');
    await sign();
    await page.getByText('The registry has your decision').waitFor();
  });
});

describe('an assignment that ends meanwhile', () => {
  test('is said, and the draft stays in sight', async () => {
    const { appeal } = await take();
    await write('Written too late.');
    const reviewer = at.server.party('Review panel', 'reviewer', true);
    const given = { appeal, why: 'workload' };
    expect((await at.server.call(reviewer, 'review.recuse', given)).status).toBe(200);
    await sign();
    await page.getByText('This case is no longer yours.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Reasons' }).inputValue()).toBe(
      'Written too late.',
    );
    await page.reload();
    await page.getByText('This case is no longer yours.').waitFor();
    await page.getByText('Written too late.').waitFor();
  });
});

describe('what was never sent, and never complained about', () => {
  test('the evidence in clear left the browser in no request', () => {
    const bodies = desk.sent.map(({ body }) => body?.toString('latin1') ?? '');
    expect(bodies.filter((body) => body !== '').length).toBeGreaterThan(10);
    const encoded = [0, 1, 2].map((shift) =>
      Buffer.from(' '.repeat(shift) + marker)
        .toString('base64url')
        .slice(4, -4),
    );
    for (const form of [marker, ...encoded]) {
      expect(bodies.filter((body) => body.includes(form))).toEqual([]);
    }
  });

  test('no page broke its policy or threw, and no request went elsewhere', () => {
    expect(desk.complaints).toEqual([]);
    const origins = new Set(desk.sent.map(({ url }) => new URL(url).origin));
    expect([...origins]).toEqual([new URL(at.server.url).origin]);
  });
});
