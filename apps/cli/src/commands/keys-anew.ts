import {
  encodeInvite,
  inviteKey,
  isId,
  registrationRecord,
  registrationRecordName,
} from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { command } from '../command.ts';
import { CliError } from '../errors.ts';
import { text } from '../options.ts';
import { readConfig, type Profile } from '../profile/config-file.ts';
import { createPrivateFile } from '../profile/private-file.ts';
import { configPath, profileName } from '../profile/resolve-identity.ts';

/** For a platform whose admin key is lost: no key is needed, only what the profile remembers of the registry. */
export const anewCommand = command(
  {
    name: 'anew',
    about: 'where the admin key is lost: make the code of a new first key of your platform',
    flags: {
      domain: text('domain', 'the registered domain of your platform'),
      out: text('file', 'where to write the invite, readable by you only'),
    },
  },
  async ({ domain, out }, { terminal, options, environment }) => {
    const path = configPath(options, environment);
    const config = readConfig(path);
    const name = profileName(options, environment, config);
    const { origin, logKid: logKey, policy, party } = profileIn(config.profiles, { name, path });
    if (!isId('plt', party)) throw noPlatform;
    const code = randomBytes(24).toString('base64url');
    const invite = inviteKey(code);
    const whole = { origin, code, party, role: 'trust', admin: true, logKey, policy } as const;
    const file = resolve(out);
    createPrivateFile(file, `${encodeInvite(whole)}\n`);
    const record = { name: registrationRecordName(domain), text: registrationRecord(invite) };
    terminal.result({ party, invite, record, file }, () => {
      terminal.line(`The invite is in ${file}. Keep it; nobody else may read it.`);
      terminal.line(`1. Publish as TXT record of ${record.name}: ${record.text}`);
      terminal.line(
        `2. Ask two operators of the registry, by another way, for: recourse parties reenrol ${party} --invite ${invite}`,
      );
      terminal.line(
        `3. Seven days after they did: recourse enrol "$(cat ${file})". All other keys of ${party} are revoked with it.`,
      );
    });
  },
);

function profileIn(
  profiles: Readonly<Record<string, Profile>>,
  of: { name: string; path: string },
): Profile {
  const profile = Object.hasOwn(profiles, of.name) ? profiles[of.name] : undefined;
  if (profile) return profile;
  throw new CliError('profile-missing', {
    message: `There is no profile ${of.name} in ${of.path}.`,
    next: 'It says which registry and which platform; name another with --profile, or use a copy of the file.',
  });
}

const noPlatform = new CliError('usage', {
  message: 'Only a platform gets a new first key by this.',
  next: 'A reviewer or an operator is invited anew by the others.',
});
