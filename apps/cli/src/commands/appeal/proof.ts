import { resolve } from 'node:path';
import { optional, text } from '../../options.ts';
import { createPrivateFile } from '../../profile/private-file.ts';
import { keyedCommand } from './creator.ts';

export const receiptCommand = keyedCommand(
  {
    name: 'receipt',
    about: 'proof of your appeals, with the ledger entries of your case opened',
    flags: { out: text('file', 'where to write it, readable by you only') },
  },
  async ({ out }, { terminal, client, key }) => {
    const receipt = await client.receipt({ key: await key() });
    const file = resolve(out);
    createPrivateFile(file, `${JSON.stringify(receipt, null, 2)}\n`);
    const [appeals, openings] = [receipt.appeals.length, receipt.openings.length];
    terminal.result({ file, appeals, openings }, () =>
      terminal.line(`${appeals} appeals and ${openings} ledger entries in ${file}.`),
    );
  },
);

export const letterCommand = keyedCommand(
  {
    name: 'letter',
    about: 'after the record ended in your favour: a signed letter to show to others',
    flags: { out: optional(text('file', 'also write it with its signature to a file')) },
  },
  async ({ out }, { terminal, client, key }) => {
    const letter = await client.letter({ key: await key() });
    const file = out === undefined ? undefined : resolve(out);
    if (file !== undefined) createPrivateFile(file, `${JSON.stringify(letter, null, 2)}\n`);
    terminal.result({ ...letter, file }, () => {
      terminal.line(letter.text);
      terminal.line(`\nWith its signature: ${file ?? '--out FILE.'}`);
    });
  },
);
