import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { Fault } from './fault.ts';
import { killMachine, killPostgres, startMachine } from './machines.ts';
import type { PostgresNode } from './postgres-node.ts';
import { until, untilCluster } from './programs.ts';

const others = ({ nodes }: Cluster, node: PostgresNode): PostgresNode[] =>
  nodes.filter(({ name }) => name !== node.name);

/** Whether nothing that leads is left to find. */
const hasLeader = (cluster: Cluster): Promise<boolean> =>
  cluster.primary().then(
    () => true,
    () => false,
  );

export const standbyThenPrimary: Fault = {
  name: 'standby-then-primary',
  says: 'a standby dies, and 1.6 s later the primary; the standby comes back after ten seconds, and one of two has to lead',
  run: async ({ cluster }) => {
    const [primary, standby] = [await cluster.primary(), await cluster.standby()];
    await killMachine(standby);
    await delay(1_600);
    await killMachine(primary);
    await delay(10_000);
    startMachine(standby);
    const faults: string[] = [];
    await until('another PostgreSQL leads', () => leads(cluster, primary), 60).catch(() =>
      faults.push('two of three were up for a minute, and none led'),
    );
    startMachine(primary);
    return { faults };
  },
};

const leads = async (cluster: Cluster, { name }: PostgresNode): Promise<boolean> =>
  (await cluster.primary()).name !== name;

export const failoverByHand: Fault = {
  name: 'failover-by-hand',
  says: 'both standbys die, then the primary, for good; none may lead by itself, and somebody follows docs/three-nodes.md',
  run: async ({ cluster, operator }) => {
    const primary = await cluster.primary();
    const standbys = others(cluster, primary);
    // With their etcd nobody would lead at all, and nothing be given up.
    for (const node of standbys) await killPostgres(node);
    await untilCluster('the primary has given up its standbys', async () => {
      const [row] = await cluster.asAdmin('show synchronous_standby_names');
      return row?.['synchronous_standby_names']?.includes('*') === true;
    });
    await killMachine(primary);
    for (const node of standbys) startMachine(node);
    await untilCluster('both standbys answer', async () => {
      const members = await cluster.members();
      return members.filter(({ state }) => state === 'running').length >= 2;
    });
    // As long as a lease, and more: none may take it.
    await delay(30_000);
    const faults = (await hasLeader(cluster))
      ? ['a standby that may lack answers led by itself']
      : [];
    faults.push(...(await operator.failOver(standbys)));
    await cluster.untilAnotherLeads(primary);
    startMachine(primary);
    return { faults };
  },
};
