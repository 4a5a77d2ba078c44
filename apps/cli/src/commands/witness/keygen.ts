import { encodeVerifierKey } from '@recourse/ledger';
import { Command } from 'commander';
import { resolve } from 'node:path';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { createWitnessKey } from '../../witness/witness-key.ts';

export const keygenCommand = (environment: Environment): Command =>
  new Command('keygen')
    .description('make the key of a witness, readable by you only, and print its verifier key')
    .requiredOption('--name <name>', 'of the witness, such as witness.example/w1')
    .requiredOption('--out <file>', 'where to write it; an existing file is never overwritten')
    .action(async ({ name, out }: { name: string; out: string }, command: Command) => {
      const { terminal } = contextOf(command, environment);
      const file = resolve(out);
      const { key } = await createWitnessKey(file, name);
      const verifierKey = encodeVerifierKey(key);
      terminal.result({ keyFile: file, key: verifierKey }, () => terminal.line(verifierKey));
    });
