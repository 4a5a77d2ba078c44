import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, Scene } from './fault.ts';
import { holdReplication, killMachine, startMachine } from './machines.ts';
import { until } from './programs.ts';
import { whyNotReady } from './registry.ts';

/** What was committed before is answered by then, and no other database yet answers. */
const onTheWayMs = 2_000;

export const asynchronousFailover: Fault = {
  name: 'asynchronous-failover',
  says: 'the primary loses power before its standbys have what it answered; then docs/recovery.md',
  asynchronous: true,
  mayRefuse: true,
  run: async (scene) => {
    const { cluster, operator, traffic } = scene;
    const state = operator.file(`state-${Date.now()}.json`);
    const before = await operator.verify(state);
    const node = await cluster.primary();
    const from = traffic.elapsed;
    const letGo = await holdReplication(cluster.nodes.filter((one) => one !== node));
    await delay(5_000);
    await killMachine(node);
    const to = traffic.elapsed + onTheWayMs;
    letGo();
    await cluster.untilAnotherLeads(node);
    const faults = before.code === 0 ? [] : [`ledger verify ended with ${before.code} before`];
    await untilAllRecover(scene).catch(() => faults.push('a server did not stop signing'));
    await delay(3_000);
    startMachine(node);
    await cluster.untilWhole();
    if (faults.length === 0) faults.push(...(await operator.recover(state)));
    return { faults, taken: { from, to } };
  },
};

export const restoreOldCopy: Fault = {
  name: 'restore-old-copy',
  says: 'the database is lost, and a backup is restored by docs/operating.md and docs/recovery.md',
  mayRefuse: true,
  run: async (scene) => {
    const { cluster, operator, traffic } = scene;
    const state = operator.file(`state-${Date.now()}.json`);
    const backups = operator.file(`backup-${Date.now()}`);
    const from = traffic.elapsed;
    const faults: string[] = [];
    const expect = ({ code, text }: { code: number; text: string }, step: string): void => {
      if (code !== 0) faults.push(`${step} ended with ${code}: ${text}`);
    };
    expect(await operator.server('backup', backups), 'backup');
    await delay(8_000);
    expect(await operator.verify(state), 'ledger verify');
    await cluster.loseDatabase();
    const to = traffic.elapsed + onTheWayMs;
    await delay(3_000);
    await operator.stopServers();
    await cluster.makeDatabase();
    expect(await operator.server('restore', backups), 'restore');
    await operator.startServers();
    await untilAllRecover(scene).catch(() => faults.push('a server did not say RECOVERING'));
    await delay(5_000);
    faults.push(...(await operator.recover(state)));
    return { faults, taken: { from, to } };
  },
};

/** All servers have found that the database is not the one that was signed. */
async function untilAllRecover({ registry }: Scene): Promise<void> {
  const all = async (): Promise<boolean> => {
    const reasons = await Promise.all(registry.servers.map(whyNotReady));
    return reasons.every((codes) => codes.includes('recovering'));
  };
  await until('every server says RECOVERING', all, 300);
}
