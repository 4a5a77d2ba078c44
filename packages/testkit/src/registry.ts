import { randomBytes } from 'node:crypto';
import {
  signCall,
  signerFromJwk,
  generateKey,
  toNumericDate,
  utf8,
  type CallPayload,
  type CaseInput,
  type CaseOpName,
  type OpInput,
  type OpName,
  type Signer,
  Problem,
} from '@recourse/protocol';
import {
  createCallHandler,
  createCaseHandler,
  deadlinesOf,
  makeServices,
  Vault,
  type Answer,
  type CallHandler,
  type CallHandlerOptions,
  type CaseHandler,
  type Db,
  type RegistryOptions,
  type Services,
  type TokenService,
} from '@recourse/registry';
import { TestProofs } from './case-proofs.ts';
import { movedDays } from './moved-days.ts';
import { noteFault } from './faults.ts';
import { freshDatabase, type FreshDatabase, type FreshOptions } from './fresh-database.ts';
import type { TestKey } from './keys.ts';
import type { LockUpgrade } from './lock-watch.ts';
import { deliverTo } from './notices.ts';
import { seedParties, type TestParties } from './parties.ts';

export const testOrigin = 'https://registry.test';

export interface TestAnswer {
  readonly status: number;
  /** Parsed body */
  // Tests read members of many answers; each asserts what it reads.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly raw: Answer;
}

export interface CallOptions {
  readonly idem?: string;
  readonly jti?: string;
  readonly iat?: number;
  readonly cp?: CallPayload['cp'];
}

export interface TestCaseAnswer extends TestAnswer {
  readonly guessed: boolean;
}

/** Where a registry keeps everything, until the test is over. */
type TestDatabase = Pick<FreshDatabase, 'url' | 'handles' | 'drop'>;

/** A registry on a database of its own, with a clock that a test moves, and parties whose keys it holds. */
export class TestRegistry {
  readonly services: Services;
  readonly parties: TestParties;
  /** As the service role */
  readonly db: Db;
  /** As the owner of the schema */
  readonly ownerDb: Db;
  readonly url: string;
  /** Locks of the service that were upgraded in a transaction */
  readonly lockUpgrades: readonly LockUpgrade[];
  readonly receiptSigner: Signer;
  /** Mails that were sent, and the TXT records that a test sets */
  readonly proofs: TestProofs;
  /** Refusals and unsent mails of case operations, as the handler tells of them */
  readonly caseFailures: { op: string; code: string; detail: string | undefined }[] = [];
  readonly #handler: CallHandler;
  readonly #cases: CaseHandler;
  readonly #others: CallHandler[] = [];
  readonly #database: TestDatabase;
  /** The next time of its clock, in milliseconds. It ticks once a read, whatever the machine does meanwhile. */
  #now: number;

  constructor(parts: {
    options: Omit<RegistryOptions, 'clock' | 'proofs'> & { proofs: TestProofs };
    parties: TestParties;
    database: TestDatabase;
    /** The present time of its clock */
    startsAt: Date;
  }) {
    this.#now = parts.startsAt.getTime();
    this.services = makeServices({ ...parts.options, clock: () => this.now() });
    this.parties = parts.parties;
    const { db, ownerDb, lockUpgrades } = parts.database.handles();
    this.db = db;
    this.ownerDb = ownerDb;
    this.lockUpgrades = lockUpgrades;
    this.#database = parts.database;
    this.url = parts.database.url;
    this.receiptSigner = parts.options.receiptSigner;
    this.proofs = parts.options.proofs;
    // A test counts the units of a bucket behind each call.
    this.#handler = createCallHandler(this.services, { leaseMs: 0 });
    this.#cases = createCaseHandler(this.services, {
      onFailure: (op, { code, detail }) => this.caseFailures.push({ op, code, detail }),
    });
  }

  now(): Date {
    return new Date(this.#now++);
  }

  advance(seconds: number): void {
    this.#now += Math.round(seconds * 1000);
  }

  /**
   * Entries that wait for the sequencer, as JCS, in the order of their commits. No test of the registry runs one
   * unasked.
   */
  async pendingEntries(): Promise<string[]> {
    const rows = await this.db
      .selectFrom('ledger_pending')
      .select('entries')
      .orderBy('seq')
      .execute();
    return rows.flatMap(({ entries }) => entries);
  }

  /** Another server process's worth of state on the same database. */
  anotherServer(services: Services = this.services, options: CallHandlerOptions = {}): CallHandler {
    const server = createCallHandler(services, options);
    this.#others.push(server);
    return server;
  }

  async sign<N extends OpName>(
    key: TestKey,
    call: { op: N; in: OpInput<N> } & CallOptions,
  ): Promise<string> {
    const iat = call.iat ?? toNumericDate(this.now());
    return signCall(key.signer, {
      iss: key.party,
      aud: testOrigin,
      iat,
      exp: iat + 120,
      jti: call.jti ?? randomBytes(18).toString('base64url'),
      op: call.op,
      // A plain JSON object by its schema, which TypeScript cannot see through the mapped type.
      // oxlint-disable-next-line typescript/no-unnecessary-type-assertion
      in: call.in as never,
      ...(call.idem === undefined ? {} : { idem: call.idem }),
      ...(call.cp === undefined ? {} : { cp: call.cp }),
    });
  }

  // One line a call in every test: the key, what it asks, and only rarely how.
  // oxlint-disable-next-line max-params
  async call<N extends OpName>(
    key: TestKey,
    op: N,
    input: OpInput<N>,
    options: CallOptions = {},
  ): Promise<TestAnswer> {
    return this.send(op, await this.sign(key, { op, in: input, ...options }));
  }

  async send(path: string, compact: string, handler = this.#handler): Promise<TestAnswer> {
    // What follows is for the log of a server, and is not sent.
    const { refused, caller: _caller, ...raw } = await handler.handle(path, compact);
    noteFault(refused);
    return { status: raw.status, body: JSON.parse(raw.body), raw };
  }

  /** An act of a creator: nobody signs it, and the secret is in the input. */
  async caseCall<N extends CaseOpName>(
    op: N,
    input: Omit<CaseInput<N>, 'jti'>,
    options: { jti?: string } = {},
  ): Promise<TestCaseAnswer> {
    const jti = options.jti ?? randomBytes(18).toString('base64url');
    return this.sendCase(op, JSON.stringify({ jti, ...input }));
  }

  async sendCase(path: string, body: string): Promise<TestCaseAnswer> {
    const { guessed, refused, ...raw } = await this.#cases.handle(path, utf8(body));
    noteFault(refused);
    return { status: raw.status, body: JSON.parse(raw.body), raw, guessed };
  }

  /**
   * Delivers a notice to identifiers of a record, to all of them unless a test says otherwise: as the registry does, but
   * for the address, which tokens of tests have none of.
   * @returns the code that each identifier got
   */
  deliver(sanction: string, positions?: readonly number[]): Promise<string[]> {
    return deliverTo(this.services, { sanction, at: this.now(), positions });
  }

  async close(): Promise<void> {
    for (const server of this.#others) await server.close();
    await this.#database.drop();
  }
}

/** A Wednesday. Deadlines fall on the same weekdays in every run; `RECOURSE_TEST_DAYS` moves them all. */
const start = (): Date => new Date(Date.UTC(2027, 2, 3 + movedDays, 9));

const flaggers = [
  { id: 'tf-0001', name: 'Trusted helpline', publicBody: false },
  { id: 'tf-0002', name: 'Ministry desk', publicBody: true },
];

export async function startTestRegistry(
  options: {
    tokens?: TokenService;
    vaultKey?: Uint8Array;
    /** Which of the next cases a reviewer is assigned */
    place?: (below: number) => number;
    startsAt?: Date;
  } & FreshOptions = {},
): Promise<TestRegistry> {
  const database = await freshDatabase(options);
  const { db } = database.handles();
  const startsAt = options.startsAt ?? start();
  const now = new Date(startsAt.getTime() - 3_600_000);
  const parties = await seedParties({ db, audience: testOrigin, now });
  const proofs = new TestProofs();
  const brought = {
    db,
    origin: testOrigin,
    random: (size: number) => randomBytes(size),
    // What is due first, so that a test knows which case is assigned.
    place: options.place ?? (() => 0),
    receiptSigner: await signerFromJwk(await generateKey()),
    eventSigner: await signerFromJwk(await generateKey()),
    vault: new Vault(options.vaultKey ?? randomBytes(32)),
    tokens: options.tokens ?? testTokens(),
    proofs,
    news: proofs,
    notices: proofs,
    deadlines: deadlinesOf({}, { sandbox: false }),
    flaggers,
  };
  return new TestRegistry({ options: brought, parties, database, startsAt });
}

/** An epoch without an OPRF behind it, for tests in which nothing is evaluated. */
export function testTokens(): TokenService {
  return {
    epochs: () => [
      { epoch: 1, publicKey: Buffer.alloc(32, 1).toString('base64url'), opensAt: new Date(0) },
    ],
    publicKeyOf: () => undefined,
    evaluate: () => Promise.reject(new Problem('unknown-epoch')),
  };
}
