import { decodeInvite, inviteKey, signerFromCryptoKey, type Invite } from '@recourse/protocol';
import { enrol } from '@recourse/sdk';
import { isSandbox } from './mode.ts';
import { now } from './clock.ts';
import { people } from './database.ts';
import { inviteIn } from './invite-code.ts';
import type { OpenPerson, Person } from './person.ts';
import { makeKeys } from './wrapped-keys.ts';

/** The invite in a pasted text, or undefined where there is none. */
export function readInvite(text: string): Invite | undefined {
  try {
    return decodeInvite(inviteIn(text));
  } catch {
    return undefined;
  }
}

/**
 * Finds the person whom this browser enrolled by this invite before: its link may be followed twice. A sandbox makes an
 * invite for each click: there the desk of a sample person who is here already opens again, with the journal and the
 * files of that key. Whoever fills the form wants a new key: they may have forgotten the passphrase of the one here.
 * @param sample as the link of a sandbox names them
 */
export async function enrolledHere(
  { code, origin, party, role, logKey }: Invite,
  sample: string | undefined,
): Promise<Person | undefined> {
  const hash = inviteKey(code);
  const isSample = (person: Person): boolean =>
    isSandbox &&
    person.label === sample &&
    [person.party, person.role].join() === [party, role].join() &&
    [person.registry.origin, person.registry.logKid].join() === [origin, logKey].join();
  return (await people.all()).find((one) => one.invite === hash || isSample(one));
}

/** Makes the keys of a person here, and proves to the registry that this browser has them. */
export async function enrolBrowser(order: {
  readonly text: string;
  readonly label: string;
  readonly passphrase: string;
}): Promise<OpenPerson> {
  const { label, passphrase } = order;
  const text = inviteIn(order.text);
  const { publicJwk, wrapped, open } = await makeKeys(passphrase);
  const signer = signerFromCryptoKey(open.signing, publicJwk);
  const enrolled = await enrol({ invite: text, signer, url: location.origin, clock: now });
  const { party, holder, kid, role, admin, registry } = enrolled;
  const invite = inviteKey(decodeInvite(text).code);
  return { kid, publicJwk, party, holder, role, admin, label, registry, invite, wrapped, open };
}
