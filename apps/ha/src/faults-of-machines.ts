import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { Fault } from './fault.ts';
import { freezeMachine, killMachine, startMachine } from './machines.ts';
import { missingPackages } from './programs.ts';

export const killPrimary: Fault = {
  name: 'kill-primary',
  says: 'the primary loses power, and comes back once another leads',
  run: ({ cluster }) => losePrimary(cluster),
};

async function losePrimary(cluster: Cluster): Promise<void> {
  const node = await cluster.primary();
  await killMachine(node);
  await cluster.untilAnotherLeads(node);
  startMachine(node);
}

export const killStandby: Fault = {
  name: 'kill-standby',
  says: 'the synchronous standby loses power, and comes back after fifteen seconds',
  run: async ({ cluster }) => {
    const node = await cluster.standby();
    await killMachine(node);
    await delay(15_000);
    startMachine(node);
  },
};

export const freezePrimary: Fault = {
  name: 'freeze-primary',
  says: 'the primary stands still for forty seconds, and then goes on as if nothing had happened',
  run: async ({ cluster }) => {
    const thaw = await freezeMachine(await cluster.primary());
    await delay(40_000);
    thaw();
  },
};

export const partition: Fault = {
  name: 'partition',
  says: 'the primary reaches neither etcd nor its standbys for forty seconds, while servers still reach it',
  cannot: (cluster) =>
    cluster.isParted
      ? undefined
      : 'Machines cannot be cut from each other: `ip netns add` needs root, and the right to make networks.',
  run: async ({ cluster }) => {
    const join = await cluster.cutOff(await cluster.primary());
    await delay(40_000);
    await join();
  },
};

export const diskFull: Fault = {
  name: 'disk-full',
  says: 'the disk of the primary is full for twenty seconds',
  cannot: (cluster) =>
    cluster.hasDisks ? undefined : 'No disk can be made: `mount -t tmpfs` needs root.',
  run: async ({ cluster }) => {
    const { disk } = await cluster.primary();
    for (let n = 0; n < 40; n++) {
      disk?.fill();
      await delay(500);
    }
    disk?.makeRoom();
  },
};

export const switchover: Fault = {
  name: 'switchover',
  says: 'the primary hands over to its standby, as before maintenance',
  run: ({ cluster }) => cluster.switchOver(),
};

export const loseEtcd: Fault = {
  name: 'lose-etcd',
  says: 'etcd is gone for thirty seconds, and with it every primary',
  run: async ({ cluster }) => {
    await cluster.loseEtcd();
    await delay(30_000);
    cluster.restoreEtcd();
  },
};

export const pgbouncer: Fault = {
  name: 'pgbouncer',
  says: 'through PgBouncer in transaction mode, which is killed and started again; then the primary loses power',
  pooled: true,
  cannot: () =>
    missingPackages('pooler').length > 0
      ? 'PgBouncer is not installed: apt-get install pgbouncer.'
      : undefined,
  run: async ({ cluster }) => {
    await cluster.pooler?.end('SIGKILL');
    await delay(3_000);
    cluster.pooler?.start();
    await delay(5_000);
    await losePrimary(cluster);
  },
};
