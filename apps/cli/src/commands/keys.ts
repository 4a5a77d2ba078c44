import {
  enrolmentSchema,
  keyStatementSchema,
  peekArtefact,
  toNumericDate,
  type KeyLink,
} from '@recourse/protocol';
import { resolve } from 'node:path';
import { command, group } from '../command.ts';
import { CliError } from '../errors.ts';
import { opCommand } from '../op-command.ts';
import { choice, optional, parseDate, text, value } from '../options.ts';
import { createKeyFile } from '../profile/key-file.ts';
import { addKeyCommand } from './keys-add.ts';
import { anewCommand } from './keys-anew.ts';
import { inviteCommand } from './keys-invite.ts';

const list = opCommand({
  op: 'keys.list',
  about: 'the key chain of your party, and enrolments that wait for an admin',
  print: ({ keys, waiting }, terminal) => {
    terminal.table(['key', 'role', 'admin', 'holder', 'added', 'state'], keys.map(rowOf));
    if (waiting.length === 0) return;
    terminal.line(
      '\nWaiting for an admin (compare the key with its holder, then: recourse keys add KEY):',
    );
    terminal.table(
      ['key', 'role', 'admin', 'holder', 'enrolled'],
      waiting.map(({ kid, role, admin, holder, enrolledAt }) => [
        kid,
        role,
        admin ? 'admin' : '',
        holder,
        enrolledAt,
      ]),
    );
  },
});

function rowOf({ kid, statement, addedAt, revoked }: KeyLink): string[] {
  const { role, admin, holder } = saidOf(statement);
  const state = revoked ? `revoked ${revoked.at} (${revoked.why})` : 'active';
  return [kid, role, admin ? 'admin' : '', holder, addedAt, state];
}

/** The chain's first link is the enrolment of the root itself; the others are statements of an admin. */
function saidOf(statement: string): { role: string; admin: boolean; holder: string } {
  try {
    return peekArtefact(statement, { typ: 'recourse-key+jwt', schema: keyStatementSchema }).payload;
  } catch {
    const root = peekArtefact(statement, { typ: 'recourse-enrol+jwt', schema: enrolmentSchema });
    return { ...root.payload, holder: '(enrolment)' };
  }
}

const create = command(
  {
    name: 'new',
    about: 'make a key file, readable by you only',
    args: { file: text('file', 'where to write it; an existing file is never overwritten') },
  },
  async ({ file }, { terminal }) => {
    const { path, signer } = await createKeyFile(resolve(file));
    terminal.result({ keyFile: path, kid: signer.kid }, () =>
      terminal.line(`${signer.kid}  ${path}`),
    );
  },
);

const revoke = opCommand({
  op: 'keys.revoke',
  about: 'revoke a key at once, on every server',
  args: { kid: text('kid', 'the key, as `keys list` shows it') },
  flags: {
    why: choice(['retired', 'compromised'], 'what happened'),
    since: optional(
      value('time', 'when compromised: statements from then on no longer count', parseDate),
    ),
  },
  input: ({ since, ...key }) => {
    if (key.why === 'compromised' && !since) throw sinceMissing;
    return { ...key, ...(since ? { since: toNumericDate(since) } : {}) };
  },
  print: ({ revokedAt, suspended }, terminal) =>
    terminal.line(`Revoked at ${revokedAt}; ${suspended} sanctions signed with it are suspended.`),
});

/** Any key will do: it is not lost. */
const keep = opCommand({
  op: 'parties.keepKeys',
  name: 'keep',
  about: 'stop the re-enrolment of your platform that operators announced',
  print: (_, terminal) =>
    terminal.line('Stopped: your keys stay. It is in the public log who stopped it.'),
});

const sinceMissing = new CliError('usage', {
  message: 'A compromised key needs --since.',
  next: 'Give the earliest time at which somebody else may have had it; statements from then on are suspended.',
});

export const keysCommand = group({
  name: 'keys',
  about: 'the keys of your party; adding and revoking need an admin key',
  commands: [list, inviteCommand, create, addKeyCommand, revoke, anewCommand, keep],
});
