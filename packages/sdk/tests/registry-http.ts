import { deriveKeyPair, evaluateBatch, ready } from '@recourse/blind/server';
import {
  createTokenService,
  insertPending,
  LedgerReader,
  listParties,
  partyKeys,
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
  type Signer,
} from '@recourse/protocol';
import { connect, type Recourse } from '../src/index.ts';
import type { Fetch } from '../src/transport/post.ts';

/** The registry's own rules, storage and ledger behind an HTTP of a test. */
export class RegistryHttp {
  readonly registry: TestRegistry;
  /** How many answers are lost after they took effect */
  loses = 0;
  readonly #logSigner: Signer;
  readonly #document: Json;
  readonly #sequencer: Sequencer;

  private constructor(made: { registry: TestRegistry; logSigner: Signer; document: Json }) {
    this.registry = made.registry;
    this.#logSigner = made.logSigner;
    this.#document = made.document;
    this.#sequencer = new Sequencer(made.registry.db);
  }

  static async start(): Promise<RegistryHttp> {
    await ready();
    const keys = deriveKeyPair(new Uint8Array(32).fill(1), 'epoch 1');
    const tokens = createTokenService({
      epochs: [{ epoch: 1, ...keys, opensAt: new Date(0) }],
      pool: { evaluate: async (batch) => evaluateBatch(batch) },
      clock: () => new Date(),
    });
    const registry = await startTestRegistry({ tokens });
    const logSigner = await signerFromJwk(await generateKey());
    const document = await announce(registry, logSigner);
    return new RegistryHttp({ registry, logSigner, document });
  }

  readonly fetch: Fetch = async (url, init) => {
    const path = url.slice(testOrigin.length);
    if (path.startsWith('/ledger/')) return this.#file(path.slice('/ledger/'.length));
    if (!path.startsWith('/call/')) return Response.json(await this.#documentAt(path));
    const compact = typeof init.body === 'string' ? init.body : '';
    const { raw } = await this.registry.send(path.slice('/call/'.length), compact);
    if (this.loses-- > 0) throw new TypeError('connection reset');
    return new Response(raw.body, {
      status: raw.status,
      headers: {
        'content-type': raw.contentType,
        ...(raw.receipt === undefined ? {} : { 'recourse-receipt': raw.receipt }),
      },
    });
  };

  connectAs({ id, admin, service, trust }: TestPlatform): Recourse {
    return connect({
      registry: { origin: testOrigin, logKid: this.#logSigner.kid },
      party: id,
      signers: { admin: admin.signer, service: service.signer, trust: trust.signer },
      fetch: this.fetch,
      clock: () => this.registry.now(),
    });
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
    await signCheckpoint({ db, signer, now: this.registry.now(), keep: async () => undefined });
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
async function announce(registry: TestRegistry, logSigner: Signer): Promise<Json> {
  const { services, db } = registry;
  const at = registry.now();
  const entryOf = (type: PublicEntryType, detail: Record<string, Json>): Entry => ({
    v: 1,
    type,
    at: toTimestamp(at),
    detail,
  });
  const { publicJwk: jwk, kid } = services.receiptSigner;
  const receipt = { aud: testOrigin, use: 'receipt', jwk, iat: toNumericDate(at) };
  const statement = await signCompact(logSigner, 'recourse-registry-key+jwt', receipt);
  const key = { statement, entry: entryOf('registry-key', { use: 'receipt', kid, statement }) };
  const epochs = services.tokens.epochs().map(({ epoch, publicKey, opensAt }) => {
    const said = { epoch, publicKey, opensAt: toTimestamp(opensAt) };
    return { ...said, entry: entryOf('oprf-epoch', said) };
  });
  const seeded = await db.selectFrom('keys').select('entry').orderBy('position').execute();
  const announced = [key.entry, ...epochs.map(({ entry }) => entry)].map((entry) => jcs(entry));
  await insertPending(db, [...announced, ...seeded.map(({ entry }) => entry)], at);
  return { origin: testOrigin, logKey: logSigner.publicJwk, keys: [key], epochs } as Json;
}
