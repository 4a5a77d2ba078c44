import {
  keyStatementSchema,
  peekArtefact,
  enrolmentSchema,
  toNumericDate,
  type KeyLink,
} from '@recourse/protocol';
import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { parseDate } from '../options.ts';
import { createKeyFile } from '../profile/key-file.ts';
import { anewCommand, keepCommand } from './keys-anew.ts';
import { addKeyCommand } from './keys-add.ts';
import { inviteCommand } from './keys-invite.ts';

export const keysCommand = (environment: Environment): Command =>
  new Command('keys')
    .description('the keys of your party; adding and revoking need an admin key')
    .addCommand(listCommand(environment))
    .addCommand(inviteCommand(environment))
    .addCommand(newCommand(environment))
    .addCommand(addKeyCommand(environment))
    .addCommand(revokeCommand(environment))
    .addCommand(anewCommand(environment))
    .addCommand(keepCommand(environment));

const listCommand = (environment: Environment): Command =>
  new Command('list')
    .description('the key chain of your party, and enrolments that wait for an admin')
    .action(async (_: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const { keys, waiting } = await recourse.keys.list({});
      terminal.result({ keys, waiting }, () => {
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
      });
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

const newCommand = (environment: Environment): Command =>
  new Command('new')
    .description('make a key file, readable by you only')
    .argument('<file>', 'where to write it; an existing file is never overwritten')
    .action(async (file: string, _: object, command: Command) => {
      const { terminal } = contextOf(command, environment);
      const { path, signer } = await createKeyFile(resolve(file));
      terminal.result({ keyFile: path, kid: signer.kid }, () =>
        terminal.line(`${signer.kid}  ${path}`),
      );
    });

const revokeCommand = (environment: Environment): Command =>
  new Command('revoke')
    .description('revoke a key at once, on every server')
    .argument('<kid>', 'the key, as `keys list` shows it')
    .addOption(
      new Option('--why <why>', 'what happened')
        .choices(['retired', 'compromised'])
        .makeOptionMandatory(),
    )
    .option(
      '--since <time>',
      'when compromised: statements from then on no longer count',
      parseDate,
    )
    .action(
      async (
        kid: string,
        { why, since }: { why: 'retired' | 'compromised'; since?: Date },
        command: Command,
      ) => {
        const { terminal, connect } = contextOf(command, environment);
        const recourse = await connect();
        if (why === 'compromised' && !since) throw sinceMissing;
        const input = { kid, why, ...(since ? { since: toNumericDate(since) } : {}) };
        const result = await recourse.keys.revoke(input);
        terminal.result(result, () =>
          terminal.line(
            `Revoked at ${result.revokedAt}; ${result.suspended} sanctions signed with it are suspended.`,
          ),
        );
      },
    );

const sinceMissing = new CliError('usage', {
  message: 'A compromised key needs --since.',
  next: 'Give the earliest time at which somebody else may have had it; statements from then on are suspended.',
});
