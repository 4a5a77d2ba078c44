import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { unknownIn } from './documents/known-options.ts';
import { others, pages, read } from './documents/pages.ts';
import { readBlocks } from './documents/read-blocks.ts';
import { inSandbox, Reader } from './documents/reader.ts';
import { isShown } from './documents/shown.ts';

// Each command is a process of its own.
vi.setConfig({ testTimeout: 300_000 });

describe.runIf(process.platform !== 'win32')('what a page tells a reader to run', () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await Reader.open(inSandbox);
  });
  afterAll(() => reader.close());

  test.each(others)('%s', async (page) => {
    expect(await reader.faultIn(page)).toBeUndefined();
  });
});

test('what is not run names commands and options that exist', () => {
  const unknown = pages.flatMap((page) =>
    readBlocks(read(page), page)
      .filter(({ notRun }) => notRun !== undefined)
      .flatMap(({ at, commands }) => commands.flatMap(unknownIn).map((name) => `${at}: ${name}`)),
  );
  expect(unknown).toEqual([]);
});

test('a page that shows something else is found out', () => {
  const page = [
    'Prose.',
    '',
    '    npx recourse check \\',
    '      --email x',
    '',
    '    review  …',
    '',
    '    …',
    '    the end',
    '',
    '<!-- not run: needs a mail server -->',
    '',
    '    echo mail',
  ].join('\n');
  const [run, marked] = readBlocks(page, 'x.md');
  expect(run).toEqual({
    at: 'x.md:3',
    commands: ['npx recourse check --email x'],
    output: '    review  …\n\n    …\n    the end',
  });
  expect(marked).toMatchObject({ at: 'x.md:13', notRun: 'needs a mail server' });
  const output = run?.output ?? '';
  expect(isShown('review chk_1\n\none\ntwo\nthe   end\n', output)).toBe(true);
  expect(isShown('no-record chk_1\n\none\nthe end\n', output)).toBe(false);
  expect(isShown('review chk_1\n\nthe end, and more\n', output)).toBe(false);
  expect(unknownIn('recourse call oprf.rotate --input {}')).toEqual(['--input']);
  expect(unknownIn('recourse ledger forge')).not.toEqual([]);
  expect(unknownIn('recourse ledger verify --json')).toEqual([]);
});
