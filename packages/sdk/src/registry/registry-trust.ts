import {
  openArtefact,
  registryKeySchema,
  thumbprint,
  type PublicJwk,
  type RegistryKey,
  type Verifier,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import { pinned, type PinStore } from '../pins.ts';
import { Refreshed } from '../refreshed.ts';
import type { PublicDocuments } from './public-documents.ts';
import {
  readRegistryDocument,
  type RegistryDocument,
  type TokenEpoch,
} from './registry-document.ts';

export interface RegistryTrustOptions {
  readonly origin: string;
  /** RFC 7638 thumbprint of the ledger key, from the invite */
  readonly logKid: string;
  readonly documents: PublicDocuments;
  readonly pins: PinStore;
  readonly clock: () => Date;
  readonly verify?: Verifier | undefined;
}

interface Announced {
  readonly receiptKeys: ReadonlyMap<string, PublicJwk>;
  readonly epochs: readonly TokenEpoch[];
}

/** Seconds the document is used before it is read again. */
const freshSeconds = 600;

/**
 * Which keys are the registry's. Everything hangs on the pinned ledger key: a receipt key counts when that
 * key announced it, so whoever serves the document cannot bring keys of their own.
 */
export class RegistryTrust {
  readonly #options: RegistryTrustOptions;
  readonly #announced: Refreshed<Announced>;

  constructor(options: RegistryTrustOptions) {
    this.#options = options;
    this.#announced = new Refreshed({
      load: () => this.#load(),
      clock: options.clock,
      freshSeconds,
    });
  }

  /** @throws RecourseError `registry-key-invalid` when the ledger key announced no such receipt key */
  async receiptKey(kid: string): Promise<PublicJwk> {
    const known = (await this.#announced.get()).receiptKeys.get(kid);
    const key = known ?? (await this.#announced.get({ anew: true })).receiptKeys.get(kid);
    if (!key) throw new RecourseError('registry-key-invalid');
    return key;
  }

  /** Epochs that are live, the newest first; `anew` reads them again after the registry refused one. */
  async epochs(options: { anew?: boolean } = {}): Promise<TokenEpoch[]> {
    const { epochs } = await this.#announced.get(options);
    const now = this.#options.clock();
    return epochs
      .filter(({ opensAt, closesAt }) => opensAt <= now && (!closesAt || closesAt > now))
      .toSorted((a, b) => b.epoch - a.epoch);
  }

  async #load(): Promise<Announced> {
    const document = readRegistryDocument(
      await this.#options.documents.get('/.well-known/recourse'),
    );
    if (document.origin !== this.#options.origin) throw new RecourseError('registry-key-invalid');
    if (thumbprint(document.logKey) !== this.#options.logKid) {
      throw new RecourseError('registry-key-invalid');
    }
    await this.#pinEpochs(document.epochs);
    return { receiptKeys: await this.#receiptKeys(document), epochs: document.epochs };
  }

  async #receiptKeys(document: RegistryDocument): Promise<Map<string, PublicJwk>> {
    const opened = await failAs('registry-key-invalid', () =>
      Promise.all(document.keys.map((compact) => this.#open(compact, document.logKey))),
    );
    return new Map(
      opened.filter(({ use }) => use === 'receipt').map(({ jwk }) => [thumbprint(jwk), jwk]),
    );
  }

  async #open(compact: string, jwk: PublicJwk): Promise<RegistryKey> {
    const { payload } = await openArtefact(compact, {
      typ: 'recourse-registry-key+jwt',
      schema: registryKeySchema,
      jwk,
      verify: this.#options.verify,
    });
    if (payload.aud !== this.#options.origin) throw new RecourseError('registry-key-invalid');
    return payload;
  }

  /** A token key of one's own for each member would let the registry tell members' tokens apart. */
  async #pinEpochs(epochs: readonly TokenEpoch[]): Promise<void> {
    for (const { epoch, publicKey } of epochs) {
      const same = await pinned(this.#options.pins, `epoch:${epoch}`, publicKey);
      if (!same) throw new RecourseError('registry-key-invalid');
    }
  }
}
