import { signingLine, withNewKey, withNewKeys } from '../../case/new-key-file.ts';
import { readText } from '../../profile/private-file.ts';
import { optional, text } from '../../options.ts';
import { codeOf, creatorCommand, keyedCommand } from './creator.ts';

/** A code is never used up: who else has it can claim as well, and takes nothing from anybody. */
export const claimCommand = creatorCommand(
  {
    name: 'claim',
    about: 'get your own key to a case by its code: with the key you appeal',
    flags: {
      codeFile: optional(text('file', 'the code or link of the notice; asked for when absent')),
      out: text('file', 'where to write your key, readable by you only'),
    },
  },
  async ({ codeFile, out }, creator) => {
    const { client, terminal } = creator;
    const code = await codeOf(creator, codeFile);
    const { result, keyFile } = await withNewKeys(out, (keys) => client.claim({ code, ...keys }));
    terminal.result({ ...result, keyFile }, () => {
      terminal.line(`You act on the case ${result.sanction} since ${result.claimedAt}.`);
      terminal.line(`Its key is in ${keyFile}: keep it, nobody can give you another.`);
    });
  },
);

export const rotateCommand = keyedCommand(
  {
    name: 'rotate',
    about: 'replace your key of a case, when somebody else may have seen it',
    flags: { out: text('file', 'where to write the new key, readable by you only') },
  },
  async ({ out }, { terminal, client, key: read, keyFile: from }) => {
    const key = await read();
    // What they sign with stays the same.
    const signing = from === undefined ? '' : signingLine(readText(from));
    const rotate = (newKey: string) => client.rotate({ key, newKey });
    const { result, keyFile } = await withNewKey(out, rotate, signing);
    terminal.result({ ...result, keyFile }, () =>
      terminal.line(`The key in ${keyFile} opens the case now; the old one opens nothing.`),
    );
  },
);
