import type { Command } from 'commander';
import { resolve } from 'node:path';
import type { Environment } from '../../environment.ts';
import { createPrivateFile } from '../../profile/private-file.ts';
import { creatorOf, keyedCommand, keyOf, type KeyFlags } from './creator.ts';

type ProofFlags = KeyFlags & { readonly out?: string };

export const receiptCommand = (environment: Environment): Command =>
  keyedCommand('receipt', 'proof of your appeals, with the ledger entries of your case opened')
    .requiredOption('--out <file>', 'where to write it, readable by you only')
    .action(async (flags: KeyFlags & { out: string }, command: Command) => {
      const creator = await creatorOf(command, environment);
      const receipt = await creator.client.receipt({ key: await keyOf(creator, flags) });
      const file = resolve(flags.out);
      createPrivateFile(file, `${JSON.stringify(receipt, null, 2)}\n`);
      const { appeals, openings } = receipt;
      creator.terminal.result({ file, appeals: appeals.length, openings: openings.length }, () =>
        creator.terminal.line(
          `${appeals.length} appeals and ${openings.length} ledger entries in ${file}.`,
        ),
      );
    });

export const letterCommand = (environment: Environment): Command =>
  keyedCommand('letter', 'after the record ended in your favour: a signed letter to show to others')
    .option('--out <file>', 'also write it with its signature to a file')
    .action(async (flags: ProofFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      const letter = await creator.client.letter({ key: await keyOf(creator, flags) });
      const file = flags.out === undefined ? undefined : resolve(flags.out);
      if (file !== undefined) createPrivateFile(file, `${JSON.stringify(letter, null, 2)}\n`);
      creator.terminal.result({ ...letter, ...(file === undefined ? {} : { file }) }, () => {
        creator.terminal.line(letter.text);
        creator.terminal.line(
          file === undefined
            ? '\nWith its signature: --out FILE.'
            : `\nWith its signature: ${file}`,
        );
      });
    });
