import { Command } from 'commander';
import { appealCommand } from './commands/appeal/appeal.ts';
import { appealsCommand } from './commands/appeals.ts';
import { callCommand } from './commands/call.ts';
import { caseCommand } from './commands/case/case.ts';
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
import { partiesCommand } from './commands/parties/parties.ts';
import { questionsCommand } from './commands/questions.ts';
import { recallsCommand } from './commands/recalls.ts';
import { reportCommand } from './commands/report.ts';
import { reviewCommand } from './commands/review/review.ts';
import { simulateCommand } from './commands/simulate.ts';
import { standingCommand } from './commands/standing.ts';
import { sanctionsCommand } from './commands/sanctions.ts';
import { submitCommand } from './commands/submit.ts';
import { witnessCommand } from './commands/witness/witness.ts';
import type { Environment } from './environment.ts';
import { exitCodeHelp } from './exit-code.ts';

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
    .option('--url <url>', 'where to reach the registry, when that is not its origin')
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
    questionsCommand,
    challengeCommand,
    eventsCommand,
    appealsCommand,
    evidenceCommand,
    reviewCommand,
    appealCommand,
    caseCommand,
    ledgerCommand,
    witnessCommand,
    partiesCommand,
    reportCommand,
    standingCommand,
    simulateCommand,
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
