import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { operating } from './documents/pages.ts';
import { inProduction, Reader } from './documents/reader.ts';

// Each command is a process of its own.
vi.setConfig({ testTimeout: 300_000 });

let reader: Reader;
beforeAll(async () => {
  reader = await Reader.open(inProduction);
});
afterAll(() => reader.close());

describe.runIf(process.platform !== 'win32')('what a page tells a reader to run', () => {
  test.each(operating)('%s', async (page) => {
    expect(await reader.faultIn(page)).toBeUndefined();
  });
});
