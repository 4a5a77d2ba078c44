import { parseStrictJson, publicJwkSchema, roleSchema, utf8 } from '@recourse/protocol';
import { lockedForm, type OpenPerson, type Person } from './person.ts';
import { belongTo, unwrapKeys } from './wrapped-keys.ts';

const format = 'recourse-desk-backup-1';

/** Everything of a person but the usable keys: the passphrase opens it, here or in another browser. */
export function backupOf(person: Person): Blob {
  // A passkey is of this browser, and would be a second way into the file.
  const { passkey: _passkey, ...kept } = lockedForm(person);
  return new Blob([`${JSON.stringify({ format, ...kept }, null, 2)}\n`], {
    type: 'application/json',
  });
}

export const backupName = ({ kid }: Person): string => `recourse-key-${kid.slice(0, 8)}.json`;

/**
 * Reads a backup. The file is attacker-controlled: what it says is believed as far as the passphrase opens keys that
 * belong to the public key in it; everything else the registry knows for itself.
 */
export async function restore(text: string, passphrase: string): Promise<OpenPerson | undefined> {
  const person = readBackup(text);
  if (!person) return undefined;
  const open = await unwrapKeys(person.wrapped, passphrase);
  return open && (await belongTo(open, person.publicJwk)) ? { ...person, open } : undefined;
}

function readBackup(text: string): Person | undefined {
  try {
    const json = parseStrictJson(utf8(text)) as unknown as Person & { format: string };
    if (json.format !== format) return undefined;
    const { kid, party, holder, label, registry, invite, wrapped, admin } = json;
    const texts = [
      kid,
      party,
      holder,
      label,
      invite,
      registry.origin,
      registry.logKid,
      registry.policy,
    ];
    if (!texts.every((text) => typeof text === 'string')) return undefined;
    return {
      kid,
      party,
      holder,
      label,
      registry,
      invite,
      wrapped,
      admin,
      publicJwk: publicJwkSchema.parse(json.publicJwk),
      role: roleSchema.parse(json.role),
    };
  } catch {
    return undefined;
  }
}
