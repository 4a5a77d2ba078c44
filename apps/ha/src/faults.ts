import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import type { Cluster } from './cluster.ts';
import { until } from './programs.ts';
import { isReady, type Registry, type Server } from './registry.ts';

export interface Scene {
  readonly cluster: Cluster;
  readonly registry: Registry;
}

/** What is taken from a registry while calls arrive, and given back. */
export interface Fault {
  readonly name: string;
  readonly says: string;
  /** With a standby that confirms each commit; without, answered calls can be lost, and the log has to stop */
  readonly synchronous: boolean;
  run(scene: Scene): Promise<void>;
}

const anyServer = ({ registry }: Scene): Server => {
  const [server] = registry.servers;
  if (!server) throw new Error('the registry has no server');
  return server;
};

export const faults: readonly Fault[] = [
  {
    name: 'kill-server',
    says: 'one of the servers is killed, and started again after ten seconds',
    synchronous: true,
    run: async (scene) => {
      const server = anyServer(scene);
      await server.program.end('SIGKILL');
      await delay(10_000);
      server.program.start();
    },
  },
  {
    name: 'kill-primary',
    says: 'the primary loses power, and comes back once another leads',
    synchronous: true,
    run: async ({ cluster }) => {
      const node = await cluster.primary();
      await cluster.killNode(node);
      await cluster.untilAnotherLeads(node);
      cluster.startNode(node);
    },
  },
  {
    name: 'kill-standby',
    says: 'the synchronous standby loses power, and comes back after fifteen seconds',
    synchronous: true,
    run: async ({ cluster }) => {
      const node = await cluster.standby();
      await cluster.killNode(node);
      await delay(15_000);
      cluster.startNode(node);
    },
  },
  {
    name: 'freeze-primary',
    says: 'the primary stands still for forty seconds, and then goes on as if nothing had happened',
    synchronous: true,
    run: async ({ cluster }) => {
      const thaw = await cluster.freeze(await cluster.primary());
      await delay(40_000);
      thaw();
    },
  },
  {
    name: 'cut-connections',
    says: 'every connection to the database is cut, three times',
    synchronous: true,
    run: async ({ cluster }) => {
      for (let n = 0; n < 3; n++) {
        await cutAll(cluster.adminUrl);
        await delay(3_000);
      }
    },
  },
  {
    name: 'switchover',
    says: 'the primary hands over to its standby, as before maintenance',
    synchronous: true,
    run: ({ cluster }) => cluster.switchOver(),
  },
  {
    name: 'lose-etcd',
    says: 'etcd is gone for thirty seconds, and with it every primary',
    synchronous: true,
    run: async ({ cluster }) => {
      await cluster.loseEtcd();
      await delay(30_000);
      cluster.restoreEtcd();
    },
  },
  {
    name: 'rolling-restart',
    says: 'one server after the other is told to stop, and started once it has',
    synchronous: true,
    run: async ({ registry }) => {
      for (const server of registry.servers) {
        await server.program.end('SIGTERM');
        server.program.start();
        await until('the restarted server is ready', () => isReady(server), 120);
      }
    },
  },
  {
    name: 'asynchronous-failover',
    says: 'the primary loses power before its standbys have what it answered',
    synchronous: false,
    run: async ({ cluster }) => {
      const node = await cluster.primary();
      await cluster.holdReplication();
      await delay(3_000);
      await cluster.killNode(node);
      await cluster.releaseReplication();
      await cluster.untilAnotherLeads(node);
      await delay(5_000);
      cluster.startNode(node);
    },
  },
];

async function cutAll(adminUrl: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where usename in ('recourse_service', 'recourse_owner')`;
  await sql.end({ timeout: 2 });
}
