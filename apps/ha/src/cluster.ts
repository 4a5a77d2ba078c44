import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@recourse/server/embedded-postgres';
import postgres from 'postgres';
import { databaseBalancer, poolerOf } from './balancers.ts';
import { Network, type Host } from './network.ts';
import { askPatroni, type Member, type PatroniAnswer } from './patroni-api.ts';
import { startMachine } from './machines.ts';
import { nodeOf, postmasterOf, unmountBelow, type PostgresNode } from './postgres-node.ts';
import { untilCluster, type Program } from './programs.ts';
import { makeCertificates, passwords, type NodePlace } from './shipped-files.ts';

const run = promisify(execFile);
const names = ['pg1', 'pg2', 'pg3'] as const;

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
  /** The certificate of the authority, as a file */
  readonly ca: string;
  readonly pooled?: Pooled;
}

interface Pooled {
  readonly balancer: Program;
  readonly pooler: Program;
  readonly port: number;
}

/** Three machines as docs/three-nodes.md has them, and perhaps a PgBouncer before an HAProxy that leads to the primary. */
export class Cluster {
  readonly #parts: ClusterParts;

  private constructor(parts: ClusterParts) {
    this.#parts = parts;
  }

  /** @param dir an empty folder that every account may pass */
  static async start(dir: string, { synchronous, pooled }: ClusterOptions): Promise<Cluster> {
    const network = await Network.open();
    const all: NodePlace[] = [];
    for (const [n, name] of names.entries())
      all.push({ name, host: await network.machine(n), ports: await portsOf(network) });
    const tls = join(dir, 'tls');
    await makeCertificates(tls, all);
    const nodes: PostgresNode[] = [];
    for (const place of all)
      nodes.push(await nodeOf(place, { all, dir, tls, network, synchronous }));
    const parts = { dir, network, nodes, ca: join(tls, 'ca.crt') };
    const cluster = new Cluster(pooled ? { ...parts, pooled: await pooledBy(parts) } : parts);
    try {
      await cluster.#open();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async #open(): Promise<void> {
    const { nodes, pooled } = this.#parts;
    const all = nodes.flatMap(({ etcd, patroni }) => [etcd, patroni]);
    for (const program of all) program.start();
    const isWhole = (): Promise<boolean> => {
      for (const program of all) program.assertRunning();
      return this.isWhole();
    };
    await untilCluster('three PostgreSQL stream', isWhole);
    await untilCluster('the primary has its database', () => this.makeDatabase());
    pooled?.balancer.start();
    pooled?.pooler.start();
  }

  /** Whether machines can be cut from each other. */
  get isParted(): boolean {
    return this.#parts.network.isParted;
  }

  get hasDisks(): boolean {
    return this.#parts.nodes.every(({ disk }) => disk !== undefined);
  }

  get pooler(): Program | undefined {
    return this.#parts.pooled?.pooler;
  }

  /** Names every PostgreSQL, as docs/three-nodes.md says: whoever connects finds the primary. */
  url(role: 'owner' | 'service'): string {
    const { pooled, nodes } = this.#parts;
    const login = `postgres://recourse_${role}:${passwords[role]}`;
    if (role === 'service' && pooled)
      return `${login}@127.0.0.1:${pooled.port}/recourse?pgbouncer=true`;
    const hosts = nodes.map(({ host, ports }) => `${host.address}:${ports.postgres}`);
    return `${login}@${hosts.join()}/recourse?sslmode=verify-full`;
  }

  get nodes(): readonly PostgresNode[] {
    return this.#parts.nodes;
  }

  /** The certificate that servers believe. */
  get ca(): string {
    return this.#parts.ca;
  }

  /** Where Patroni shows its figures. */
  get patroniTargets(): string[] {
    return this.#parts.nodes.map(({ host, ports }) => `${host.address}:${ports.patroni}`);
  }

  /** Asks as the superuser, of whichever leads now: a look from outside of the registry. */
  async look<T>(question: (sql: postgres.Sql) => Promise<T>, database = 'recourse'): Promise<T> {
    const { host, ports } = await this.primary();
    const sql = postgres({
      host: host.address,
      port: ports.postgres,
      database,
      username: 'postgres',
      password: passwords.superuser,
      ssl: { ca: readFileSync(this.#parts.ca), host: host.address },
      max: 1,
      onnotice: () => undefined,
    });
    try {
      return await question(sql);
    } finally {
      await sql.end({ timeout: 5 });
    }
  }

  /**
   * As the superuser, one statement after the other, beside the database of the registry.
   * @returns rows of the last
   */
  asAdmin(...statements: string[]): Promise<readonly Record<string, string>[]> {
    return this.look(async (sql) => {
      let rows: readonly Record<string, string>[] = [];
      for (const statement of statements) rows = await sql.unsafe(statement);
      return rows;
    }, 'postgres');
  }

  async cutConnections(): Promise<void> {
    await this.asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity
      where usename in ('recourse_service', 'recourse_owner')`);
  }

  /** As if somebody had wiped the disks: the database is gone, copies of it, and its roles. */
  async loseDatabase(): Promise<void> {
    const databases = await this.asAdmin(`select datname as name from pg_database
      where not datistemplate and datname <> 'postgres'`);
    await this.asAdmin(
      ...databases.map(({ name }) => `drop database ${name} with (force)`),
      ...['owner', 'service'].map((role) => `drop role recourse_${role}`),
    );
  }

  /** An empty one, and its roles: `docker/roles.sh` */
  async makeDatabase(): Promise<boolean> {
    const script = join(import.meta.dirname, '../../../docker/roles.sh');
    const { nodes } = this.#parts;
    const env = {
      ...process.env,
      PGHOST: nodes.map(({ host }) => host.address).join(),
      PGPORT: nodes.map(({ ports }) => ports.postgres).join(),
      PGTARGETSESSIONATTRS: 'read-write',
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: this.#parts.ca,
      PGPASSWORD: passwords.superuser,
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
    for (const node of this.#parts.nodes) {
      const answer = await this.ask(node, '/cluster').catch(() => undefined);
      if (answer?.status === 200) return (JSON.parse(answer.body) as { members: Member[] }).members;
    }
    throw new Error('no Patroni answers');
  }

  /** @param body of what changes something */
  ask(node: PostgresNode, path: string, body?: object): Promise<PatroniAnswer> {
    const ca = readFileSync(this.#parts.ca, 'utf8');
    return askPatroni(node, { ca, path, ...(body ? { body } : {}) });
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

  /** A planned one, as before maintenance. */
  async switchOver(): Promise<void> {
    const node = await this.primary();
    const { status, body } = await this.ask(node, '/switchover', { leader: node.name });
    if (status !== 200) throw new Error(`no switchover: ${body}`);
  }

  async loseEtcd(): Promise<void> {
    await Promise.all(this.#parts.nodes.map(({ etcd }) => etcd.end('SIGKILL')));
  }

  restoreEtcd(): void {
    for (const node of this.#parts.nodes) startMachine(node);
  }

  /** From now on a machine reaches no other one; servers still reach it. @returns ends it */
  async cutOff(node: PostgresNode): Promise<() => Promise<void>> {
    const { network, nodes } = this.#parts;
    const others: Host[] = nodes.filter((one) => one !== node).map(({ host }) => host);
    return network.part(node.host, others);
  }

  async stop(): Promise<void> {
    const { network, nodes, pooled } = this.#parts;
    for (const program of [pooled?.pooler, pooled?.balancer]) await program?.end('SIGKILL');
    await Promise.all(nodes.map(({ patroni }) => patroni.end('SIGTERM', 40_000)));
    for (const { dir } of nodes) {
      try {
        process.kill(postmasterOf(dir), 'SIGKILL');
      } catch {
        // It ended with its Patroni.
      }
    }
    await Promise.all(nodes.map(({ etcd }) => etcd.end('SIGKILL')));
    await delay(200);
    await unmountBelow(this.#parts.dir);
    await network.close();
  }
}

/** As the documents have them, where each machine has a network of its own. */
async function portsOf({ isParted }: Network): Promise<NodePlace['ports']> {
  if (isParted) return { postgres: 5432, patroni: 8008, client: 2379, peer: 2380 };
  const [database, patroni] = [await freePort(), await freePort()];
  return { postgres: database, patroni, client: await freePort(), peer: await freePort() };
}

async function pooledBy({ dir, nodes, ca }: ClusterParts): Promise<Pooled> {
  const port = await freePort();
  const balancer = databaseBalancer(dir, { port, nodes, ca });
  const { owner, service } = passwords;
  const { program, port: at } = await poolerOf(dir, { to: port, ca, users: { owner, service } });
  return { balancer, pooler: program, port: at };
}
