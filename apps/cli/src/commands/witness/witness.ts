import { Command } from 'commander';
import type { Environment } from '../../environment.ts';
import { keygenCommand } from './keygen.ts';
import { registerCommand } from './register.ts';
import { runCommand } from './run.ts';

/** What any member can run beside a registry, so that it cannot show two histories. */
export function witnessCommand(environment: Environment): Command {
  const command = new Command('witness').description(
    'cosign the ledger of a registry: that it only ever grew (docs/witness.md)',
  );
  for (const create of [keygenCommand, runCommand, registerCommand]) {
    command.addCommand(create(environment));
  }
  return command;
}
