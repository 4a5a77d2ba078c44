import { withNewKey } from '../../case/new-key-file.ts';
import { optional, text } from '../../options.ts';
import { readText } from '../../profile/private-file.ts';
import { codeOf, creatorCommand, keyedCommand } from './creator.ts';

/** From then on the code of the notice, which others have seen, opens nothing. */
export const claimCommand = creatorCommand(
  {
    name: 'claim',
    about: 'take a case by its code: from now on only your key acts on it',
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
      terminal.line(`The case ${result.sanction} is yours since ${result.claimedAt}.`);
      terminal.line(`Its key is in ${keyFile}: keep it, nobody can give you another.`);
    });
  },
);

export const rotateCommand = keyedCommand(
  {
    name: 'rotate',
    about: 'replace the key of your case, when somebody else may have seen it',
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

export const contestCommand = keyedCommand(
  {
    name: 'contest',
    about: 'say that a case which somebody else holds is yours',
    flags: {
      wordsFile: optional(
        text(
          'file',
          'why, up to 4,000 characters: for reviewers, who decide where the other one proved an identifier, too. The holder answers with the same command',
        ),
      ),
    },
  },
  async ({ wordsFile }, { terminal, client, key: read }) => {
    const key = await read();
    const words = wordsFile === undefined ? {} : { words: readText(wordsFile).trim() };
    const result = await client.contest({ key, ...words });
    const { contestedAt, voided, item, dueAt } = result;
    terminal.result(result, () =>
      terminal.line(
        item === undefined
          ? `The case is yours since ${contestedAt}; void: ${voided.join(', ') || 'nothing'}.`
          : `Two reviewers decide until ${dueAt} whose case it is (${item}); until then its holder acts.`,
      ),
    );
  },
);
