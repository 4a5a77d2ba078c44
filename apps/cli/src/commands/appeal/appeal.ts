import { group } from '../../command.ts';
import {
  addCommand,
  claimCommand,
  fileCommand,
  joinCommand,
  keepCommand,
  letterCommand,
  openCommand,
  receiptCommand,
  rotateCommand,
  withdrawCommand,
} from './act.ts';
import { findCommand, proveCommand, ticketCommand } from './find.ts';
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
    withdrawCommand,
    keepCommand,
    receiptCommand,
    letterCommand,
    rotateCommand,
    findCommand,
    proveCommand,
    ticketCommand,
  ],
});
