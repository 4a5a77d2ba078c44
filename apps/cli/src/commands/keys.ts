import {
  encodeInvite,
  enrolmentSchema,
  inviteKey,
  isId,
  keyStatementSchema,
  newId,
  partyIdSchema,
  partyKind,
  peekArtefact,
  registrationRecord,
  registrationRecordName,
  rolesOf,
  signCompact,
  toNumericDate,
  type Id,
  type KeyLink,
  type Role,
} from '@recourse/protocol';
import type { NewKey, Recourse } from '@recourse/sdk';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { command, group } from '../command.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { newInviteCode, writeInvite } from '../invites/invite-code.ts';
import { opCommand } from '../op-command.ts';
import { choice, id, idOf, optional, text, time, toggle } from '../options.ts';
import { createKeyFile, readKeyFile } from '../profile/key-file.ts';
import { createPrivateFile } from '../profile/private-file.ts';
import { profileOf } from '../profile/resolve-identity.ts';
import { rowsOf } from '../terminal.ts';

const adminOf = ({ admin }: { admin: boolean }): string => (admin ? 'admin' : '');

const list = opCommand({
  op: 'keys.list',
  about: 'the key chain of your party, and enrolments that wait for an admin',
  print: ({ keys, waiting }) => [
    rowsOf(keys.map(saidOf), { key: 'kid' }, 'role', { admin: adminOf }, 'holder', {
      added: 'addedAt',
      state: ({ revoked }) => (revoked ? `revoked ${revoked.at} (${revoked.why})` : 'active'),
    }),
    waiting.length > 0 && [
      '\nWaiting for an admin (compare the key with its holder, then: recourse keys add KEY):',
      rowsOf(waiting, { key: 'kid' }, 'role', { admin: adminOf }, 'holder', {
        enrolled: 'enrolledAt',
      }),
    ],
  ],
});

/** The chain's first link is the enrolment of the root itself; the others are statements of an admin. */
function saidOf(link: KeyLink): KeyLink & { role: string; admin: boolean; holder: string } {
  const { statement } = link;
  try {
    const peeked = peekArtefact(statement, { typ: 'recourse-key+jwt', schema: keyStatementSchema });
    const { role, admin, holder } = peeked.payload;
    return { ...link, role, admin, holder };
  } catch {
    const root = peekArtefact(statement, { typ: 'recourse-enrol+jwt', schema: enrolmentSchema });
    const { role, admin } = root.payload;
    return { ...link, role, admin, holder: '(enrolment)' };
  }
}

const invite = command(
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
  async ({ admin = false, ...asked }, context) => {
    const made = await invitePerson(context, { ...asked, admin });
    context.terminal.result(made, () => [
      `Invite for ${made.holder} (${made.role}) in ${made.file}, good until ${made.expiresAt}.`,
      'Hand it over in private; it works once: recourse enrol "$(cat FILE)"',
    ]);
  },
);

/** Invites somebody into the own party. The code goes into a file of its owner's; the registry gets its hash alone. */
export async function invitePerson(
  context: Context,
  { role, admin, out, holder }: { role: Role; admin: boolean; out: string; holder?: Id<'hld'> },
) {
  const party = partyIdSchema.parse((await context.identity()).party);
  const taken: readonly Role[] = rolesOf[partyKind(party)];
  if (!taken.includes(role)) throw wrongRole(taken);
  const { people } = await context.connect();
  const code = newInviteCode();
  const asked = { invite: inviteKey(code), role, admin };
  const made = await people.invite(holder === undefined ? asked : { ...asked, holder });
  const file = await writeInvite(context, { out, code, party, role, admin });
  return { ...made, role, admin, file };
}

const wrongRole = (taken: readonly Role[]): CliError =>
  new CliError('usage', {
    message: 'Your party has no keys of this role.',
    next: `It takes ${taken.join(' or ')}.`,
  });

const create = command(
  {
    name: 'new',
    about: 'make a key file, readable by you only',
    args: { file: text('file', 'where to write it; an existing file is never overwritten') },
  },
  async ({ file }, { terminal }) => {
    const { path, signer } = await createKeyFile(resolve(file));
    terminal.result({ keyFile: path, kid: signer.kid }, () => `${signer.kid}  ${path}`);
  },
);

const add = command(
  {
    name: 'add',
    about: 'sign a key into the chain of your party, with its admin key',
    args: {
      kid: optional(
        text('kid', 'a key that waits, as `keys list` shows it; compare it with its holder first'),
      ),
    },
    flags: {
      keyFile: optional(text('file', 'instead: a key of your own, such as that of a service')),
      role: optional(choice(['service', 'trust'], 'with --key-file')),
      holder: optional(
        id('hld', 'with --key-file: the holder it belongs to; a new one when absent'),
      ),
    },
  },
  async ({ kid, ...own }, { terminal, connect }) => {
    const recourse = await connect();
    const key = await (kid === undefined ? ownKey(recourse, own) : waitingKey(recourse, kid));
    const added = await recourse.addKey(key);
    terminal.result(
      { ...added, holder: key.holder, role: key.role },
      () => `${added.kid} is active since ${added.activeFrom} (${key.role}, ${key.holder}).`,
    );
  },
);

async function waitingKey(recourse: Recourse, kid: string): Promise<NewKey> {
  const { waiting } = await recourse.keys.list({});
  const enrolled = waiting.find((one) => one.kid === kid);
  if (!enrolled) throw noneWaits;
  const { enrolment, holder, role, admin } = enrolled;
  const { payload } = peekArtefact(enrolment, {
    typ: 'recourse-enrol+jwt',
    schema: enrolmentSchema,
  });
  return { jwk: payload.jwk, holder: idOf('hld', holder), role, admin };
}

const noneWaits = new CliError('input-invalid', {
  message: 'No enrolment of this key waits.',
  next: 'See recourse keys list; the holder redeems an invite first: recourse enrol INVITE.',
});

/** The new key proves itself by a statement bound to the admin key that adds it. */
async function ownKey(
  { session }: Recourse,
  { keyFile, role, holder }: { keyFile?: string; role?: Role; holder?: Id<'hld'> },
): Promise<NewKey> {
  if (keyFile === undefined || role === undefined) throw incomplete;
  const { signer } = await readKeyFile(resolve(keyFile));
  const now = session.transport.now();
  const enrolment = await signCompact(signer, 'recourse-enrol+jwt', {
    aud: session.origin,
    role,
    admin: false,
    use: 'sig',
    jwk: signer.publicJwk,
    iat: toNumericDate(now),
    invite: session.signers.admin?.kid ?? '',
  });
  const own = holder ?? newId('hld', { now, random: (size) => randomBytes(size) });
  return { jwk: signer.publicJwk, holder: own, role, admin: false, enrolment };
}

const incomplete = new CliError('usage', {
  message: 'keys add takes a key that waits, or --key-file with --role.',
  next: 'See recourse keys list for keys that wait.',
});

const revoke = opCommand({
  op: 'keys.revoke',
  about: 'revoke a key at once, on every server',
  args: { kid: text('kid', 'the key, as `keys list` shows it') },
  flags: {
    why: choice(['retired', 'compromised'], 'what happened'),
    since: optional(time('when compromised: statements from then on no longer count')),
  },
  refuse: ({ why, since }) => why === 'compromised' && !since && sinceMissing,
  input: ({ since, ...key }) => ({ ...key, ...(since && { since: toNumericDate(since) }) }),
  print: ({ revokedAt, suspended }) =>
    `Revoked at ${revokedAt}; ${suspended} sanctions signed with it are suspended.`,
});

const sinceMissing = new CliError('usage', {
  message: 'A compromised key needs --since.',
  next: 'Give the earliest time at which somebody else may have had it; statements from then on are suspended.',
});

/** For a platform whose admin key is lost: no key is needed, only what the profile remembers of the registry. */
const anew = command(
  {
    name: 'anew',
    about: 'where the admin key is lost: make the code of a new first key of your platform',
    flags: {
      domain: text('domain', 'the registered domain of your platform'),
      out: text('file', 'where to write the invite, readable by you only'),
    },
  },
  async ({ domain, out }, { terminal, options, environment }) => {
    const { origin, logKid: logKey, policy, party } = profileOf(options, environment).profile;
    if (!isId('plt', party)) throw noPlatform;
    const code = newInviteCode();
    const hash = inviteKey(code);
    const whole = { origin, code, party, role: 'trust', admin: true, logKey, policy } as const;
    const file = resolve(out);
    createPrivateFile(file, `${encodeInvite(whole)}\n`);
    const record = { name: registrationRecordName(domain), text: registrationRecord(hash) };
    terminal.result({ party, invite: hash, record, file }, () => [
      `The invite is in ${file}. Keep it; nobody else may read it.`,
      `1. Publish as TXT record of ${record.name}: ${record.text}`,
      `   Look it up: recourse platforms check-dns ${domain} --invite ${hash}`,
      `2. Ask two operators of the registry, by another way, for: recourse parties reenrol ${party} --invite ${hash}`,
      `3. Seven days after they did: recourse enrol "$(cat ${file})". All other keys of ${party} are revoked with it.`,
    ]);
  },
);

const noPlatform = new CliError('usage', {
  message: 'Only a platform gets a new first key by this.',
  next: 'A reviewer or an operator is invited anew by the others.',
});

/** Any key will do: it is not lost. */
const keep = opCommand({
  op: 'parties.keepKeys',
  name: 'keep',
  about: 'stop the re-enrolment of your platform that operators announced',
  print: () => 'Stopped: your keys stay. It is in the public log who stopped it.',
});

export const keysCommand = group({
  name: 'keys',
  about: 'the keys of your party; adding and revoking need an admin key',
  commands: [list, invite, create, add, revoke, anew, keep],
});
