import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { configOf } from './config.ts';
import { commandIn, commands, helpText, mainVariables } from './help.ts';
import { Settings } from './settings.ts';

test('help has a line for every command, and for variables that a server reads, with their defaults', () => {
  const text = helpText();
  const settings = new Settings({});
  configOf(settings);
  const known = settings.all.map(({ name }) => name);
  for (const name of Object.keys(commands))
    expect(text).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  for (const name of Object.keys(mainVariables)) {
    expect(known).toContain(name);
    expect(text).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  }
  expect(text).toContain('and the port (4800)');
});

test('--help asks for help wherever it stands, and a first option is one of serve', () => {
  for (const args of [['--help'], ['-h'], ['migrate', '--help'], ['help']])
    expect(commandIn(args)).toBe('help');
  expect(commandIn([])).toEqual({ command: 'serve', rest: [] });
  expect(commandIn(['--role', 'api'])).toEqual({ command: 'serve', rest: ['--role', 'api'] });
  expect(commandIn(['serve', '--init'])).toEqual({ command: 'serve', rest: ['--init'] });
});

test('what is no command is refused by the names of those that are', () => {
  for (const name of ['migrte', 'toString', 'enrol'])
    expect(() => commandIn([name])).toThrow(
      `${name} is no command: there are serve, migrate, backup, restore, recover, doctor, config, oprf-key.`,
    );
});

test('whoever has read enough ends no command', async () => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@recourse/source', main, '--help']);
  child.stdout.destroy();
  const said = child.stderr.setEncoding('utf8').toArray();
  const [code] = (await once(child, 'exit')) as [number | null];
  expect([code, (await said).join('')]).toEqual([0, '']);
});
