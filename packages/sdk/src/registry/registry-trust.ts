import {
  openArtefact,
  jcs,
  registryKeySchema,
  thumbprint,
  toTimestamp,
  type Entry,
  type Json,
  type PublicJwk,
  type RegistryKey,
  type Verifier,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import { pinned, type PinStore } from '../pins.ts';
import { Refreshed } from '../refreshed.ts';
import type { LoggedEntries } from './logged-entries.ts';
import type { PublicDocuments } from './public-documents.ts';
import {
  readRegistryDocument,
  type RegistryDocument,
  type TokenEpoch,
} from './registry-document.ts';

export interface RegistryTrustOptions {
  readonly origin: string;
  /** RFC 7638 thumbprint of the ledger key, from the invite; the first one seen where nobody has an invite */
  readonly logKid: string | undefined;
  readonly documents: PublicDocuments;
  readonly pins: PinStore;
  readonly logged: LoggedEntries;
  readonly clock: () => Date;
  readonly verify?: Verifier | undefined;
}

interface Announcement {
  readonly document: RegistryDocument;
  readonly keys: readonly AnnouncedKey[];
}

export interface AnnouncedKey {
  readonly kid: string;
  readonly use: RegistryKey['use'];
  readonly jwk: PublicJwk;
  /** `recourse-registry-key+jwt` by the ledger key */
  readonly statement: string;
  readonly entry: Entry;
}

/** Seconds the document is used before it is read again. */
const freshSeconds = 600;

/** How far the own clock may run ahead; nothing is recorded under an epoch alone in its first fortnight. */
const clockToleranceMs = 600_000;

/**
 * Which keys are the registry's. Everything hangs on the pinned ledger key: a receipt key counts when that
 * key announced it, so whoever serves the document cannot bring keys of their own; and when the announcement is in
 * the ledger, so that nobody is served under keys that others do not see. A key is proven when it is first used, and
 * the ledger itself is read under the pinned key alone.
 */
export class RegistryTrust {
  readonly #options: RegistryTrustOptions;
  readonly #announced: Refreshed<Announcement>;

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
    return (await this.announced('receipt', kid)).jwk;
  }

  /** @throws RecourseError `registry-key-invalid` when the ledger key announced no such key for events */
  async eventKey(kid: string): Promise<PublicJwk> {
    return (await this.announced('event', kid)).jwk;
  }

  /** The pinned ledger key, and what the document says of its policies, which no signature carries. */
  async ledger(
    options: { anew?: boolean } = {},
  ): Promise<Pick<RegistryDocument, 'logKey' | 'policies'>> {
    return (await this.#announced.get(options)).document;
  }

  /** Epochs that are live, the newest first; `anew` reads them again after the registry refused one. */
  async epochs(options: { anew?: boolean } = {}): Promise<TokenEpoch[]> {
    const { epochs } = (await this.#announced.get(options)).document;
    const now = this.#options.clock();
    // A clock that is ahead asks nothing too early, and leaves out nothing that the registry still answers.
    const at = now.getTime() - clockToleranceMs;
    const live = epochs
      .filter(({ opensAt, closesAt }) => +opensAt <= at && (!closesAt || +closesAt > at))
      .toSorted((a, b) => b.epoch - a.epoch);
    // The entry of the next one says when one closes.
    const listed = epochs.filter((one) =>
      live.some(({ epoch }) => one.epoch === epoch || one.epoch === epoch + 1),
    );
    await this.#options.logged.assert(listed.map(({ entry }) => entry));
    return live;
  }

  /**
   * A key counts for its one announced use: a receipt key signs no events.
   * @throws RecourseError `registry-key-invalid`
   */
  async announced(use: RegistryKey['use'], kid: string): Promise<AnnouncedKey> {
    const find = ({ keys }: Announcement): AnnouncedKey | undefined =>
      keys.find((key) => key.use === use && key.kid === kid);
    const known = find(await this.#announced.get());
    const key = known ?? find(await this.#announced.get({ anew: true }));
    if (!key) throw new RecourseError('registry-key-invalid');
    await this.#options.logged.assert([key.entry]);
    return key;
  }

  async #load(): Promise<Announcement> {
    const document = readRegistryDocument(
      await this.#options.documents.get('/.well-known/recourse'),
    );
    if (document.origin !== this.#options.origin) throw new RecourseError('registry-key-invalid');
    await this.#assertLogKey(thumbprint(document.logKey));
    await this.#pinEpochs(document.epochs);
    return { document, keys: await this.#keys(document) };
  }

  async #assertLogKey(kid: string): Promise<void> {
    const { logKid, pins } = this.#options;
    const same = logKid === undefined ? await pinned(pins, 'log-key', kid) : logKid === kid;
    if (!same) throw new RecourseError('registry-key-invalid');
  }

  async #keys(document: RegistryDocument): Promise<AnnouncedKey[]> {
    return failAs('registry-key-invalid', () =>
      Promise.all(
        document.keys.map(async ({ statement, entry }) => {
          const { use, jwk } = await this.#open(statement, document.logKey);
          const kid = thumbprint(jwk);
          assertSaid(entry, 'registry-key', { use, kid, statement });
          return { kid, use, jwk, statement, entry };
        }),
      ),
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
    for (const { epoch, publicKey, opensAt, closesAt, entry } of epochs) {
      assertEpochSaid(entry, { epoch, publicKey, opensAt: toTimestamp(opensAt) });
      // When it closes is said by the entry of the next one, which the document has by then.
      const next = epochs.find((one) => one.epoch === epoch + 1);
      if (closesAt && !next) throw new RecourseError('registry-key-invalid');
      if (next) assertEpochSaid(next.entry, { beforeClosesAt: closesAt && toTimestamp(closesAt) });
      const same = await pinned(this.#options.pins, `epoch:${epoch}`, publicKey);
      if (!same) throw new RecourseError('registry-key-invalid');
    }
  }
}

/** That an entry of an epoch says this, whatever else it says. */
function assertEpochSaid(entry: Entry, stated: Record<string, Json | undefined>): void {
  if (entry.type !== 'oprf-epoch') throw new RecourseError('registry-key-invalid');
  const { detail } = entry;
  const names = Object.keys(stated);
  if (!names.every((name) => detail[name] === stated[name])) {
    throw new RecourseError('registry-key-invalid');
  }
}

/** That the entry of the ledger says what is about to be believed. */
function assertSaid(entry: Entry, type: Entry['type'], stated: Record<string, Json>): void {
  if (entry.type !== type || !('detail' in entry) || jcs(entry.detail) !== jcs(stated)) {
    throw new RecourseError('registry-key-invalid');
  }
}
