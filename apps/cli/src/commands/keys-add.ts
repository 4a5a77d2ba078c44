import {
  enrolmentSchema,
  newId,
  peekArtefact,
  signCompact,
  toNumericDate,
  type Id,
  type OpOutput,
  type Role,
} from '@recourse/protocol';
import type { NewKey, Recourse } from '@recourse/sdk';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { command } from '../command.ts';
import { CliError } from '../errors.ts';
import { choice, optional, text } from '../options.ts';
import type { Identity } from '../profile/identity.ts';
import { readKeyFile } from '../profile/key-file.ts';
import { id, idOf } from './ids.ts';

export const addKeyCommand = command(
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
  async ({ kid, ...own }, { terminal, identity, connect }) => {
    const recourse = await connect();
    const key =
      kid === undefined
        ? await ownKey(own, { recourse, identity: await identity() })
        : await waitingKey(recourse, kid);
    const added = await recourse.addKey(key);
    terminal.result({ ...added, holder: key.holder, role: key.role }, () =>
      terminal.line(
        `${added.kid} is active since ${added.activeFrom} (${key.role}, ${key.holder}).`,
      ),
    );
  },
);

type Waiting = OpOutput<'keys.list'>['waiting'][number];

async function waitingKey(recourse: Recourse, kid: string): Promise<NewKey> {
  const { waiting } = await recourse.keys.list({});
  const enrolled = waiting.find((one) => one.kid === kid);
  if (enrolled) return keyOf(enrolled);
  throw new CliError('input-invalid', {
    message: 'No enrolment of this key waits.',
    next: 'See recourse keys list; the holder redeems an invite first: recourse enrol INVITE.',
  });
}

function keyOf({ enrolment, holder, role, admin }: Waiting): NewKey {
  const { payload } = peekArtefact(enrolment, {
    typ: 'recourse-enrol+jwt',
    schema: enrolmentSchema,
  });
  return { jwk: payload.jwk, holder: idOf('hld', holder), role, admin };
}

/** The new key proves itself by a statement bound to the admin key that adds it. */
async function ownKey(
  { keyFile, role, holder }: { keyFile?: string; role?: Role; holder?: Id<'hld'> },
  { recourse, identity }: { recourse: Recourse; identity: Identity },
): Promise<NewKey> {
  const admin = identity.keys.admin;
  if (keyFile === undefined || role === undefined) throw incomplete;
  const { signer } = await readKeyFile(resolve(keyFile));
  const now = recourse.session.transport.now();
  const enrolment = await signCompact(signer, 'recourse-enrol+jwt', {
    aud: identity.origin,
    role,
    admin: false,
    use: 'sig',
    jwk: signer.publicJwk,
    iat: toNumericDate(now),
    invite: admin?.signer.kid ?? '',
  });
  const own = holder ?? newId('hld', { now, random: (size) => randomBytes(size) });
  return { jwk: signer.publicJwk, holder: own, role, admin: false, enrolment };
}

const incomplete = new CliError('usage', {
  message: 'keys add takes a key that waits, or --key-file with --role.',
  next: 'See recourse keys list for keys that wait.',
});
