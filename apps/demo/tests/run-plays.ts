import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/plays/main.ts', import.meta.url));

/** Runs `npm run plays -- …` to its end. */
export const runPlays = (
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=@recourse/source', main, ...args],
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

const lastLine = (stdout: string): unknown => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

/** A test of each play: what it finds is what is expected of it, for people and for programs. */
export const testPlays = (plays: readonly { readonly name: string }[]): void =>
  test.each(plays.map(({ name }) => name))(
    '%s is found as expected',
    async (name) => {
      const { code, stdout } = await runPlays(name);
      expect(stdout).toMatch(new RegExp(`^${name} +(held|open) `, 'm'));
      const found = { name, held: expect.any(Boolean), figures: expect.any(Object) };
      expect(lastLine(stdout)).toEqual({ plays: [found] });
      expect(code).toBe(0);
    },
    300_000,
  );
