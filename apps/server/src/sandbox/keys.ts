import {
  inviteKey,
  signCompact,
  toNumericDate,
  type PartyId,
  type PublicJwk,
  type Role,
} from '@recourse/protocol';
import { partyKeys } from '@recourse/registry';
import { ServerError } from '../errors.ts';
import type { SandboxKey, SandboxRegistry } from './sandbox-registry.ts';

interface NewKey {
  readonly label: string;
  readonly party: PartyId;
  readonly name: string;
  readonly role: Role;
  readonly admin?: boolean;
}

/** The one-time code of an invite, and the hash that the registry is told of it. */
export function inviteFor(
  registry: SandboxRegistry,
  label: string,
): { code: string; hash: string } {
  const code = registry.seed.text(`invite/${label}`);
  return { code, hash: inviteKey(code) };
}

/** Enrols the first admin key of a party, which is active at once. */
export async function enrolRoot(
  registry: SandboxRegistry,
  key: NewKey,
  code: string,
): Promise<SandboxKey> {
  const admin = { ...key, admin: true };
  await registry.enrol(code, await proof(registry, admin, inviteKey(code)));
  const chain = await partyKeys(registry.services.db, key.party);
  if (!chain) throw new ServerError('sandbox_failed', `No admin of ${key.name} could enrol.`);
  return { ...admin, holder: chain.enrolmentHolder };
}

/** Invites a person of the party, enrols their key, and has the admin state it. */
export async function addPerson(
  registry: SandboxRegistry,
  key: NewKey,
  by: SandboxKey,
): Promise<SandboxKey> {
  const { code, hash } = inviteFor(registry, key.label);
  const { admin = false } = key;
  const invited = { invite: hash, role: key.role, admin };
  const { holder } = await registry.call(by, 'people.invite', {
    in: invited,
    idem: `invite/${key.label}`,
  });
  await enrolWaiting(registry, key, code);
  const person = { ...key, admin, holder };
  await addKey(registry, person, { by });
  return person;
}

/** Redeems an invite with a key that then waits for a statement of the admin. */
export async function enrolWaiting(
  registry: SandboxRegistry,
  key: Pick<NewKey, 'label' | 'role' | 'admin'>,
  code: string,
): Promise<void> {
  const invited = { ...key, admin: key.admin ?? false };
  await registry.enrol(code, await proof(registry, invited, inviteKey(code)));
}

/** Adds the key of a service. */
export const addService = (
  registry: SandboxRegistry,
  key: NewKey,
  by: SandboxKey,
): Promise<SandboxKey> => {
  const holder = registry.seed.id('hld', `holder/${key.label}`, registry.seed.bornAt);
  return addAtOnce(registry, { ...key, admin: false, holder }, by);
};

/** Adds a second key of an admin, for what is no act of an admin. */
export const addOwnKey = (
  registry: SandboxRegistry,
  key: NewKey,
  by: SandboxKey,
): Promise<SandboxKey> => addAtOnce(registry, { ...key, admin: false, holder: by.holder }, by);

/** Without an invite: the proof of possession is bound to the admin key that states the new one. */
async function addAtOnce(
  registry: SandboxRegistry,
  key: SandboxKey,
  by: SandboxKey,
): Promise<SandboxKey> {
  const { kid } = (await registry.seed.key(by.label)).signer;
  const enrolment = await proof(registry, key, kid);
  await addKey(registry, key, { by, enrolment });
  return key;
}

/** Adds a key by a statement that the admin signs. */
export async function addKey(
  registry: SandboxRegistry,
  key: SandboxKey,
  admission: { by: SandboxKey; enrolment?: string },
): Promise<void> {
  const { signer } = await registry.seed.key(key.label);
  const statement = await stateKey(registry, { ...key, jwk: signer.publicJwk }, admission.by);
  const input = {
    statement,
    ...(admission.enrolment === undefined ? {} : { enrolment: admission.enrolment }),
  };
  await registry.call(admission.by, 'keys.add', { in: input, idem: `key/${key.label}` });
}

/** `recourse-key+jwt` by an admin. */
export async function stateKey(
  registry: SandboxRegistry,
  key: Pick<SandboxKey, 'party' | 'holder' | 'role' | 'admin'> & { jwk: PublicJwk },
  by: Pick<SandboxKey, 'label'>,
): Promise<string> {
  const { signer } = await registry.seed.key(by.label);
  const { party, holder, role, admin, jwk } = key;
  return signCompact(signer, 'recourse-key+jwt', {
    aud: registry.services.origin,
    party,
    holder,
    role,
    admin,
    use: 'sig',
    jwk,
    iat: toNumericDate(registry.seed.bornAt),
  });
}

/** `recourse-enrol+jwt` by the new key itself. */
async function proof(
  registry: SandboxRegistry,
  key: { label: string; role: Role; admin: boolean },
  boundTo: string,
): Promise<string> {
  const { signer } = await registry.seed.key(key.label);
  return signCompact(signer, 'recourse-enrol+jwt', {
    aud: registry.services.origin,
    role: key.role,
    admin: key.admin,
    use: 'sig',
    jwk: signer.publicJwk,
    iat: toNumericDate(registry.seed.bornAt),
    invite: boundTo,
  });
}
