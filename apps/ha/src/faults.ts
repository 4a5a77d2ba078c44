import type { Fault } from './fault.ts';
import { asynchronousFailover, restoreOldCopy } from './faults-of-the-database.ts';
import * as machines from './faults-of-machines.ts';
import * as pairs from './faults-of-two-machines.ts';
import * as servers from './faults-of-servers.ts';

export const faults: readonly Fault[] = [
  servers.killServer,
  servers.rollingRestart,
  servers.upgrade,
  servers.clockJump,
  servers.cutConnections,
  machines.killStandby,
  machines.killPrimary,
  machines.freezePrimary,
  machines.partition,
  machines.diskFull,
  machines.switchover,
  machines.loseEtcd,
  pairs.standbyThenPrimary,
  pairs.failoverByHand,
  restoreOldCopy,
  machines.pgbouncer,
  asynchronousFailover,
];
