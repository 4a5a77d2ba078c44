import { decodeInvite, inviteKey, signerFromCryptoKey, type Invite } from '@recourse/protocol';
import { enrol } from '@recourse/sdk';
import { now } from '../registry/clock.ts';
import { people } from './database.ts';
import type { OpenPerson, Person } from './person.ts';
import { makeKeys } from './wrapped-keys.ts';

/** The invite in a pasted text, or undefined where there is none. */
export function readInvite(text: string): Invite | undefined {
  try {
    return decodeInvite(text);
  } catch {
    return undefined;
  }
}

/** Who this browser enrolled by this invite before: its link may be followed twice. */
export async function enrolledBy({ code }: Invite): Promise<Person | undefined> {
  const hash = inviteKey(code);
  return (await people.all()).find(({ invite }) => invite === hash);
}

/** Makes the keys of a person here, and proves to the registry that this browser has them. */
export async function enrolBrowser(order: {
  readonly text: string;
  readonly label: string;
  readonly passphrase: string;
}): Promise<OpenPerson> {
  const { text, label, passphrase } = order;
  const { publicJwk, wrapped, open } = await makeKeys(passphrase);
  const signer = signerFromCryptoKey(open.signing, publicJwk);
  const enrolled = await enrol({ invite: text, signer, url: location.origin, clock: now });
  const { party, holder, kid, role, admin, registry } = enrolled;
  const invite = inviteKey(decodeInvite(text).code);
  return { kid, publicJwk, party, holder, role, admin, label, registry, invite, wrapped, open };
}
