import { encodeInvite, inviteKey, rolesOf, partyKind, type Role } from '@recourse/protocol';
import { Command, Option } from 'commander';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { holderOf } from './holder-of.ts';
import { CliError } from '../errors.ts';
import { createPrivateFile } from '../profile/private-file.ts';

interface InviteOptions {
  readonly role: Role;
  readonly out: string;
  readonly admin?: boolean;
  readonly holder?: string;
}

const allRoles = Object.values(rolesOf).flat();

/** The code is made here and written to a file of its owner's; the registry gets its hash alone. */
export const inviteCommand = (environment: Environment): Command =>
  new Command('invite')
    .description('invite a person or a service into your party, with an admin key')
    .addOption(
      new Option('--role <role>', 'what the key will sign').choices(allRoles).makeOptionMandatory(),
    )
    .requiredOption(
      '--out <file>',
      'where to write the invite, readable by you only; hand it to one person',
    )
    .option('--admin', 'the key may invite, add and revoke keys')
    .option(
      '--holder <id>',
      'another key for somebody who is there already; a new holder when absent',
    )
    .action(async (options: InviteOptions, command: Command) => {
      const { terminal, identity, connect } = contextOf(command, environment);
      const { origin, logKid, policy, party } = await identity();
      const recourse = await connect();
      const { role, admin = false } = options;
      if (!(rolesOf[partyKind(party)] as readonly Role[]).includes(role)) throw wrongRole(party);
      const code = randomBytes(24).toString('base64url');
      const holder = options.holder === undefined ? {} : { holder: holderOf(options.holder) };
      const made = await recourse.people.invite({
        invite: inviteKey(code),
        role,
        admin,
        ...holder,
      });
      const invite = encodeInvite({
        origin,
        code,
        party,
        role,
        admin,
        logKey: logKid,
        policy,
      });
      const file = resolve(options.out);
      createPrivateFile(file, `${invite}\n`);
      terminal.result({ ...made, role, admin, file }, () => {
        terminal.line(
          `Invite for ${made.holder} (${role}) in ${file}, good until ${made.expiresAt}.`,
        );
        terminal.line('Hand it over in private; it works once: recourse enrol "$(cat FILE)"');
      });
    });

const wrongRole = (party: string): CliError =>
  new CliError('usage', {
    message: 'Your party has no keys of this role.',
    next: `It takes ${rolesOf[partyKind(party)].join(' or ')}.`,
  });
