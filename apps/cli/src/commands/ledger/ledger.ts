import { Command } from 'commander';
import type { Environment } from '../../environment.ts';
import { checkCommand } from './check.ts';
import { mirrorCommand } from './mirror.ts';
import { ownCommand } from './own.ts';
import { proveCommand } from './prove.ts';
import { verifyCommand } from './verify.ts';
import { watchCommand } from './watch.ts';

/** The public log, read as anybody can: no signing key is needed, but for what it says of oneself. */
export function ledgerCommand(environment: Environment): Command {
  const command = new Command('ledger').description(
    'verify the public ledger of a registry, and prove what is in it',
  );
  const commands = [
    verifyCommand,
    watchCommand,
    mirrorCommand,
    ownCommand,
    proveCommand,
    checkCommand,
  ];
  for (const create of commands) {
    command.addCommand(create(environment));
  }
  return command;
}
