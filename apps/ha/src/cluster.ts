import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@recourse/server/embedded-postgres';
import postgres from 'postgres';
import { databaseBalancer, poolerOf } from './balancers.ts';
import { Network, type Host } from './network.ts';
import {
  etcdOf,
  nodeOf,
  postmasterOf,
  processesOf,
  signal,
  superuserPassword,
  unmountBelow,
  type PostgresNode,
} from './postgres-node.ts';
import { untilCluster, type Program } from './programs.ts';

const run = promisify(execFile);
const names = ['pg1', 'pg2', 'pg3'] as const;
const passwords = { owner: 'owner', service: 'service' } as const;

interface Member {
  readonly name: string;
  readonly role: 'leader' | 'replica' | 'sync_standby' | 'quorum_standby';
  readonly state: string;
}

export interface ClusterOptions {
  /** A standby confirms each commit */
  readonly synchronous: boolean;
  /** PgBouncer in transaction mode stands before the primary */
  readonly pooled: boolean;
}

interface ClusterParts {
  readonly dir: string;
  readonly network: Network;
  readonly nodes: readonly PostgresNode[];
  readonly etcd: Program;
  readonly balancer: Program;
  readonly port: number;
  readonly pooler?: { readonly program: Program; readonly port: number };
}

/** Three PostgreSQL under Patroni, its etcd, an HAProxy that leads to the primary, and perhaps a PgBouncer before it. */
export class Cluster {
  readonly #parts: ClusterParts;

  private constructor(parts: ClusterParts) {
    this.#parts = parts;
  }

  /** @param dir an empty folder that every account may pass */
  static async start(dir: string, { synchronous, pooled }: ClusterOptions): Promise<Cluster> {
    const network = await Network.open();
    const etcdPort = await freePort();
    const at = { host: network.consensus, client: etcdPort, peer: await freePort() };
    const etcd = etcdOf(dir, at);
    const nodes: PostgresNode[] = [];
    for (const [n, name] of names.entries()) {
      const host = await network.machine(n);
      nodes.push(await nodeOf(dir, { name, host, network, etcdPort, synchronous }));
    }
    const port = await freePort();
    const balancer = databaseBalancer(dir, { port, nodes });
    const pooler = pooled ? await poolerOf(dir, { to: port, users: passwords }) : undefined;
    const parts = { dir, network, nodes, etcd, balancer, port, ...(pooler ? { pooler } : {}) };
    const cluster = new Cluster(parts);
    try {
      await cluster.#open();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async #open(): Promise<void> {
    const { etcd, nodes, balancer, pooler } = this.#parts;
    etcd.start();
    for (const { patroni } of nodes) patroni.start();
    const all = [etcd, ...nodes.map(({ patroni }) => patroni)];
    const isWhole = (): Promise<boolean> => {
      for (const program of all) program.assertRunning();
      return this.isWhole();
    };
    await untilCluster('three PostgreSQL stream', isWhole);
    balancer.start();
    await untilCluster('the balancer leads to the primary', () => this.makeDatabase());
    pooler?.program.start();
  }

  /** Whether machines can be cut from each other. */
  get isParted(): boolean {
    return this.#parts.network.isParted;
  }

  get hasDisks(): boolean {
    return this.#parts.nodes.every(({ disk }) => disk !== undefined);
  }

  get pooler(): Program | undefined {
    return this.#parts.pooler?.program;
  }

  url(role: 'owner' | 'service'): string {
    const { pooler, port } = this.#parts;
    const isPooled = role === 'service' && pooler;
    const at = `127.0.0.1:${isPooled ? pooler.port : port}/recourse`;
    return `postgres://recourse_${role}:${passwords[role]}@${at}${isPooled ? '?pgbouncer=true' : ''}`;
  }

  /** As the superuser, through the balancer: for looks from outside of the registry. */
  get adminUrl(): string {
    return this.#adminUrlOf('recourse');
  }

  #adminUrlOf(database: string): string {
    return `postgres://postgres:${superuserPassword}@127.0.0.1:${this.#parts.port}/${database}`;
  }

  /**
   * As the superuser, one statement after the other, beside the database of the registry.
   * @returns rows of the last
   */
  async asAdmin(...statements: string[]): Promise<readonly Record<string, string>[]> {
    const sql = postgres(this.#adminUrlOf('postgres'), { max: 1, onnotice: () => undefined });
    try {
      let rows: readonly Record<string, string>[] = [];
      for (const statement of statements) rows = await sql.unsafe(statement);
      return rows;
    } finally {
      await sql.end({ timeout: 2 });
    }
  }

  /** As if somebody had wiped the disks: the database is gone, copies of it, and its roles. */
  async loseDatabase(): Promise<void> {
    const databases = await this.asAdmin(`select datname as name from pg_database
      where not datistemplate and datname <> 'postgres'`);
    await this.asAdmin(
      ...databases.map(({ name }) => `drop database ${name} with (force)`),
      ...Object.keys(passwords).map((role) => `drop role recourse_${role}`),
    );
  }

  /** An empty one, and its roles: `docker/roles.sh` */
  async makeDatabase(): Promise<boolean> {
    const script = join(import.meta.dirname, '../../../docker/roles.sh');
    const env = {
      ...process.env,
      PGHOST: '127.0.0.1',
      PGPORT: String(this.#parts.port),
      PGPASSWORD: superuserPassword,
      // A connection that came before the balancer knew the primary is answered by nobody.
      PGCONNECT_TIMEOUT: '5',
      PGDATABASE: 'postgres',
      OWNER_PASSWORD: passwords.owner,
      SERVICE_PASSWORD: passwords.service,
    };
    await run('sh', [script], { env });
    return true;
  }

  untilWhole(): Promise<void> {
    return untilCluster('the cluster is whole', () => this.isWhole());
  }

  /** One leader, and two that stream from it. */
  async isWhole(): Promise<boolean> {
    const members = await this.members();
    const streaming = members.filter(
      ({ role, state }) => role !== 'leader' && state === 'streaming',
    );
    return streaming.length === 2 && members.some(({ role }) => role === 'leader');
  }

  async members(): Promise<Member[]> {
    for (const { api, host } of this.#parts.nodes) {
      const answer = await fetch(`http://${host.address}:${api}/cluster`, {
        signal: AbortSignal.timeout(2_000),
      }).catch(() => undefined);
      if (answer?.ok) return ((await answer.json()) as { members: Member[] }).members;
    }
    throw new Error('no Patroni answers');
  }

  async primary(): Promise<PostgresNode> {
    const leader = (await this.members()).find(({ role }) => role === 'leader');
    const node = this.#parts.nodes.find(({ name }) => name === leader?.name);
    if (!node) throw new Error('the cluster has no leader');
    return node;
  }

  async standby(): Promise<PostgresNode> {
    const members = await this.members();
    const order = ['sync_standby', 'quorum_standby', 'replica'];
    const found = members
      .filter(({ role }) => role !== 'leader')
      .toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role))[0];
    const node = this.#parts.nodes.find(({ name }) => name === found?.name);
    if (!node) throw new Error('the cluster has no standby');
    return node;
  }

  async untilAnotherLeads({ name }: PostgresNode): Promise<void> {
    const another = async (): Promise<boolean> => (await this.primary()).name !== name;
    await untilCluster('another PostgreSQL leads', another);
  }

  /** As a machine that loses power: PostgreSQL and Patroni at once. */
  async killNode({ patroni, dir }: PostgresNode): Promise<void> {
    // A backend outlives its postmaster for a while, and answers.
    const pids = await processesOf(postmasterOf(dir));
    for (const pid of pids) signal(pid, 'SIGKILL');
    await patroni.end('SIGKILL');
  }

  /** It neither answers nor ends, as a machine that hangs. */
  async freeze({ patroni, dir }: PostgresNode): Promise<() => void> {
    const pids = await processesOf(postmasterOf(dir));
    patroni.signal('SIGSTOP');
    for (const pid of pids) signal(pid, 'SIGSTOP');
    return () => {
      for (const pid of pids) signal(pid, 'SIGCONT');
      patroni.signal('SIGCONT');
    };
  }

  startNode({ patroni }: PostgresNode): void {
    patroni.start();
  }

  /** A planned one, as before maintenance. */
  async switchOver(): Promise<void> {
    const { api, host, name } = await this.primary();
    const answer = await fetch(`http://${host.address}:${api}/switchover`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ leader: name }),
    });
    if (!answer.ok) throw new Error(`no switchover: ${await answer.text()}`);
  }

  loseEtcd(): Promise<void> {
    return this.#parts.etcd.end('SIGKILL');
  }

  restoreEtcd(): void {
    this.#parts.etcd.start();
  }

  /** From now on the primary reaches neither etcd nor another PostgreSQL; servers still reach it. @returns ends it */
  async cutOff(node: PostgresNode): Promise<() => Promise<void>> {
    const { network, nodes } = this.#parts;
    const others: Host[] = nodes.filter((one) => one !== node).map(({ host }) => host);
    return network.part(node.host, [network.consensus, ...others]);
  }

  /** Holds what standbys would receive: what is committed meanwhile is on the primary alone. @returns lets them go on without it */
  async holdReplication(): Promise<() => void> {
    const primary = await this.primary();
    const held: number[] = [];
    for (const { dir, name } of this.#parts.nodes) {
      if (name === primary.name) continue;
      for (const pid of await processesOf(postmasterOf(dir))) {
        const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)]);
        if (stdout.includes('walreceiver')) held.push(pid);
      }
    }
    for (const pid of held) signal(pid, 'SIGSTOP');
    return () => {
      // Each ends before it reads what has arrived meanwhile.
      for (const pid of held) for (const name of ['SIGTERM', 'SIGCONT'] as const) signal(pid, name);
    };
  }

  async stop(): Promise<void> {
    const { network, nodes, etcd, balancer, pooler } = this.#parts;
    await pooler?.program.end('SIGKILL');
    await balancer.end('SIGKILL');
    await Promise.all(nodes.map(({ patroni }) => patroni.end('SIGTERM', 40_000)));
    for (const { dir } of nodes) {
      try {
        process.kill(postmasterOf(dir), 'SIGKILL');
      } catch {
        // It ended with its Patroni.
      }
    }
    await etcd.end('SIGKILL');
    await delay(200);
    await unmountBelow(this.#parts.dir);
    await network.close();
  }
}
