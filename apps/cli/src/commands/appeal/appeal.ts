import { Command } from 'commander';
import type { Environment } from '../../environment.ts';
import { addCommand, fileCommand } from './add.ts';
import { claimCommand, rotateCommand } from './claim.ts';
import { contestCommand } from './contest.ts';
import { findCommand, proveCommand, ticketCommand, unlockCommand } from './find.ts';
import { keepCommand, openCommand, withdrawAppealCommand } from './open.ts';
import { letterCommand, receiptCommand } from './proof.ts';
import { showCommand } from './show.ts';

const secretHelp = `
Codes and keys are read from files of yours (chmod 600), from a prompt, or line by line from stdin; one on the command
line is refused.`;

/** The side of whoever a record is about: by the code of the notice, or by proving an identifier. */
export function appealCommand(environment: Environment): Command {
  const command = new Command('appeal')
    .description('your own case: read it, claim it, appeal; needs no profile and no signing key')
    .addHelpText('after', secretHelp);
  const commands = [
    showCommand,
    claimCommand,
    openCommand,
    addCommand,
    fileCommand,
    withdrawAppealCommand,
    keepCommand,
    receiptCommand,
    letterCommand,
    rotateCommand,
    findCommand,
    proveCommand,
    ticketCommand,
    unlockCommand,
    contestCommand,
  ];
  for (const create of commands) command.addCommand(create(environment));
  return command;
}
