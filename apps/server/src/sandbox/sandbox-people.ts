import { randomBytes } from 'node:crypto';
import {
  encodeInvite,
  enrolmentSchema,
  inviteKey,
  peekArtefact,
  toBase64url,
} from '@recourse/protocol';
import { currentFingerprint } from '../ledger/current-fingerprint.ts';
import { keptKey } from './kept-key.ts';
import { stateKey } from './keys.ts';
import { samplePeople, type SamplePerson } from './sample-people.ts';
import type { SandboxKey, SandboxRegistry } from './sandbox-registry.ts';

/** The admins who sign for a further key of each party, and who carries it: for two people where two are needed. */
const adminsOf = (label: string): { signs: string; carries: string } => {
  const [party = ''] = label.split('/');
  if (party === 'operator') return { signs: 'operator/1', carries: 'operator/2/admin' };
  if (party === 'panel') return { signs: 'panel/1', carries: 'panel/2/admin' };
  return { signs: `${party}/admin`, carries: `${party}/admin` };
};

/**
 * Invites for the desks of sample people: each is for one more key of somebody who is there, and is used once. In a real
 * registry their admins would invite them and state their keys; here the sandbox does it for them.
 */
export class SandboxPeople {
  readonly #registry: SandboxRegistry;
  readonly #dataDir: string;
  readonly #logKid: string;
  /** Hashes of codes that were made here and not used yet; a restart forgets them, and a click makes another */
  readonly #open = new Map<string, SandboxKey>();

  constructor(parts: { registry: SandboxRegistry; dataDir: string; logKid: string }) {
    this.#registry = parts.registry;
    this.#dataDir = parts.dataDir;
    this.#logKid = parts.logKid;
  }

  /** @returns the address at which a new invite opens the desk; undefined where there is no such person */
  async deskOf(label: string): Promise<string | undefined> {
    const sample = samplePeople.find((person) => person.label === label);
    if (!sample) return undefined;
    const invite = await this.#invite(sample);
    return `/desk/#/enrol?invite=${invite}&name=${encodeURIComponent(sample.name)}`;
  }

  async #invite({ label, admin = false }: SamplePerson): Promise<string> {
    const { services } = this.#registry;
    const person = { ...(await this.#keyOf(label)), admin };
    const { party, role, holder } = person;
    const code = toBase64url(randomBytes(32));
    const hash = inviteKey(code);
    await this.#registry.call(await this.#keyOf(adminsOf(label).signs), 'people.invite', {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a holder that the registry made
      in: { invite: hash, role, admin, holder: holder as `hld_${string}` },
      idem: `desk/${hash}`,
    });
    this.#open.set(hash, person);
    return encodeInvite({
      origin: services.origin,
      code,
      party,
      role,
      admin,
      logKey: this.#logKid,
      policy: await currentFingerprint(services.db),
    });
  }

  /** States every key that one of these invites enrolled, so that its desk opens at once. */
  async admit(): Promise<void> {
    const labels = new Set([...this.#open.values()].map(({ label }) => label));
    for (const label of labels) await this.#admitKeysOf(label);
  }

  async #admitKeysOf(label: string): Promise<void> {
    const { signs, carries } = adminsOf(label);
    const [signer, carrier] = [await this.#keyOf(signs), await this.#keyOf(carries)];
    const { waiting } = await this.#registry.call(carrier, 'keys.list', { in: {} });
    for (const { kid, enrolment } of waiting) {
      const { payload } = peekArtefact(enrolment, {
        typ: 'recourse-enrol+jwt',
        schema: enrolmentSchema,
      });
      const person = this.#open.get(payload.invite);
      if (person === undefined) continue;
      const stated = { ...person, jwk: payload.jwk };
      const statement = await stateKey(this.#registry, stated, signer);
      await this.#registry.call(carrier, 'keys.add', { in: { statement }, idem: `desk/${kid}` });
      this.#open.delete(payload.invite);
    }
  }

  #keyOf(label: string): Promise<SandboxKey> {
    return keptKey(this.#registry.seed, this.#dataDir, label);
  }
}
