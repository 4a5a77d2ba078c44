import { Command } from 'commander';
import { afterEach, expect, it, vi } from 'vitest';
import { simulateCommand } from './commands/simulate.ts';
import { readEnvironment } from './environment.ts';

let written = '';
vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => ((written += String(chunk)), true));
vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
afterEach(() => {
  written = '';
});

async function run(...args: string[]): Promise<string> {
  const program = new Command('recourse').option('--json').exitOverride();
  const made = simulateCommand(readEnvironment({}, { stdin: {}, stdout: {}, stderr: {} }));
  for (const one of [made, ...made.commands])
    one.exitOverride().configureOutput({ writeErr: () => undefined });
  program.addCommand(made);
  await program.parseAsync(args, { from: 'user' });
  return written;
}
const small = ['--flood', '200', '--others', '20', '--groups', '2'];

it('shows what became of the flooded one and of the others, for each panel', async () => {
  const table = await run('simulate', 'panel', '--reviewers', '1,3', ...small);
  expect(table.match(/against the one/g)).toHaveLength(2);
  expect(table).toMatch(/3 +on others, meanwhile +20 +20 +0 +0/);
});

it('says the same as JSON', async () => {
  const { results } = JSON.parse(
    await run('--json', 'simulate', 'panel', '--reviewers', '3', ...small),
  ) as { results: unknown };
  expect(results).toMatchObject([
    {
      reviewers: 3,
      flooded: { appeals: 200, undelivered: 0 },
      others: { decided: 20, heldDays: 0 },
    },
  ]);
});

it('refuses a panel of none', async () => {
  const refused = run('simulate', 'panel', '--reviewers', '0');
  await expect(refused).rejects.toThrow('It takes numbers from 1 to 1000');
});
