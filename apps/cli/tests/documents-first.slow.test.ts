import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { first } from './documents/pages.ts';
import { inSandbox, Reader } from './documents/reader.ts';

// Each command is a process of its own.
vi.setConfig({ testTimeout: 300_000 });

let reader: Reader;
beforeAll(async () => {
  reader = await Reader.open(inSandbox);
});
afterAll(() => reader.close());

describe.runIf(process.platform !== 'win32')('what a page tells a reader to run', () => {
  test.each(first)('%s', async (page) => {
    expect(await reader.faultIn(page)).toBeUndefined();
  });
});
