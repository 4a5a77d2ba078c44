import { CommanderError } from 'commander';
import { refuseSecretArguments } from './case/secret-argument.ts';
import type { Environment } from './environment.ts';
import { exitCodeOf, type ExitCode, ExitSignal } from './exit-code.ts';
import { explain } from './explain.ts';
import { createProgram } from './program.ts';
import { Terminal } from './terminal.ts';

/** Runs one command line and returns its exit code; the one place where errors become text. */
export async function runCli(args: readonly string[], environment: Environment): Promise<ExitCode> {
  try {
    refuseSecretArguments(args);
    await createProgram(environment).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof ExitSignal) return error.exitCode;
    const terminal = new Terminal(environment, args.includes('--json'));
    // Commander has printed help or what is wrong with the arguments.
    if (!(error instanceof CommanderError)) terminal.failure(explain(error));
    else if (error.exitCode !== 0 && terminal.json) terminal.failure(wrongUsage);
    return exitCodeOf(error);
  }
}

const wrongUsage = {
  code: 'usage',
  message: 'The command line is not one that this program takes.',
  next: 'See recourse --help, and the help of the command.',
  issues: [],
};
