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
import type { Cluster } from './cluster.ts';
import { Program, until } from './programs.ts';

const origin = 'http://registry.test';
const main = join(import.meta.dirname, '../../server/src/main.ts');

interface SandboxKey {
  readonly party: PartyId;
  readonly name: string;
  readonly role: string;
  readonly kid: string;
  readonly privateJwk: PrivateJwk;
}

/** Who signs the calls */
export interface Caller extends SandboxKey {
  readonly signer: Signer;
}

export const callSeconds = 110;

export interface SignedCall {
  readonly op: string;
  readonly jti: string;
  readonly body: string;
}

export interface Server {
  readonly url: string;
  readonly program: Program;
}

/** Servers of one registry, each with a data directory of its own, on the database that the proxy leads to. */
export class Registry {
  readonly origin = origin;
  readonly servers: readonly Server[];
  readonly #dataDir: string;

  private constructor(servers: readonly Server[], dataDir: string) {
    this.servers = servers;
    this.#dataDir = dataDir;
  }

  static async start(
    dir: string,
    { cluster, count }: { cluster: Cluster; count: number },
  ): Promise<Registry> {
    const servers: Server[] = [];
    const first = join(dir, 'server1');
    for (let n = 1; n <= count; n++) {
      const dataDir = join(dir, `server${n}`);
      if (n === 1) mkdirSync(dataDir, { mode: 0o700 });
      // The keys are those of the first, as an operator copies them.
      else cpSync(first, dataDir, { recursive: true });
      const server = await serverOf(dataDir, { cluster, logFile: join(dir, `server${n}.log`) });
      server.program.start();
      servers.push(server);
      const isUp = (): Promise<boolean> => {
        server.program.assertRunning();
        return isReady(server);
      };
      await until(`server ${n} is ready`, isUp, 120);
    }
    return new Registry(servers, first);
  }

  async caller(name: string, role: string): Promise<Caller> {
    const [first] = await this.callers(name, role);
    if (!first) throw new Error(`the sandbox has no ${role} key of ${name}`);
    return first;
  }

  async callers(name: string, role: string): Promise<Caller[]> {
    const text = readFileSync(join(this.#dataDir, 'sandbox.json'), 'utf8');
    const { parties } = JSON.parse(text) as { parties: SandboxKey[] };
    const those = parties.filter((one) => one.name === name && one.role === role);
    return Promise.all(
      those.map(async (key) => ({ ...key, signer: await signerFromJwk(key.privateJwk) })),
    );
  }

  /** One signed call, which lives for less than two minutes. */
  async sign(by: Caller, { op, input }: { op: string; input: object }): Promise<SignedCall> {
    const jti = randomBytes(18).toString('base64url');
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: by.party, aud: origin, iat, exp: iat + callSeconds, jti, op };
    return { op, jti, body: await signCall(by.signer, { ...claims, in: input as never }) };
  }

  /** A new platform may submit twenty records a day: two of the operator give this one room. */
  async liftBounds(): Promise<void> {
    const { party } = await this.caller('Harbour', 'service');
    const [url = ''] = this.servers.map((server) => server.url);
    for (const by of await this.callers('Operator', 'operator')) {
      const input = { party, submissionsPerDay: 1_000_000 };
      const answer = await send(url, await this.sign(by, { op: 'platforms.setQuota', input }));
      if (answer?.status !== 200) throw new Error(`platforms.setQuota: ${answer?.code}`);
    }
  }

  async areReady(): Promise<boolean> {
    const ready = await Promise.all(this.servers.map(isReady));
    return ready.every(Boolean);
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map(({ program }) => program.end('SIGTERM')));
  }
}

export async function isReady({ url }: Server): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_500) });
  return answer.ok;
}

export interface Answered {
  readonly status: number;
  /** Of a problem */
  readonly code?: string;
}

/** @returns undefined where no answer came */
export async function send(url: string, { op, body }: SignedCall): Promise<Answered | undefined> {
  try {
    const answer = await fetch(`${url}/call/${op}`, {
      method: 'POST',
      headers: { 'content-type': 'application/jose' },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    const { type } = (await answer.json()) as { type?: string };
    const code = type?.split('/').at(-1);
    return { status: answer.status, ...(code === undefined ? {} : { code }) };
  } catch {
    return undefined;
  }
}

async function serverOf(
  dataDir: string,
  { cluster, logFile }: { cluster: Cluster; logFile: string },
): Promise<Server> {
  const port = await freePort();
  const program = new Program({
    command: process.execPath,
    args: ['--conditions=@recourse/source', main],
    logFile,
    env: {
      DATABASE_URL: cluster.url('service'),
      DATABASE_OWNER_URL: cluster.url('owner'),
      RECOURSE_DATA_DIR: dataDir,
      RECOURSE_MODE: 'sandbox',
      RECOURSE_PORT: String(port),
      RECOURSE_ORIGIN: origin,
    },
  });
  return { url: `http://127.0.0.1:${port}`, program };
}
