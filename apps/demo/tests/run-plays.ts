import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

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

/** Plays all of them by one command, and tests that each is found as expected, for people and for programs. */
export function testPlays(plays: readonly { readonly name: string }[]): void {
  const names = plays.map(({ name }) => name);
  let played: Awaited<ReturnType<typeof runPlays>>;
  beforeAll(async () => {
    played = await runPlays(...names);
  }, 1_500_000);

  test.each(names)('%s is found as expected', (name) => {
    expect(played.stdout).toMatch(new RegExp(`^${name} +(held|open) `, 'm'));
  });

  test('the command says so to programs, too', () => {
    const found = (name: string) => ({
      name,
      held: expect.any(Boolean),
      figures: expect.any(Object),
    });
    expect(lastLine(played.stdout)).toEqual({ plays: names.map(found) });
    expect(played.code).toBe(0);
  });
}
