import { accessKinds } from '@recourse/protocol';
import { withNewKey, withNewKeys } from '../../case/new-key-file.ts';
import { group } from '../../command.ts';
import { choice, optional, orElse, parseCount, text, value } from '../../options.ts';
import { codeOf, creatorCommand, keyedCommand } from '../appeal/creator.ts';

const invite = keyedCommand(
  {
    name: 'invite',
    about: 'make a code that gives somebody access, once, within a week',
    flags: {
      name: text('name', 'what you call them; they read it too'),
      as: orElse(
        choice(accessKinds, 'a guardian only where the record is about a minor', 'kind'),
        'representative',
      ),
      out: text('file', 'where to write the code, readable by you only'),
    },
  },
  async ({ as, name, out }, { terminal, client, key: read }) => {
    const key = await read();
    const { result, keyFile: codeFile } = await withNewKey(out, (code) =>
      client.invite({ key, code, as, name }),
    );
    terminal.result({ ...result, codeFile }, () => {
      terminal.line(`The code in ${codeFile} is for them alone, until ${result.expiresAt}.`);
      terminal.line(
        `They use it by: recourse case access accept. You end it by: recourse case access end ${result.place}.`,
      );
    });
  },
);

const accept = creatorCommand(
  {
    name: 'accept',
    about: 'take up an invitation: you get a key of your own to the case',
    flags: {
      codeFile: optional(text('file', 'the code that you were given; asked for when absent')),
      out: text('file', 'where to write your key, readable by you only'),
    },
  },
  async ({ codeFile, out }, creator) => {
    const { client, terminal } = creator;
    const code = await codeOf(creator, codeFile, 'Invitation');
    const { result, keyFile } = await withNewKeys(out, (keys) => client.accept({ code, ...keys }));
    terminal.result({ ...result, keyFile }, () => {
      terminal.line(`You act on the case ${result.sanction} as its ${result.as}.`);
      terminal.line(`Read it: recourse appeal show --key-file ${keyFile}.`);
    });
  },
);

const end = keyedCommand(
  {
    name: 'end',
    about: 'end the access of somebody, or your own',
    args: {
      place: optional(
        value('n', 'which one, as recourse appeal show lists it; none for your own', parseCount),
      ),
    },
  },
  async ({ place }, { terminal, client, key }) => {
    const whose = place === undefined ? {} : { place };
    const ended = await client.endAccess({ key: await key(), ...whose });
    terminal.result(ended, () =>
      terminal.line('That access has ended; its key opens nothing any more.'),
    );
  },
);

/** Somebody who acts beside the holder: given access by a code, which is theirs to keep. */
export const accessCommand = group({
  name: 'access',
  about: 'let somebody act on your case beside you, and end that again',
  commands: [invite, accept, end],
});
