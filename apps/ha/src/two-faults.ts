import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, Scene } from './fault.ts';
import { freezeMachine, killMachine, startMachine } from './machines.ts';
import type { PostgresNode } from './postgres-node.ts';
import type { Program } from './programs.ts';

/** Gives back what was taken. */
type GiveBack = () => void | Promise<void>;

/** A thing that can be taken beside something else. */
interface Blow {
  readonly says: string;
  take(scene: Wounded, draw: Draw): Promise<GiveBack>;
}

interface Wounded extends Scene {
  /** Names of the machines that a blow has fallen on */
  readonly hit: Set<string>;
}

type Who = 'primary' | 'standby';

/** @returns one of so many, counted from 0 */
type Draw = (below: number) => number;

const blows: readonly Blow[] = [
  { says: 'the machine of the primary dies', take: (scene) => killed(scene, 'primary') },
  { says: 'the machine of a standby dies', take: (scene) => killed(scene, 'standby') },
  { says: 'the primary hangs', take: (scene) => frozen(scene, 'primary') },
  { says: 'a standby hangs', take: (scene) => frozen(scene, 'standby') },
  {
    says: 'the primary is cut from the other machines',
    take: (scene) => cut(scene, 'primary'),
  },
  {
    says: 'a standby is cut from the other machines',
    take: (scene) => cut(scene, 'standby'),
  },
  {
    says: 'the primary hands over',
    // Refused where no standby is left to hand over to
    take: async ({ cluster }) => cluster.switchOver().then(nothing, nothing),
  },
  { says: 'an etcd dies', take: ({ cluster }, draw) => ended(cluster.nodes[draw(3)]?.etcd) },
  {
    says: 'a server dies',
    take: ({ registry }, draw) => ended(registry.servers[draw(3)]?.program),
  },
  {
    says: 'every connection to the database is cut',
    take: ({ cluster }) => cluster.cutConnections().then(nothing, nothing),
  },
  {
    says: 'the disk of the primary is full',
    take: async (scene) => {
      const { disk } = await unhurt(scene, 'primary');
      const filling = setInterval(() => disk?.fill(), 500);
      return () => {
        clearInterval(filling);
        disk?.makeRoom();
      };
    },
  },
];

const nothing = (): GiveBack => () => undefined;

async function ended(program: Program | undefined): Promise<GiveBack> {
  if (!program?.isRunning) return nothing();
  await program.end('SIGKILL');
  return () => {
    if (!program.isRunning) program.start();
  };
}

async function killed(scene: Wounded, who: Who): Promise<GiveBack> {
  const node = await unhurt(scene, who);
  await killMachine(node);
  return () => startMachine(node);
}

const frozen = async (scene: Wounded, who: Who): Promise<GiveBack> =>
  freezeMachine(await unhurt(scene, who));

const cut = async (scene: Wounded, who: Who): Promise<GiveBack> =>
  scene.cluster.cutOff(await unhurt(scene, who));

/** Patroni still lists what the first blow fell on: a second one falls on another machine. */
async function unhurt({ cluster, hit }: Wounded, who: Who): Promise<PostgresNode> {
  const left = cluster.nodes.filter(({ name }) => !hit.has(name));
  const primary = await cluster.primary().catch(() => undefined);
  const isSought = ({ name }: PostgresNode): boolean =>
    (name === primary?.name) === (who === 'primary');
  const node = left.find(isSought) ?? left[0];
  if (!node) throw new Error('no machine is left to take');
  hit.add(node.name);
  return node;
}

/** Seconds between the first blow and the second: at once, within a loop of Patroni, after it, after a failover began. */
const gaps = [0, 0.8, 1.6, 3, 6, 12] as const;
/** Seconds until the first is given back, and the other after it. */
const lengths = [3, 6, 12] as const;

export const twoFaultsSay = `two-faults
    two at once, drawn by --seed, and mended one after the other:
    ${blows.map(({ says }) => says).join('; ')}`;

/** Two of them, drawn by a number: the same number draws the same. */
export function twoFaults(seed: number): Fault {
  const draw = drawBy(seed);
  const first = pick(blows, draw);
  const second = pick(
    blows.filter((blow) => blow !== first),
    draw,
  );
  const [gap, length, more] = [pick(gaps, draw), pick(lengths, draw), pick(lengths, draw)];
  const isFirstBackFirst = draw(2) === 0;
  return {
    name: `two-faults ${seed}`,
    says: `${first.says}, and ${gap} s later ${second.says}; ${isFirstBackFirst ? 'the first' : 'the second'} is mended after ${length} s, the other ${more} s later`,
    isDrawn: true,
    calmSeconds: 3,
    cannot: (cluster) =>
      cluster.isParted && cluster.hasDisks
        ? undefined
        : 'Machines can neither be cut off nor filled: it needs root, `ip netns add` and `mount -t tmpfs`.',
    run: async (open) => {
      const scene = { ...open, hit: new Set<string>() };
      const one = await first.take(scene, draw);
      await delay(gap * 1000);
      const other = await second.take(scene, draw);
      const [early, late] = isFirstBackFirst ? [one, other] : [other, one];
      await delay(length * 1000);
      await early();
      await delay(more * 1000);
      await late();
    },
  };
}

function pick<T>(items: readonly T[], draw: Draw): T {
  const drawn = items[draw(items.length)];
  if (drawn === undefined) throw new Error('nothing to draw from');
  return drawn;
}

/** mulberry32: a small generator that a seed repeats. */
function drawBy(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
