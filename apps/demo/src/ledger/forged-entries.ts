import { randomBytes } from 'node:crypto';
import {
  fromUtf8,
  generateKey,
  jcs,
  newId,
  partyIdSchema,
  signCompact,
  signerFromJwk,
  thumbprint,
  toBase64url,
  toNumericDate,
  utf8,
  type Entry,
} from '@recourse/protocol';

type PairEntry = Extract<Entry, { pair: string }>;

/** Entries that an operator may write into the log who has its key, and nobody else's. */
export class ForgedEntries {
  readonly #entries: readonly Entry[];

  /** @param bytes of a log that its registry wrote, in which a recall was acknowledged */
  constructor(bytes: readonly Uint8Array[]) {
    this.#entries = bytes.map((each) => JSON.parse(fromUtf8(each)) as Entry);
  }

  /** Acknowledges a recall that is not open, by a call that nobody made. */
  acknowledgement(): Uint8Array {
    const pair = this.pairAt(this.indexOf('recall-acknowledged'));
    const forged = { digest: random32(), ack: random32() };
    return entryBytes({ v: 1, type: 'recall-acknowledged', at: this.#newest, pair, ...forged });
  }

  /** A trust key of a platform, which signed for itself. */
  async partyKey(origin: string): Promise<Uint8Array> {
    const party = this.#platform();
    const signer = await signerFromJwk(await generateKey());
    const jwk = signer.publicJwk;
    const now = new Date(this.#newest);
    const holder = newId('hld', { now, random: (size) => randomBytes(size) });
    const owned = { party, holder, role: 'trust', admin: false } as const;
    const claims = { ...owned, aud: origin, use: 'sig', jwk, iat: toNumericDate(now) } as const;
    const statement = await signCompact(signer, 'recourse-key+jwt', claims);
    const position = this.#added().filter((detail) => detail['party'] === party).length;
    const detail = { ...owned, kid: thumbprint(jwk), position, statement };
    return entryBytes({ v: 1, type: 'key-added', at: this.#newest, detail });
  }

  /** A receipt key of the registry, which signed for itself. */
  async registryKey(origin: string): Promise<Uint8Array> {
    const signer = await signerFromJwk(await generateKey());
    const jwk = signer.publicJwk;
    const claims = { aud: origin, use: 'receipt', jwk, iat: toNumericDate(new Date(this.#newest)) };
    const statement = await signCompact(signer, 'recourse-registry-key+jwt', claims);
    const detail = { use: 'receipt', kid: thumbprint(jwk), statement };
    return entryBytes({ v: 1, type: 'registry-key', at: this.#newest, detail });
  }

  /** Makes a recall overdue that is not open. */
  overdue(): Uint8Array {
    const pair = this.pairAt(this.indexOf('recall-acknowledged'));
    const digest = random32();
    return entryBytes({ v: 1, type: 'recall-overdue', at: this.#newest, pair, digest });
  }

  /** The first entry of a type; of one pair where that is given. */
  indexOf(type: Entry['type'], pair?: string): number {
    const index = this.#entries.findIndex(
      (entry) => entry.type === type && (!pair || (entry as PairEntry).pair === pair),
    );
    if (index === -1) throw new Error(`the log has no ${type}`);
    return index;
  }

  pairAt(index: number): string {
    return (this.#entries[index] as PairEntry).pair;
  }

  get #newest(): string {
    return this.#entries.at(-1)!.at;
  }

  #platform(): string {
    const party = this.#added().find((detail) => String(detail['party']).startsWith('plt_'));
    return partyIdSchema.parse(party?.['party']);
  }

  #added(): Readonly<Record<string, unknown>>[] {
    return this.#entries.flatMap((entry) =>
      entry.type === 'key-added' && 'detail' in entry ? [entry.detail] : [],
    );
  }
}

const random32 = (): string => toBase64url(randomBytes(32));
const entryBytes = (entry: Entry): Uint8Array => utf8(jcs(entry));
