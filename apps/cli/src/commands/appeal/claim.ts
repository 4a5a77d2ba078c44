import { withNewKey } from '../../case/new-key-file.ts';
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
    const { result, keyFile } = await withNewKey(out, (newKey) => client.claim({ code, newKey }));
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
  async ({ out }, { terminal, client, key: read }) => {
    const key = await read();
    const { result, keyFile } = await withNewKey(out, (newKey) => client.rotate({ key, newKey }));
    terminal.result({ ...result, keyFile }, () =>
      terminal.line(`The key in ${keyFile} opens the case now; the old one opens nothing.`),
    );
  },
);
