import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ServerError } from '../errors.ts';
import { FolderCopy } from './folder-copy.ts';
import { largestFile } from './largest-file.ts';
import { recoverSource } from './recover-options.ts';
import { ServedCopy } from './served-copy.ts';

const tile = { level: 0, index: 0, width: 2 } as const;

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    if (error instanceof ServerError) return error.code;
    throw error;
  }
}

describe('a folder', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'recourse-copy-'));
    mkdirSync(join(dir, 'tile/0/000.p'), { recursive: true });
    writeFileSync(join(dir, 'checkpoint'), 'note');
    writeFileSync(join(dir, 'tile/0/000.p/2'), 'tile');
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test('has the files of a log by their paths', async () => {
    const copy = new FolderCopy(dir);
    expect(await copy.checkpoint()).toEqual(Buffer.from('note'));
    expect(await copy.file(tile)).toEqual(Buffer.from('tile'));
    expect(await copy.file({ ...tile, width: 3 })).toBeUndefined();
    expect(await copy.file({ level: 'entries', index: 0, width: 1 })).toBeUndefined();
  });

  test('is read no further than a file of a log can be long', async () => {
    const path = join(dir, 'tile/0/000.p/4');
    writeFileSync(path, '');
    truncateSync(path, largestFile + 1);
    symlinkSync('/dev/zero', join(dir, 'tile/0/000.p/5'));
    const copy = new FolderCopy(dir);
    expect(await copy.file({ ...tile, width: 4 })).toBeUndefined();
    expect(await copy.file({ ...tile, width: 5 })).toBeUndefined();
  });
});

describe('what serves a log', () => {
  async function serving(listener: RequestListener): Promise<{ url: string; stop: () => void }> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const stop = (): void => server.close().closeAllConnections();
    return { url: `http://127.0.0.1:${port}/ledger`, stop };
  }

  test('has its files under a prefix', async ({ onTestFinished }) => {
    const files: Record<string, string> = {
      '/ledger/checkpoint': 'note',
      '/ledger/tile/0/000.p/2': 'tile',
    };
    const { url, stop } = await serving(({ url: path = '' }, answer) => {
      answer.statusCode = files[path] === undefined ? 404 : 200;
      answer.end(files[path]);
    });
    onTestFinished(stop);
    const copy = new ServedCopy(`${url}/`);
    expect(Buffer.from((await copy.checkpoint())!).toString()).toBe('note');
    expect(Buffer.from((await copy.file(tile))!).toString()).toBe('tile');
    expect(await copy.file({ ...tile, width: 3 })).toBeUndefined();
  });

  test.each<[string, RequestListener]>([
    ['fails', (_, answer) => answer.writeHead(500).end()],
    ['leads elsewhere', (_, answer) => answer.writeHead(302, { Location: '/x' }).end()],
    ['does not end', (_, answer) => void answer.end(Buffer.alloc(largestFile + 1))],
  ])('is not believed when it %s', async (_, listener) => {
    const { url, stop } = await serving(listener);
    try {
      expect(await codeOf(() => new ServedCopy(url).checkpoint())).toBe('copy-unreachable');
    } finally {
      stop();
    }
  });
});

test('recover takes a copy, and nothing else', async () => {
  expect(recoverSource(['--log', 'folder'])).toBe('folder');
  for (const args of [[], ['--log'], ['--log', ''], ['folder'], ['--log', 'a', '--force']]) {
    expect(await codeOf(() => recoverSource(args))).toBe('config_invalid');
  }
});
