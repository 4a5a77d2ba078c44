import { execFile } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@recourse/server/embedded-postgres';
import {
  nodeOf,
  postmasterOf,
  processesOf,
  signal,
  superuserPassword,
  type PostgresNode,
} from './postgres-node.ts';
import { Program, until } from './programs.ts';

const run = promisify(execFile);
const names = ['pg1', 'pg2', 'pg3'] as const;
const passwords = { owner: 'owner', service: 'service' } as const;

interface Member {
  readonly name: string;
  readonly role: 'leader' | 'replica' | 'sync_standby' | 'quorum_standby';
  readonly state: string;
}

/** Three PostgreSQL under Patroni, its etcd, and an HAProxy that leads to the primary; all on loopback. */
export class Cluster {
  readonly #nodes: readonly PostgresNode[];
  readonly #etcd: Program;
  readonly #proxy: Program;
  readonly #port: number;

  private constructor(parts: {
    nodes: readonly PostgresNode[];
    etcd: Program;
    proxy: Program;
    port: number;
  }) {
    this.#nodes = parts.nodes;
    this.#etcd = parts.etcd;
    this.#proxy = parts.proxy;
    this.#port = parts.port;
  }

  /** @param dir an empty folder that every account may pass */
  static async start(dir: string, options: { synchronous: boolean }): Promise<Cluster> {
    const etcdPort = await freePort();
    const etcd = etcdOf(dir, { client: etcdPort, peer: await freePort() });
    const nodes = [];
    for (const name of names) nodes.push(await nodeOf(dir, { name, etcdPort, ...options }));
    const port = await freePort();
    const cluster = new Cluster({ nodes, etcd, proxy: proxyOf(dir, { port, nodes }), port });
    try {
      await cluster.#open();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async #open(): Promise<void> {
    this.#etcd.start();
    for (const { patroni } of this.#nodes) patroni.start();
    const all = [this.#etcd, ...this.#nodes.map(({ patroni }) => patroni)];
    const isWhole = (): Promise<boolean> => {
      for (const program of all) program.assertRunning();
      return this.isWhole();
    };
    await until('three PostgreSQL stream', isWhole, 180);
    this.#proxy.start();
    await until('the proxy leads to the primary', () => this.#makeDatabase(), 60);
  }

  url(role: 'owner' | 'service'): string {
    return `postgres://recourse_${role}:${passwords[role]}@127.0.0.1:${this.#port}/recourse`;
  }

  /** As the superuser, through the proxy: for looks from outside of the registry. */
  get adminUrl(): string {
    return `postgres://postgres:${superuserPassword}@127.0.0.1:${this.#port}/recourse`;
  }

  async #makeDatabase(): Promise<boolean> {
    const script = join(import.meta.dirname, '../../../docker/roles.sh');
    const env = {
      ...process.env,
      PGHOST: '127.0.0.1',
      PGPORT: String(this.#port),
      PGPASSWORD: superuserPassword,
      PGDATABASE: 'postgres',
      OWNER_PASSWORD: passwords.owner,
      SERVICE_PASSWORD: passwords.service,
    };
    await run('sh', [script], { env });
    return true;
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
    for (const { api } of this.#nodes) {
      const answer = await fetch(`http://127.0.0.1:${api}/cluster`, {
        signal: AbortSignal.timeout(2_000),
      }).catch(() => undefined);
      if (answer?.ok) return ((await answer.json()) as { members: Member[] }).members;
    }
    throw new Error('no Patroni answers');
  }

  async primary(): Promise<PostgresNode> {
    const leader = (await this.members()).find(({ role }) => role === 'leader');
    const node = this.#nodes.find(({ name }) => name === leader?.name);
    if (!node) throw new Error('the cluster has no leader');
    return node;
  }

  async standby(): Promise<PostgresNode> {
    const members = await this.members();
    const order = ['sync_standby', 'quorum_standby', 'replica'];
    const found = members
      .filter(({ role }) => role !== 'leader')
      .toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role))[0];
    const node = this.#nodes.find(({ name }) => name === found?.name);
    if (!node) throw new Error('the cluster has no standby');
    return node;
  }

  async untilAnotherLeads({ name }: PostgresNode): Promise<void> {
    const another = async (): Promise<boolean> => (await this.primary()).name !== name;
    await until('another PostgreSQL leads', another, 90);
  }

  /** As a machine that loses power: PostgreSQL and Patroni at once. */
  async killNode({ patroni, dir }: PostgresNode): Promise<void> {
    const postmaster = postmasterOf(dir);
    await patroni.end('SIGKILL');
    process.kill(postmaster, 'SIGKILL');
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
    const { api, name } = await this.primary();
    const answer = await fetch(`http://127.0.0.1:${api}/switchover`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ leader: name }),
    });
    if (!answer.ok) throw new Error(`no switchover: ${await answer.text()}`);
  }

  loseEtcd(): Promise<void> {
    return this.#etcd.end('SIGKILL');
  }

  restoreEtcd(): void {
    this.#etcd.start();
  }

  /** Holds what standbys would receive: what is committed meanwhile is on the primary alone. */
  async holdReplication(): Promise<void> {
    const primary = await this.primary();
    for (const { dir, name } of this.#nodes) {
      if (name === primary.name) continue;
      for (const pid of await processesOf(postmasterOf(dir))) {
        const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)]);
        if (stdout.includes('walreceiver')) signal(pid, 'SIGSTOP');
      }
    }
  }

  /** Lets held receivers end, so that their servers can be promoted. */
  async releaseReplication(): Promise<void> {
    for (const { dir } of this.#nodes) {
      const pids = await processesOf(postmasterOf(dir)).catch(() => []);
      for (const pid of pids) signal(pid, 'SIGCONT');
    }
  }

  async stop(): Promise<void> {
    await this.#proxy.end('SIGKILL');
    await Promise.all(this.#nodes.map(({ patroni }) => patroni.end('SIGTERM', 40_000)));
    for (const { dir } of this.#nodes) {
      try {
        process.kill(postmasterOf(dir), 'SIGKILL');
      } catch {
        // It ended with its Patroni.
      }
    }
    await this.#etcd.end('SIGKILL');
  }
}

function etcdOf(dir: string, { client, peer }: { client: number; peer: number }): Program {
  const at = `http://127.0.0.1:${client}`;
  const peers = `http://127.0.0.1:${peer}`;
  const flags: Record<string, string> = {
    name: 'etcd',
    'data-dir': join(dir, 'etcd'),
    'log-level': 'warn',
    'listen-client-urls': at,
    'advertise-client-urls': at,
    'listen-peer-urls': peers,
    'initial-advertise-peer-urls': peers,
    'initial-cluster': `etcd=${peers}`,
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  return new Program({ command: '/usr/bin/etcd', args, logFile: join(dir, 'etcd.log') });
}

function proxyOf(
  dir: string,
  { port, nodes }: { port: number; nodes: readonly PostgresNode[] },
): Program {
  const file = join(dir, 'haproxy.cfg');
  const servers = nodes.map(
    (node) => `  server ${node.name} 127.0.0.1:${node.port} check port ${node.api}`,
  );
  const lines = [
    'global',
    '  maxconn 500',
    'defaults',
    '  mode tcp',
    '  timeout connect 2s',
    '  timeout client 10m',
    '  timeout server 10m',
    '  timeout check 2s',
    'listen primary',
    `  bind 127.0.0.1:${port}`,
    '  option httpchk OPTIONS /primary',
    '  http-check expect status 200',
    '  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions',
    ...servers,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  chmodSync(file, 0o644);
  const logFile = join(dir, 'haproxy.log');
  return new Program({ command: '/usr/sbin/haproxy', args: ['-db', '-f', file], logFile });
}
