import { b64u32, toNumericDate } from '@recourse/protocol';
import { command, group } from '../command.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { commandLine } from '../invites/invite-by-two.ts';
import { opCommand } from '../op-command.ts';
import { fitting, numeric, optional, text, time, toggle, value } from '../options.ts';
import { invitePerson } from './keys.ts';

const invite = command(
  {
    name: 'invite',
    about: 'invite another person of the operator; needs an admin key of the operator',
    flags: {
      out: text('file', 'a new file for the invite, readable by you only'),
      admin: toggle('their key may invite, add and revoke keys of the operator'),
    },
    help: 'Example: recourse operator invite --admin --out second.invite',
  },
  async ({ out, admin = false }, context) => {
    if ((await context.identity()).party !== 'operator') throw notOperator;
    const made = await invitePerson(context, { role: 'operator', admin, out });
    context.terminal.result(made, () => [
      `Invite for ${made.holder} in ${made.file}, good until ${made.expiresAt}.`,
      '1. Hand it over in private. It works once: recourse enrol "$(cat FILE)"',
      '2. They read you their key by another way; you compare and add it: recourse keys add KEY',
      '3. From then on acts on parties need two of you: the second runs the same command within 72 hours.',
    ]);
  },
);

const notOperator = new CliError('usage', {
  message: 'This profile is not of the operator.',
  next: 'Use that of an operator with an admin key; in your own party: recourse keys invite.',
});

const inDays = 30;

const rotate = opCommand({
  op: 'oprf.rotate',
  about:
    'announce the key of the next epoch of tokens, by two operators; docs/rotation.md has all steps',
  args: {
    epoch: value('epoch', 'its number, from 2', numeric(/^[1-9]\d{0,5}$/, 'a number from 2')),
  },
  flags: {
    publicKey: value(
      'key',
      'as oprf-key printed it on every server',
      fitting(b64u32, 'the 43 characters that oprf-key prints'),
    ),
    opensAt: optional(time(`when it opens, a day to 90 days ahead; in ${inDays} days when absent`)),
  },
  help: 'Example: recourse operator rotate 2 --public-key KEY\nThe other operator runs the line that it prints.',
  input: async ({ opensAt, ...key }, context) => ({
    ...key,
    opensAt: toNumericDate(opensAt ?? (await daysAhead(context))),
  }),
  print: (done, { epoch, publicKey, opensAt }) => {
    const opens = new Date(opensAt * 1000).toISOString();
    return done.state === 'executed'
      ? [
          `Announced: epoch ${epoch} opens ${opens}.`,
          'No server starts without its secret from now on. Platforms retokenise within 14 days of the opening.',
        ]
      : [
          `Proposed. Another operator agrees by ${done.executeBefore}:`,
          commandLine(`operator rotate ${epoch}`, { 'public-key': publicKey, 'opens-at': opens }),
        ];
  },
});

/** Midnight, on the clock of the registry. */
async function daysAhead({ connect }: Context): Promise<Date> {
  const { registry, session } = await connect();
  await registry.stats({});
  const at = session.transport.now();
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + inDays));
}

export const operatorCommand = group({
  name: 'operator',
  about: 'people of the operator, and the key of tokens',
  commands: [invite, rotate],
});
