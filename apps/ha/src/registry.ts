import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  signCall,
  signerFromJwk,
  type PartyId,
  type PrivateJwk,
  type Signer,
} from '@recourse/protocol';
import { freePort } from '@recourse/server/embedded-postgres';
import { serverBalancer } from './balancers.ts';
import { Program, until } from './programs.ts';
import { send, type SignedCall } from './send.ts';

const head = join(import.meta.dirname, '../../server/src/main.ts');

/** What Node runs for a server. @param main the main file of another release */
export const serverArgs = (main = head): string[] => ['--conditions=@recourse/source', main];

interface SandboxKey {
  readonly party: PartyId;
  readonly name: string;
  readonly role: string;
  readonly kid: string;
  readonly privateJwk: PrivateJwk;
}

/** A party that signs calls */
export interface Caller extends SandboxKey {
  readonly signer: Signer;
}

export const callSeconds = 110;

export interface Server {
  readonly name: string;
  readonly url: string;
  readonly metricsPort: number;
  readonly dataDir: string;
  readonly program: Program;
  /** Environment of the registry, and of the commands that an operator runs beside it */
  readonly env: Readonly<Record<string, string>>;
}

export interface RegistryOptions {
  readonly count: number;
  /** Its PostgreSQL; without one the only server starts its own */
  readonly database?: { readonly service: string; readonly owner: string };
  /** The certificate of the authority of that, as a file */
  readonly ca?: string;
  /** The main file of servers of another release */
  readonly main?: string;
}

/** Servers of one registry, each with a data directory of its own, and perhaps a balancer before them. */
export class Registry {
  readonly servers: readonly Server[];
  /** Its origin, where calls are sent */
  readonly url: string;
  /** Folder that outlives the database: `RECOURSE_CHECKPOINTS_DIR` */
  readonly shared: string;
  /** The main file that its servers began with; this one's where there is none */
  readonly main: string | undefined;
  readonly #balancer: Program | undefined;

  private constructor(parts: {
    servers: readonly Server[];
    url: string;
    shared: string;
    main: string | undefined;
    balancer: Program | undefined;
  }) {
    this.servers = parts.servers;
    this.url = parts.url;
    this.shared = parts.shared;
    this.main = parts.main;
    this.#balancer = parts.balancer;
  }

  static async start(dir: string, options: RegistryOptions): Promise<Registry> {
    const servers: Server[] = [];
    const shared = join(dir, 'shared');
    mkdirSync(shared, { mode: 0o700 });
    try {
      const url = `http://127.0.0.1:${await freePort()}`;
      for (let n = 1; n <= options.count; n++)
        servers.push(await startServer(dir, { ...options, n, shared, origin: url }));
      const balancer = await balancerOf(dir, { url, servers });
      return new Registry({ servers, url, shared, main: options.main, balancer });
    } catch (error) {
      for (const { program } of servers) await program.end('SIGKILL');
      throw error;
    }
  }

  /** Any of them: the first. */
  get server(): Server {
    const [first] = this.servers;
    if (!first) throw new Error('the registry has no server');
    return first;
  }

  async caller(name: string, role: string): Promise<Caller> {
    const [first] = await this.callers(name, role);
    if (!first) throw new Error(`the sandbox has no ${role} key of ${name}`);
    return first;
  }

  async callers(name: string, role: string): Promise<Caller[]> {
    const text = readFileSync(join(this.server.dataDir, 'sandbox.json'), 'utf8');
    const { parties } = JSON.parse(text) as { parties: SandboxKey[] };
    const keys = parties.filter((party) => party.name === name && party.role === role);
    return Promise.all(
      keys.map(async (key) => ({ ...key, signer: await signerFromJwk(key.privateJwk) })),
    );
  }

  /** One signed call, which lives for less than two minutes. */
  async sign(by: Caller, { op, input }: { op: string; input: object }): Promise<SignedCall> {
    const jti = randomBytes(18).toString('base64url');
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: by.party, aud: this.url, iat, exp: iat + callSeconds, jti, op };
    return { op, jti, body: await signCall(by.signer, { ...claims, in: input as never }) };
  }

  /** A new platform may submit twenty records a day: two of the operator give this one room. */
  async liftBounds(): Promise<void> {
    const { party } = await this.caller('Harbour', 'service');
    for (const by of await this.callers('Operator', 'operator')) {
      const input = { party, submissionsPerDay: 1_000_000 };
      const call = await this.sign(by, { op: 'platforms.setQuota', input });
      const answer = await send(this.url, call);
      if (answer?.status !== 200) throw new Error(`platforms.setQuota: ${answer?.code}`);
    }
  }

  /** @throws Error which says why they are not, each */
  async untilReady(seconds: number): Promise<void> {
    let reasons: string[][] = [];
    const areReady = async (): Promise<boolean> => {
      reasons = await Promise.all(this.servers.map(whyNotReady));
      return reasons.flat().length === 0;
    };
    await until('every server is ready', areReady, seconds).catch(({ message }: Error) => {
      throw new Error(`${message}, but ${JSON.stringify(reasons)}`);
    });
  }

  async stop(): Promise<void> {
    await this.#balancer?.end('SIGKILL');
    await Promise.all(this.servers.map(({ program }) => program.end('SIGTERM')));
  }
}

/** @returns why it should get no calls, or `no answer`; nothing where it is ready */
export async function whyNotReady({ url }: Pick<Server, 'url'>): Promise<string[]> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_500) });
    const { reasons } = (await answer.json()) as { reasons: { code: string }[] };
    return reasons.map(({ code }) => code);
  } catch {
    return ['no answer'];
  }
}

export const isReady = async (server: Pick<Server, 'url'>): Promise<boolean> =>
  (await whyNotReady(server)).length === 0;

interface ServerPlace extends RegistryOptions {
  readonly n: number;
  readonly shared: string;
  readonly origin: string;
}

async function startServer(dir: string, place: ServerPlace): Promise<Server> {
  const server = await serverOf(dir, place);
  server.program.start();
  const isUp = (): Promise<boolean> => {
    server.program.assertRunning();
    return isReady(server);
  };
  await until(`server ${place.n} is ready`, isUp, 300);
  return server;
}

async function serverOf(
  dir: string,
  { n, shared, origin, count, database, ca, main }: ServerPlace,
): Promise<Server> {
  const dataDir = join(dir, `server${n}`);
  const first = join(dir, 'server1');
  if (n === 1) mkdirSync(dataDir, { mode: 0o700 });
  // The keys are those of the first, as an operator copies them.
  else cpSync(first, dataDir, { recursive: true });
  const own = new URL(origin).port;
  const [port, metricsPort] = [count === 1 ? own : String(await freePort()), await freePort()];
  const env = {
    RECOURSE_DATA_DIR: dataDir,
    RECOURSE_MODE: 'sandbox',
    RECOURSE_PORT: port,
    RECOURSE_ORIGIN: origin,
    RECOURSE_CHECKPOINTS_DIR: shared,
    RECOURSE_METRICS_PORT: String(metricsPort),
    RECOURSE_DRAIN_SECONDS: '5',
    // A record answers as soon as its creator is told, and a creator is where the balancer says.
    RECOURSE_HOLD_HOURS: '0',
    RECOURSE_TRUSTED_PROXIES: '127.0.0.1',
    RECOURSE_LOG_FORMAT: 'json',
    // An image has compiled files; here a restarted server loads what another one compiled.
    NODE_COMPILE_CACHE: join(dir, 'compiled'),
    ...(ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: ca }),
    ...(database && { DATABASE_URL: database.service, DATABASE_OWNER_URL: database.owner }),
  };
  const program = new Program({
    command: process.execPath,
    args: serverArgs(main),
    logFile: join(dir, `server${n}.log`),
    env,
  });
  return {
    name: `server${n}`,
    url: `http://127.0.0.1:${port}`,
    metricsPort,
    dataDir,
    program,
    env,
  };
}

/** A balancer that asks each whether it is ready; one server alone needs none. */
async function balancerOf(
  dir: string,
  { url, servers }: { url: string; servers: readonly Server[] },
): Promise<Program | undefined> {
  if (servers.length === 1) return undefined;
  const ports = servers.map((server) => Number(new URL(server.url).port));
  const balancer = serverBalancer(dir, { port: Number(new URL(url).port), ports });
  balancer.start();
  await until('the balancer leads to a server', () => isReady({ url }), 30);
  return balancer;
}
