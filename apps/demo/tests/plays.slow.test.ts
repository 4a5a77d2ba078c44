import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { plays } from '../src/plays/plays.ts';

const main = fileURLToPath(new URL('../src/plays/main.ts', import.meta.url));

/** Runs `npm run plays -- …` to its end. */
const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=@recourse/source', main, ...args],
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

const lastLine = (stdout: string): unknown => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

const found = (name: string) => ({
  name,
  held: expect.any(Boolean),
  figures: expect.any(Object),
});

test.each(plays.map(({ name }) => name))(
  '%s is found as expected',
  async (name) => {
    const { code, stdout } = await run(name);
    expect(stdout).toMatch(new RegExp(`^${name} +(held|open) `, 'm'));
    expect(lastLine(stdout)).toEqual({ plays: [found(name)] });
    expect(code).toBe(0);
  },
  300_000,
);

test('the command fails where a play is held that was expected to be open', async () => {
  const { code, stdout } = await run('many-ways', '--open', 'many-ways', '--json');
  const [line, ...more] = stdout.trimEnd().split('\n');
  expect(more).toEqual([]);
  expect(JSON.parse(line ?? '')).toMatchObject({ plays: [{ name: 'many-ways', held: true }] });
  expect(code).toBe(1);
}, 300_000);

test('a play that does not exist is refused by name', async () => {
  const { code, stderr } = await run('no-such-play');
  expect([code, stderr.split('\n')[0]]).toEqual([
    2,
    'There is no play no-such-play; --list names them.',
  ]);
});
