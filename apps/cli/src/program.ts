import { Command, CommanderError } from 'commander';
import { callCommand } from './commands/call.ts';
import { caseCommand } from './commands/case.ts';
import { challengeCommand } from './commands/challenge.ts';
import { checkCommand } from './commands/check.ts';
import { dsaCommand } from './commands/dsa.ts';
import { enrolCommand } from './commands/enrol.ts';
import { eventsCommand } from './commands/events.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { importCommand } from './commands/import.ts';
import { keysCommand } from './commands/keys.ts';
import { ledgerCommand } from './commands/ledger/ledger.ts';
import { notifyCommand } from './commands/notify.ts';
import { operatorCommand } from './commands/operator.ts';
import { panelCommand } from './commands/panel.ts';
import { partiesCommand } from './commands/parties.ts';
import { platformsCommand } from './commands/platforms.ts';
import { recallsCommand } from './commands/recalls.ts';
import { sanctionsCommand } from './commands/sanctions.ts';
import { submitCommand } from './commands/submit.ts';
import { witnessCommand } from './commands/witness.ts';
import type { Environment } from './environment.ts';
import { refuseSecretArguments } from './secret-arguments.ts';
import { exitCodeHelp, exitCodeOf, ExitSignal, type ExitCode } from './exit-code.ts';
import { explain } from './explain.ts';
import { Terminal } from './terminal.ts';

/** Runs one command line and returns its exit code; the one place where errors become text. */
export async function runCli(args: readonly string[], environment: Environment): Promise<ExitCode> {
  try {
    refuseSecretArguments(args);
    await createProgram(environment).parseAsync(keysLast(args), { from: 'user' });
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

/** One key in 64 begins with a dash, and would be taken for an option. */
function keysLast(args: readonly string[]): string[] {
  const isKey = (arg: string, at: number): boolean =>
    /^-[\w-]{42}$/.test(arg) && args[at - 1]?.startsWith('--') !== true;
  const keys = args.filter(isKey);
  const others = args.filter((arg, at) => !isKey(arg, at));
  return keys.length === 0 ? others : [...others, '--', ...keys];
}

const wrongUsage = {
  code: 'usage',
  message: 'The command line is not one that this program takes.',
  next: 'See recourse --help, and the help of the command.',
  issues: [],
};

/** The command line. Parsing throws `CommanderError`; commands throw `CliError` and `RecourseError`. */
export function createProgram(environment: Environment): Command {
  const program = new Command('recourse')
    .description('Submit sanctions to a Recourse registry, check creators, and answer for both.')
    .version('0.1.0')
    .option('--profile <name>', 'who acts, from the config file (or RECOURSE_PROFILE)')
    .option('--config <file>', 'config file', environment.configFile)
    .option('--sandbox <dir>', 'data directory of a sandbox on this machine, to try things out')
    .option(
      '--as <party>',
      'with --sandbox: Harbour, Harbour:trust, Harbour:admin, Harbour:service; Panel, Panel:2, Panel:3',
    )
    .option('--url <url>', 'where the registry is reached, or a mirror of its log (URL or folder)')
    .option('--json', 'one JSON document on stdout')
    .showHelpAfterError('(recourse COMMAND --help shows what it takes)')
    .exitOverride()
    .addHelpText('after', exitCodeHelp);
  const commands = [
    enrolCommand,
    keysCommand,
    checkCommand,
    submitCommand,
    notifyCommand,
    dsaCommand,
    sanctionsCommand,
    importCommand,
    recallsCommand,
    challengeCommand,
    eventsCommand,
    evidenceCommand,
    caseCommand,
    ledgerCommand,
    witnessCommand,
    partiesCommand,
    platformsCommand,
    panelCommand,
    operatorCommand,
    callCommand,
  ];
  for (const create of commands) program.addCommand(create(environment));
  inherit(program);
  return program;
}

/** `exitOverride` and the like are copied to commands made by `command()`, not to those added. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inherit(command);
  }
}
