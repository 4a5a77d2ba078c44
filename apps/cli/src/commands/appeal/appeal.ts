import { group } from '../../command.ts';
import { addCommand, fileCommand } from './add.ts';
import { claimCommand, rotateCommand } from './claim.ts';
import { findCommand, proveCommand, ticketCommand } from './find.ts';
import { joinCommand, keepCommand, openCommand, withdrawAppealCommand } from './open.ts';
import { letterCommand, receiptCommand } from './proof.ts';
import { showCommand } from './show.ts';

/** The side of whoever a record is about: by the code of the notice, or by proving an identifier. */
export const appealCommand = group({
  name: 'appeal',
  about: 'your own case: read it, claim it, appeal; needs no profile and no signing key',
  help: 'Codes and keys are read from files of yours (chmod 600), from a prompt, or line by line from stdin; one on the command\nline is refused.',
  commands: [
    showCommand,
    claimCommand,
    openCommand,
    joinCommand,
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
  ],
});
