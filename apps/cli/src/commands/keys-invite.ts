import { encodeInvite, inviteKey, rolesOf, partyKind, type Role } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { command } from '../command.ts';
import { CliError } from '../errors.ts';
import { choice, optional, text, toggle } from '../options.ts';
import { createPrivateFile } from '../profile/private-file.ts';
import { id } from './ids.ts';

/** The code is made here and written to a file of its owner's; the registry gets its hash alone. */
export const inviteCommand = command(
  {
    name: 'invite',
    about: 'invite a person or a service into your party, with an admin key',
    flags: {
      role: choice<Role>(Object.values(rolesOf).flat(), 'what the key will sign'),
      out: text('file', 'where to write the invite, readable by you only; hand it to one person'),
      admin: toggle('the key may invite, add and revoke keys'),
      holder: optional(
        id('hld', 'another key for somebody who is there already; a new holder when absent'),
      ),
    },
  },
  async ({ role, out, admin = false, ...holder }, { terminal, identity, connect }) => {
    const { origin, logKid: logKey, policy, party } = await identity();
    const recourse = await connect();
    if (!(rolesOf[partyKind(party)] as readonly Role[]).includes(role)) throw wrongRole(party);
    const code = randomBytes(24).toString('base64url');
    const made = await recourse.people.invite({ invite: inviteKey(code), role, admin, ...holder });
    const file = resolve(out);
    const invite = encodeInvite({ origin, code, party, role, admin, logKey, policy });
    createPrivateFile(file, `${invite}\n`);
    terminal.result({ ...made, role, admin, file }, () => {
      terminal.line(
        `Invite for ${made.holder} (${role}) in ${file}, good until ${made.expiresAt}.`,
      );
      terminal.line('Hand it over in private; it works once: recourse enrol "$(cat FILE)"');
    });
  },
);

const wrongRole = (party: string): CliError =>
  new CliError('usage', {
    message: 'Your party has no keys of this role.',
    next: `It takes ${rolesOf[partyKind(party)].join(' or ')}.`,
  });
