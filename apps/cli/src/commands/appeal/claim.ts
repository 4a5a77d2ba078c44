import type { Command } from 'commander';
import { withNewKey } from '../../case/new-key-file.ts';
import type { Environment } from '../../environment.ts';
import {
  codeOf,
  creatorCommand,
  creatorOf,
  keyedCommand,
  keyOf,
  type KeyFlags,
} from './creator.ts';

/** From then on the code of the notice, which others have seen, opens nothing. */
export const claimCommand = (environment: Environment): Command =>
  creatorCommand('claim', 'take a case by its code: from now on only your key acts on it')
    .option('--code-file <file>', 'the code or link of the notice; asked for when absent')
    .requiredOption('--out <file>', 'where to write your key, readable by you only')
    .action(async ({ codeFile, out }: { codeFile?: string; out: string }, command: Command) => {
      const creator = await creatorOf(command, environment);
      const code = await codeOf(creator, codeFile);
      const { result, keyFile } = await withNewKey(out, (newKey) =>
        creator.client.claim({ code, newKey }),
      );
      creator.terminal.result({ ...result, keyFile }, () => {
        creator.terminal.line(`The case ${result.sanction} is yours since ${result.claimedAt}.`);
        creator.terminal.line(`Its key is in ${keyFile}: keep it, nobody can give you another.`);
      });
    });

export const rotateCommand = (environment: Environment): Command =>
  keyedCommand('rotate', 'replace the key of your case, when somebody else may have seen it')
    .requiredOption('--out <file>', 'where to write the new key, readable by you only')
    .action(async ({ out, ...flags }: KeyFlags & { out: string }, command: Command) => {
      const creator = await creatorOf(command, environment);
      const key = await keyOf(creator, flags);
      const { result, keyFile } = await withNewKey(out, (newKey) =>
        creator.client.rotate({ key, newKey }),
      );
      creator.terminal.result({ ...result, keyFile }, () =>
        creator.terminal.line(
          `The key in ${keyFile} opens the case now; the old one opens nothing.`,
        ),
      );
    });
