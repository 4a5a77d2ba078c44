import { deriveKeyPair, evaluateBatch, ready, type KeyPair } from '@recourse/blind/server';
import {
  admitCall,
  changesRoot,
  fromBase64url,
  generateKey,
  hashText,
  inviteKey,
  keyAddedDetail,
  ops,
  parseCompact,
  Problem,
  problemBody,
  publicPart,
  sealGroup,
  signCompact,
  signerFromJwk,
  signGroup,
  toBase64url,
  toNumericDate,
  toTimestamp,
  type AuthenticatedCall,
  type Entry,
  type Json,
  type KeyRecord,
  type KeyLink,
  type Opening,
  type PublicEntryType,
  type PublicJwk,
  type ReceiptLeaf,
  type RegistryKey,
  type Role,
  type Signer,
} from '@recourse/protocol';
import type { Fetch } from '../src/transport/post.ts';
import { FakeLog, logName, noteSigner } from './fake-log.ts';
import { FakeSets } from './fake-sets.ts';

export const origin = 'https://registry.example';
export const platformA = 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0';
export const platformB = 'plt_01hzy3v7q8e9k4m5n6p7r8s9t1';
export const holderA = 'hld_01hzy3v7q8e9k4m5n6p7r8s9t0';
export const appealA = 'apl_01hzy3v7q8e9k4m5n6p7r8s9t0';
export const matchA = 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0';
export const checkA = 'chk_01hzy3v7q8e9k4m5n6p7r8s9t0';
export const sanctionA = 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0';
export const now = new Date('2026-03-01T12:00:00Z');

export const newSigner = async (): Promise<Signer> => signerFromJwk(await generateKey());

/** What a handler answers: a result, with the openings of the entries it says it caused. */
export interface HandlerReply {
  readonly result: unknown;
  readonly openings?: readonly Opening[];
  /** What it commits to, when that is not what it shows */
  readonly entries?: readonly Entry[];
}
type Handler = (call: AuthenticatedCall) => HandlerReply | Promise<HandlerReply>;

export interface WireAnswer {
  status: number;
  contentType: string;
  body: string;
  receipt?: string | undefined;
  retryAfter?: string | undefined;
}

interface Party {
  readonly name: string;
  registration?: object;
  readonly enrolmentKid: string;
  readonly links: KeyLink[];
}

/** A registry in the process: real keys, real signatures and receipts, no storage. */
export class FakeRegistry {
  readonly received: AuthenticatedCall[] = [];
  readonly handlers = new Map<string, Handler>();
  readonly parties = new Map<string, Party>();
  readonly documentsRead: string[] = [];
  /** `witness-policy` entries, as the document says that they are logged */
  readonly policies: Entry[] = [];
  readonly announcements: { readonly statement: string; readonly entry: Entry }[] = [];
  log!: FakeLog;
  sets!: FakeSets;
  /** Changes an answer on its way: what a false registry, or anyone between, can do. */
  tamper: (answer: WireAnswer) => WireAnswer = (answer) => answer;
  /** Whether its receipts say when their entry is in the log */
  isPromising = true;
  /** How many answers are lost after they took effect. */
  loses = 0;
  clock = (): Date => now;
  logSigner!: Signer;
  receiptSigner!: Signer;
  readonly epochs = [{ epoch: 1 }];
  /** What its document says of them beside what is logged */
  saysOfEpoch: { opensAt?: string } = {};
  readonly #epochEntries = new Map<number, Entry>();
  readonly #keys = new Map<string, KeyRecord>();
  readonly #stored = new Map<string, WireAnswer>();
  readonly #effects = new Map<string, HandlerReply>();

  /** Secret key of the first epoch. */
  tokenSecret(): Uint8Array {
    return tokenKeys().secretKey;
  }

  static async start(): Promise<FakeRegistry> {
    await ready();
    const registry = new FakeRegistry();
    registry.logSigner = await newSigner();
    registry.log = new FakeLog(noteSigner(registry.logSigner, { name: logName, type: 'ed25519' }));
    registry.receiptSigner = await newSigner();
    await registry.announce(registry.logSigner, registry.receiptSigner);
    await registry.#startSets();
    return registry;
  }

  async #startSets(): Promise<void> {
    const signer = await newSigner();
    await this.announce(this.logSigner, signer, { use: 'set' });
    const log = (entry: Entry): void => void this.log.announce(entry);
    this.sets = new FakeSets(signer, { log, clock: () => this.clock() });
    this.handlers.set('prefixes.sync', async ({ payload }) => ({
      result: await this.sets.sync(ops['prefixes.sync'].input.parse(payload.in)),
    }));
  }

  async announce(by: Signer, key: Signer, overrides: Partial<RegistryKey> = {}): Promise<void> {
    const iat = toNumericDate(now);
    const payload = { aud: origin, use: 'receipt', jwk: key.publicJwk, iat, ...overrides };
    const statement = await signCompact(by, 'recourse-registry-key+jwt', payload);
    const { use } = payload;
    const entry = this.#logged('registry-key', { use, kid: key.kid, statement });
    this.announcements.push({ statement, entry });
  }

  #logged(type: PublicEntryType, detail: Record<string, Json>): Entry {
    return this.log.announce({ v: 1, type, at: toTimestamp(now), detail });
  }

  /** Registers a party by an enrolment key, and returns it as an admin signer. */
  async addParty(party: string, role: Role = 'trust'): Promise<Signer> {
    const admin = await newSigner();
    const enrolment = await signCompact(admin, 'recourse-enrol+jwt', {
      aud: origin,
      role,
      admin: true,
      use: 'sig',
      jwk: admin.publicJwk,
      iat: toNumericDate(now),
      invite: inviteKey('code'),
    });
    this.parties.set(party, { name: `Name of ${party}`, enrolmentKid: admin.kid, links: [] });
    this.#link(party, { kid: admin.kid, statement: enrolment, role, admin: true });
    this.#admit(party, { jwk: admin.publicJwk, role, admin: true });
    return admin;
  }

  /** Adds a key; `by` is who says so, which an operator that plants one cannot choose. */
  async addKey(party: string, added: { by: Signer; role: Role; signer?: Signer }): Promise<Signer> {
    const signer = added.signer ?? (await newSigner());
    const statement = await signCompact(added.by, 'recourse-key+jwt', {
      aud: origin,
      party,
      holder: holderA,
      role: added.role,
      admin: false,
      use: 'sig',
      jwk: signer.publicJwk,
      iat: toNumericDate(now),
    });
    this.#link(party, { kid: signer.kid, statement, role: added.role, admin: false });
    this.#admit(party, { jwk: signer.publicJwk, role: added.role, admin: false });
    return signer;
  }

  #link(party: string, key: { kid: string; statement: string; role: Role; admin: boolean }): void {
    const links = this.parties.get(party)?.links ?? [];
    const position = links.length;
    const detail = keyAddedDetail({ ...key, party, holder: holderA, position });
    const { kid, statement } = key;
    const addedAt = toTimestamp(now);
    links.push({ kid, statement, addedAt, entry: this.#logged('key-added', detail) });
  }

  revoke(
    party: string,
    kid: string,
    revocation: Omit<NonNullable<KeyLink['revoked']>, 'entry'>,
  ): void {
    const { why, since } = revocation;
    const whose = { party, kid, holder: holderA, why, call: hashText('the call that revoked') };
    const detail = { ...whose, ...(since === undefined ? {} : { since }) };
    const revoked = { ...revocation, entry: this.#logged('key-revoked', detail) };
    const links = this.parties.get(party)?.links ?? [];
    const at = links.findIndex((link) => link.kid === kid);
    const link = links[at];
    if (link) links[at] = { ...link, revoked };
  }

  /** Answers evaluations for real, with the key of the epoch. */
  evaluates(secret: Uint8Array = this.tokenSecret()): void {
    this.handlers.set('checks.evaluate', ({ payload }) => {
      const input = payload.in as { epochs: number[]; blinded: string[] };
      const evaluated = input.epochs.map((epoch) => {
        const { publicKey } = tokenKeys();
        const blinded = input.blinded.map(fromBase64url);
        const batch = evaluateBatch({ secretKey: secret, publicKey, blinded });
        const elements = batch.evaluated.map(toBase64url);
        return { epoch, elements, proof: toBase64url(batch.proof) };
      });
      return { result: { check: checkA, evaluated } };
    });
  }

  readonly fetch: Fetch = async (url, init) => {
    const path = url.slice(origin.length);
    if (path.startsWith('/ledger/')) return this.#file(path.slice('/ledger/'.length));
    if (path.startsWith('/prefixes/')) return this.#snapshot(path);
    const answer = path.startsWith('/call/')
      ? this.tamper(
          await this.#call(
            path.slice('/call/'.length),
            typeof init.body === 'string' ? init.body : '',
          ),
        )
      : await this.#document(path);
    if (path.startsWith('/call/') && this.loses > 0) {
      this.loses--;
      throw new TypeError('connection reset');
    }
    const headers = new Headers({ 'content-type': answer.contentType });
    if (answer.receipt !== undefined) headers.set('recourse-receipt', answer.receipt);
    if (answer.retryAfter !== undefined) headers.set('retry-after', answer.retryAfter);
    return new Response(answer.body, { status: answer.status, headers });
  };

  /** Signs a receipt for any leaf: what the registry's own key can say. */
  async receiptFor(leaf: ReceiptLeaf, signer: Signer = this.receiptSigner): Promise<string> {
    const other = { ...leaf, jti: 'another-call-of-the-group' };
    const context = { issuer: origin, at: leaf.at, isPromised: this.isPromising };
    const group = sealGroup([other, leaf], context);
    return (await signGroup(signer, group))[1] ?? '';
  }

  async #call(op: string, compact: string): Promise<WireAnswer> {
    const stored = this.#stored.get(hashText(compact));
    if (stored) return stored;
    let call: AuthenticatedCall;
    try {
      const lookup = (kid: string): KeyRecord | undefined => this.#keys.get(kid);
      call = await admitCall(compact, { audience: origin, now: this.clock(), lookup });
    } catch (error) {
      return problemAnswer(error as Problem);
    }
    this.received.push(call);
    const answer = await this.#handle(op, call);
    const leaf: ReceiptLeaf = {
      v: 1,
      iss: call.payload.iss,
      jti: call.payload.jti,
      op,
      req: call.hash,
      res: hashText(answer.body),
      status: answer.status,
      at: toNumericDate(this.clock()),
      changes: changesIn(answer.body),
    };
    const receipted = { ...answer, receipt: await this.receiptFor(leaf) };
    if (call.payload.idem !== undefined) this.#stored.set(call.hash, receipted);
    return receipted;
  }

  async #handle(op: string, call: AuthenticatedCall): Promise<WireAnswer> {
    try {
      const handler = this.handlers.get(op);
      if (!handler) throw new Problem('unknown-op');
      const key = call.payload.idem === undefined ? undefined : `${op} ${call.payload.idem}`;
      const handled = (key && this.#effects.get(key)) || (await handler(call));
      if (key) this.#effects.set(key, handled);
      return { status: 200, contentType: 'application/json', body: bodyOf(handled) };
    } catch (error) {
      if (error instanceof Problem) return problemAnswer(error);
      throw error;
    }
  }

  async #document(path: string): Promise<WireAnswer> {
    this.documentsRead.push(path);
    const json = this.#documentAt(path);
    return json === undefined
      ? problemAnswer(new Problem('not-found'))
      : { status: 200, contentType: 'application/json', body: JSON.stringify(json) };
  }

  #snapshot(path: string): Response {
    this.documentsRead.push(path);
    const snapshot = this.sets.snapshots.get(path);
    return snapshot ? new Response(Buffer.from(snapshot)) : new Response(null, { status: 404 });
  }

  async #file(path: string): Promise<Response> {
    const body = await this.log.answer(path);
    if (body === undefined) return new Response(null, { status: 404 });
    return new Response(typeof body === 'string' ? body : Buffer.from(body));
  }

  #documentAt(path: string): unknown {
    if (path === '/.well-known/recourse') {
      const epochs = this.epochs.map(({ epoch }) => {
        const stated = { ...epochOf(epoch), ...this.saysOfEpoch };
        return {
          ...stated,
          entry: this.#epochEntries.get(epoch) ?? this.#logEpoch(epochOf(epoch)),
        };
      });
      const logKey = this.logSigner.publicJwk;
      const { announcements: keys, policies } = this;
      return { origin, logKey, keys, epochs, flaggers: [], taxonomy: '1', ledger: { policies } };
    }
    if (path === '/parties') {
      return {
        parties: [...this.parties].map(([id, { name, registration }]) => ({
          id,
          name,
          ...(registration ? { registration } : {}),
        })),
      };
    }
    const id = /^\/parties\/([^/]+)\/keys$/.exec(path)?.[1] ?? '';
    const party = this.parties.get(id);
    if (!party) return undefined;
    const { enrolmentKid, links } = party;
    return { party: id, enrolmentKid, enrolmentHolder: holderA, keys: links };
  }

  #logEpoch(stated: ReturnType<typeof epochOf>): Entry {
    const entry = this.#logged('oprf-epoch', stated);
    this.#epochEntries.set(stated.epoch, entry);
    return entry;
  }

  #admit(party: string, admitted: { jwk: PublicJwk; role: Role; admin: boolean }): void {
    const jwk = publicPart(admitted.jwk);
    const statement = this.parties.get(party)?.links.at(-1)?.statement ?? '';
    const kid = this.parties.get(party)?.links.at(-1)?.kid ?? parseCompact(statement).kid;
    const record = { kid, jwk, role: admitted.role, admin: admitted.admin, holder: holderA };
    this.#keys.set(kid, {
      ...record,
      party: party as KeyRecord['party'],
      activeFrom: new Date('2026-01-01T00:00:00Z'),
    });
  }
}

const epochOf = (epoch: number) => ({
  epoch,
  publicKey: toBase64url(tokenKeys().publicKey),
  opensAt: '2026-01-01T00:00:00Z',
});

/** One pair for every epoch; derived after `ready()`. */
const tokenKeys = (): KeyPair => deriveKeyPair(new Uint8Array(32).fill(7), 'epoch');

function bodyOf({ result, openings, entries }: HandlerReply): string {
  if (!openings) return JSON.stringify({ result });
  const committed = entries ?? openings.map(({ entry }) => entry);
  const root = changesRoot(committed);
  return JSON.stringify({ result, changes: { count: committed.length, root, openings } });
}

function changesIn(body: string): ReceiptLeaf['changes'] {
  const { changes } = JSON.parse(body) as { changes?: { count: number; root: string } };
  return changes && { count: changes.count, root: changes.root };
}

function problemAnswer(problem: Problem): WireAnswer {
  return {
    status: problem.status,
    contentType: 'application/problem+json',
    body: JSON.stringify(problemBody(problem, origin)),
    retryAfter: problem.retryAfterSeconds?.toString(),
  };
}
