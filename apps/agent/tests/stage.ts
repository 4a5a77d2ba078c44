import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  publicJwkSchema,
  publicPart,
  signerFromJwk,
  thumbprint,
  type PrivateJwk,
} from '@recourse/protocol';
import { connect, type Recourse, type SealingKeys } from '@recourse/sdk';
import { readConfig as readServerConfig, startServer, type RunningServer } from '@recourse/server';
import { freshDatabase, type FreshDatabase, workerPort } from '@recourse/testkit';

interface SandboxFile {
  readonly origin: string;
  readonly policy: string;
  readonly parties: readonly {
    readonly party: string;
    readonly name: string;
    readonly role: 'service' | 'trust' | 'reviewer' | 'operator';
    readonly admin: boolean;
    readonly holder: string;
    readonly privateJwk: PrivateJwk;
  }[];
}

/** A sandbox registry on a database of its own that can be away, and profiles of its parties as `recourse enrol` writes them. */
export class Stage {
  readonly dir: string;
  readonly origin: string;
  readonly #database: FreshDatabase;
  readonly #port: number;
  #server: RunningServer | undefined;
  logKid = '';

  private constructor(parts: { dir: string; port: number; database: FreshDatabase }) {
    this.dir = parts.dir;
    this.#port = parts.port;
    this.#database = parts.database;
    this.origin = `http://localhost:${parts.port}`;
  }

  static async start(): Promise<Stage> {
    const dir = mkdtempSync(join(tmpdir(), 'recourse-agent-'));
    const stage = new Stage({ dir, port: await workerPort(), database: await freshDatabase() });
    await stage.startRegistry();
    const response = await fetch(`${stage.origin}/.well-known/recourse`);
    const { logKey } = (await response.json()) as { logKey: unknown };
    stage.logKid = thumbprint(publicPart(publicJwkSchema.parse(logKey)));
    return stage;
  }

  async startRegistry(): Promise<void> {
    this.#server = await startServer(
      readServerConfig({
        RECOURSE_PORT: String(this.#port),
        RECOURSE_ORIGIN: this.origin,
        RECOURSE_DATA_DIR: join(this.dir, 'registry'),
        // A domain has no address to deliver a notice to.
        RECOURSE_UNDELIVERED_DAYS: '3',
        DATABASE_URL: this.#database.url,
        DATABASE_OWNER_URL: this.#database.ownerUrl,
      }),
    );
  }

  async stopRegistry(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async end(): Promise<void> {
    await this.stopRegistry();
    await this.#database.drop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  get sandbox(): SandboxFile {
    return JSON.parse(
      readFileSync(join(this.dir, 'registry', 'sandbox.json'), 'utf8'),
    ) as SandboxFile;
  }

  /** The config file of a profile of a sample platform, in a folder of its own. */
  profileOf(name: string): string {
    const keys = this.sandbox.parties.filter((key) => key.name === name);
    const folder = mkdtempSync(join(this.dir, 'profile-'));
    const files: Record<string, string> = {};
    for (const { role, admin, privateJwk } of keys) {
      if (admin || files[role] !== undefined) continue;
      files[role] = `${role}.json`;
      writeFileSync(join(folder, `${role}.json`), JSON.stringify(privateJwk), { mode: 0o600 });
    }
    const { origin, policy } = this.sandbox;
    const party = keys[0]?.party;
    const profile = { origin, policy, logKid: this.logKid, party, keys: files };
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify({ profiles: { default: profile } }), { mode: 0o600 });
    return path;
  }

  /** What the registry itself knows, asked without the agent. `as` is a name, and for reviewers a number too. */
  async recourse(as: string, sealingKeys?: SealingKeys): Promise<Recourse> {
    const [name = '', number = '1'] = as.split(':');
    const all = this.sandbox.parties.filter((key) => [key.name, key.party].includes(name));
    const holder = [...new Set(all.map((key) => key.holder))][Number(number) - 1];
    const isPlatform = all.some(({ role }) => role === 'service');
    const signers: Record<string, Awaited<ReturnType<typeof signerFromJwk>>> = {};
    for (const key of all) {
      if (isPlatform ? key.admin : key.holder !== holder) continue;
      signers[key.role] ??= await signerFromJwk(key.privateJwk);
    }
    return connect({
      registry: { origin: this.origin, logKid: this.logKid },
      party: all[0]?.party ?? '',
      signers,
      sealingKeys,
    });
  }

  async move(seconds: number): Promise<void> {
    await fetch(`${this.origin}/sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceSeconds: seconds }),
    });
  }
}
