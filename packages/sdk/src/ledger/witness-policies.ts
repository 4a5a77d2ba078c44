import {
  followPolicies,
  logVerifierKey,
  policyFingerprint,
  toWitnessPolicy,
  type LoggedWitnessPolicy,
  type PublicJwk,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import type { PinStore } from '../pins.ts';
import type { RegistryTrust } from '../registry/registry-trust.ts';
import type { LogFiles } from './log-files.ts';

/** The log key, and how many of which witnesses must have cosigned. */
export type LogPolicy = ReturnType<typeof toWitnessPolicy>;

export interface WitnessPoliciesOptions {
  /** `aud` of the registry */
  readonly origin: string;
  /** Fingerprint from the invite; without one, the policy that is the newest when first seen */
  readonly pinned: string | undefined;
  readonly registry: RegistryTrust;
  readonly files: LogFiles;
  readonly pins: PinStore;
}

/**
 * Policies that say whom to believe about checkpoints. The first is pinned; a later one takes its place when its entry
 * is proven in the log under the one before. The pins keep how far that went.
 */
export class WitnessPolicies {
  readonly #options: WitnessPoliciesOptions;

  constructor(options: WitnessPoliciesOptions) {
    this.#options = options;
  }

  /**
   * The newest policy that is believed; `anew` reads the document again, since one may have come into force.
   * @throws RecourseError `ledger-invalid` when the pinned policy is none of those that are published, `unavailable`
   */
  async current(options: { anew?: boolean } = {}): Promise<LogPolicy> {
    const { registry, pins, pinned } = this.#options;
    const { logKey, policies } = await registry.ledger(options);
    const pin = `witness-policy:${pinned ?? ''}`;
    const known = (await pins.get(pin)) ?? pinned;
    const newest = policies.at(-1);
    // A registry that never had witnesses: nothing but its own signature is there to be believed.
    if (!newest && known === undefined) return this.#policyOf(logKey);
    const from = known ?? policyFingerprint(newest!.policy);
    const { log } = await this.#policyOf(logKey);
    const believed = await followPolicies({
      log,
      from,
      policies: policies.map(({ entry }) => entry),
      proofOf: (leaf) => this.#options.files.proof(leaf),
    });
    if (!believed) throw new RecourseError('ledger-invalid');
    const fingerprint = policyFingerprint(believed);
    if (fingerprint !== (await pins.get(pin))) await pins.set(pin, fingerprint);
    return this.#policyOf(logKey, believed);
  }

  #policyOf(
    logKey: PublicJwk,
    logged: LoggedWitnessPolicy = { threshold: 0, witnesses: [] },
  ): Promise<LogPolicy> {
    return failAs('ledger-invalid', () => {
      if (logKey.kty !== 'OKP') throw new RecourseError('ledger-invalid');
      return toWitnessPolicy(logVerifierKey(this.#options.origin, logKey), logged);
    });
  }
}
