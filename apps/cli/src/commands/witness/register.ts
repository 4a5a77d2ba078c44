import { encodeVerifierKey } from '@recourse/ledger';
import { Command } from 'commander';
import { resolve } from 'node:path';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../errors.ts';
import { readWitnessKey } from '../../witness/witness-key.ts';

interface RegisterFlags {
  readonly at: string;
  readonly keyFile?: string;
  readonly key?: string;
}

export const registerCommand = (environment: Environment): Command =>
  new Command('register')
    .description('have the registry ask your witness for cosignatures; needs an admin key')
    .requiredOption('--at <url>', 'where the witness is asked: https://witness.example')
    .option('--key-file <file>', 'its key, as keygen wrote it')
    .option('--key <key>', 'instead: its verifier key, as keygen printed it')
    .action(async (flags: RegisterFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const key = await keyOf(flags);
      const { session } = await connect();
      const { result } = await session.transport.send('parties.witness', { key, url: flags.at });
      const { threshold, witnesses } = result.policy;
      terminal.result(result, () => {
        terminal.line(`Registered ${key}; the registry asks it at ${flags.at}.`);
        terminal.line(`From now on ${threshold} of ${witnesses.length} witnesses must cosign.`);
      });
    });

/** The key need not be where the admin key is: its public half is enough. */
async function keyOf({ keyFile, key }: RegisterFlags): Promise<string> {
  if (key !== undefined && keyFile === undefined) return key;
  if (key === undefined && keyFile !== undefined) {
    return encodeVerifierKey((await readWitnessKey(resolve(keyFile))).key);
  }
  throw new CliError('usage', {
    message: 'It takes --key-file or --key, and not both.',
    next: 'Give the verifier key that recourse witness keygen printed.',
  });
}
