import { setTimeout as delay } from 'node:timers/promises';
import { deriveKeyPair, evaluateBatch, ready } from '@recourse/blind/server';
import {
  createTokenService,
  insertPending,
  LedgerReader,
  listParties,
  partyKeys,
  PrefixPublisher,
  readSnapshot,
  Sequencer,
  signCheckpoint,
} from '@recourse/registry';
import { parseTilePath } from '@recourse/ledger';
import {
  startTestRegistry,
  testOrigin,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import {
  fromBase64url,
  generateKey,
  jcs,
  ledgerOrigin,
  signCompact,
  signerFromJwk,
  toNumericDate,
  toTimestamp,
  type Entry,
  type Json,
  type PublicEntryType,
  type RegistryKey,
  type Signer,
} from '@recourse/protocol';
import { connect, type ConnectOptions, type Recourse } from '../src/index.ts';
import type { Fetch } from '../src/transport/post.ts';

/** The registry's own rules, storage and ledger behind an HTTP of a test. */
export class RegistryHttp {
  readonly registry: TestRegistry;
  /** How many answers are lost after they took effect */
  loses = 0;
  /** How far away it is: a match, which only a hit asks for, takes so much longer */
  delayMs = 0;
  /** Operation and size of every answer */
  readonly answers: { readonly op: string; readonly bytes: number }[] = [];
  readonly #logSigner: Signer;
  readonly #document: Json;
  readonly #sequencer: Sequencer;
  readonly #publisher: PrefixPublisher;

  private constructor(parts: {
    registry: TestRegistry;
    logSigner: Signer;
    setSigner: Signer;
    document: Json;
  }) {
    this.registry = parts.registry;
    this.#logSigner = parts.logSigner;
    this.#document = parts.document;
    this.#sequencer = new Sequencer(parts.registry.db);
    this.#publisher = new PrefixPublisher({
      services: parts.registry.services,
      signer: parts.setSigner,
      onUnreadable: (error) => {
        throw error;
      },
    });
  }

  static async start(): Promise<RegistryHttp> {
    await ready();
    const keys = deriveKeyPair(new Uint8Array(32).fill(1), 'epoch 1');
    const tokens = createTokenService({
      epochs: () => [{ epoch: 1, ...keys, opensAt: new Date(0) }],
      publicKeyOf: () => undefined,
      pool: { evaluate: async (batch) => evaluateBatch(batch) },
      clock: () => new Date(),
    });
    const registry = await startTestRegistry({ tokens });
    const logSigner = await signerFromJwk(await generateKey());
    const setSigner = await signerFromJwk(await generateKey());
    const document = await announce(registry, { logSigner, setSigner });
    return new RegistryHttp({ registry, logSigner, setSigner, document });
  }

  readonly fetch: Fetch = async (url, init) => {
    const path = url.slice(testOrigin.length);
    if (path.startsWith('/ledger/')) return this.#file(path.slice('/ledger/'.length));
    if (path.startsWith('/prefixes/')) return this.#snapshot(path.slice('/prefixes/'.length));
    if (!path.startsWith('/call/')) return Response.json(await this.#documentAt(path));
    const compact = typeof init.body === 'string' ? init.body : '';
    const op = path.slice('/call/'.length);
    if (op === 'prefixes.sync') await this.#publish();
    if (op === 'checks.match') await delay(this.delayMs);
    const { raw } = await this.registry.send(op, compact);
    this.answers.push({ op, bytes: raw.body.length });
    if (this.loses-- > 0) throw new TypeError('connection reset');
    return new Response(raw.body, {
      status: raw.status,
      headers: {
        'content-type': raw.contentType,
        ...(raw.receipt === undefined ? {} : { 'recourse-receipt': raw.receipt }),
      },
    });
  };

  connectAs(
    { id, admin, service, trust }: TestPlatform,
    options: Partial<ConnectOptions> = {},
  ): Recourse {
    return connect({
      registry: { origin: testOrigin, logKid: this.#logSigner.kid },
      party: id,
      signers: { admin: admin.signer, service: service.signer, trust: trust.signer },
      fetch: this.fetch,
      clock: () => this.registry.now(),
      ...options,
    });
  }

  /** Whoever asks for the set finds everything in it: the time between two versions has passed. */
  async #publish(): Promise<void> {
    this.registry.advance(10);
    while ((await this.#publisher.step()).more);
  }

  async #snapshot(digest: string): Promise<Response> {
    const bytes = await readSnapshot(this.registry.db, fromBase64url(digest));
    return bytes ? new Response(Buffer.from(bytes)) : new Response(null, { status: 404 });
  }

  /** A file of the log; whoever asks for a proof or the checkpoint finds everything logged and signed. */
  async #file(path: string): Promise<Response> {
    const ledger = new LedgerReader(this.registry.db);
    if (!path.startsWith('tile/')) await this.#logAll();
    const body = await fileOf(ledger, path);
    if (body === undefined) return new Response(null, { status: 404 });
    return new Response(typeof body === 'string' ? body : Buffer.from(body));
  }

  async #logAll(): Promise<void> {
    const { db } = this.registry;
    while ((await this.#sequencer.step()).more);
    const { publicJwk } = this.#logSigner;
    if (publicJwk.kty !== 'OKP') throw new TypeError('not Ed25519');
    const publicKey = fromBase64url(publicJwk.x);
    const key = { name: ledgerOrigin(testOrigin), type: 'ed25519', publicKey } as const;
    const signer = { key, sign: (message: Uint8Array) => this.#logSigner.sign(message) };
    const outside = { read: async () => [], keep: async () => true };
    await signCheckpoint({ db, signer, now: this.registry.now(), outside });
  }

  async #documentAt(path: string): Promise<unknown> {
    const { db } = this.registry;
    if (path === '/parties') {
      const parties = await listParties(db, new Date());
      return { parties: parties.map(({ party, ...entry }) => ({ id: party, ...entry })) };
    }
    if (path === '/.well-known/recourse') return this.#document;
    return partyKeys(db, path.split('/')[2] ?? '');
  }
}

function fileOf(ledger: LedgerReader, path: string): Promise<string | Uint8Array | undefined> {
  if (path === 'checkpoint') return ledger.checkpoint();
  const [, leaf] = /^proof\/(.+)$/.exec(path) ?? [];
  if (leaf !== undefined) return ledger.proof(fromBase64url(leaf));
  const { level, index, width } = parseTilePath(path);
  return level === 'entries'
    ? ledger.bundle({ index, width })
    : ledger.tile({ level, index, width });
}

/** Logs what a start announces, and the keys that the seed only wrote. @returns `/.well-known/recourse` */
async function announce(
  registry: TestRegistry,
  { logSigner, setSigner }: { logSigner: Signer; setSigner: Signer },
): Promise<Json> {
  const { services, db } = registry;
  const at = registry.now();
  const entryOf = (type: PublicEntryType, detail: Record<string, Json>): Entry => ({
    v: 1,
    type,
    at: toTimestamp(at),
    detail,
  });
  const keyOf = async (use: RegistryKey['use'], { publicJwk: jwk, kid }: Signer) => {
    const claims = { aud: testOrigin, use, jwk, iat: toNumericDate(at) };
    const statement = await signCompact(logSigner, 'recourse-registry-key+jwt', claims);
    return { statement, entry: entryOf('registry-key', { use, kid, statement }) };
  };
  const keys = [await keyOf('receipt', services.receiptSigner), await keyOf('set', setSigner)];
  const epochs = services.tokens.epochs().map(({ epoch, publicKey, opensAt }) => {
    const epochDetail = { epoch, publicKey, opensAt: toTimestamp(opensAt) };
    return { ...epochDetail, entry: entryOf('oprf-epoch', epochDetail) };
  });
  const seeded = await db.selectFrom('keys').select('entry').orderBy('position').execute();
  const announced = [...keys, ...epochs].map(({ entry }) => jcs(entry));
  await insertPending(db, [...announced, ...seeded.map(({ entry }) => entry)], at);
  return { origin: testOrigin, logKey: logSigner.publicJwk, keys, epochs } as Json;
}
