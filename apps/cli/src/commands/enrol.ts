import { decodeInvite } from '@recourse/protocol';
import { enrol, RecourseError } from '@recourse/sdk';
import { dirname, join, resolve } from 'node:path';
import { command } from '../command.ts';
import { optional, text } from '../options.ts';
import { readConfig, saveProfile, type Config, type KeyRole } from '../profile/config-file.ts';
import { createKeyFile, readKeyFile } from '../profile/key-file.ts';
import { fileExists } from '../profile/private-file.ts';
import { configPath, profileName } from '../profile/resolve-identity.ts';

export const enrolCommand = command(
  {
    name: 'enrol',
    about: 'redeem an invite with a key of your own, and save a profile',
    args: { invite: text('invite', 'recourse-invite-1.…, as an admin handed it to you') },
    flags: {
      key: optional(
        text('file', 'a key file made by `recourse keys new`; a new one is made when absent'),
      ),
    },
  },
  async ({ invite, key: given }, { terminal, options, environment }) => {
    const path = configPath(options, environment);
    const config = readConfig(path);
    const name = profileName(options, environment, config);
    const { role, admin } = inviteOf(invite);
    const file = resolve(given ?? join(dirname(path), 'keys', `${name}-${role}.jwk.json`));
    const isOurs = given !== undefined || isLeftOver(file, config);
    const key = isOurs ? await readKeyFile(file) : await createKeyFile(file);
    const { url } = options;
    const enrolled = await enrol({ invite, signer: key.signer, url });
    const { registry, party, holder, kid, state } = enrolled;
    const before = config.profiles[name];
    const keys: Partial<Record<KeyRole, string>> = {
      ...(before?.party === party ? before.keys : {}),
      [role]: file,
      ...(admin ? { admin: file } : {}),
    };
    const profile = { ...registry, party, holder, keys, ...(url ? { url } : {}) };
    saveProfile(path, name, profile);
    const result = { profile: name, party, holder, role, admin, kid, state, keyFile: file };
    terminal.result(result, () => [
      `Enrolled in ${party} as ${role}${admin ? ' and admin' : ''}; profile ${name}.`,
      `Key ${kid} in ${file}`,
      state === 'awaiting-admin' &&
        `Read the key to an admin of your party; it works once they have run: recourse keys add ${kid}`,
    ]);
  },
);

/** A key of an enrolment that failed: it may be enrolled all the same, where its answer was lost, and no profile has it. */
const isLeftOver = (file: string, { profiles }: Config): boolean =>
  fileExists(file) &&
  !Object.values(profiles).some(({ keys }) => Object.values(keys).includes(file));

/** Read before a key is made for it. No cause: the text of a mistyped invite holds the code. */
function inviteOf(text: string): ReturnType<typeof decodeInvite> {
  try {
    return decodeInvite(text);
  } catch {
    throw new RecourseError('invite-invalid');
  }
}
