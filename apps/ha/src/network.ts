import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import process from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where a program runs: on loopback, or on a machine of its own. */
export interface Host {
  readonly address: string;
  /** Stands before a command that runs there */
  readonly enter: readonly string[];
  /** Undefined on loopback */
  readonly space?: string;
}

/**
 * Machines that can be cut from each other: network namespaces on a bridge, where this machine lets us make them. Else
 * everything runs on loopback.
 */
export class Network {
  readonly #bridge: string | undefined;
  readonly #prefix: string;

  private constructor(bridge: string | undefined, prefix: string) {
    this.#bridge = bridge;
    this.#prefix = prefix;
  }

  static async open(): Promise<Network> {
    const bridge = own;
    const network = new Network(bridge, `10.213.${randomInt(256)}`);
    try {
      await ip(`link add ${bridge} type bridge`);
      await ip(`addr add ${network.front.address}/24 dev ${bridge}`);
      await ip(`link set ${bridge} up`);
      // Tells before the cluster starts whether there are namespaces.
      await network.machine(200);
      return network;
    } catch {
      await network.close();
      return new Network(undefined, '');
    }
  }

  /** Whether machines can be cut from each other. */
  get isParted(): boolean {
    return this.#bridge !== undefined;
  }

  /** Servers and balancers */
  get front(): Host {
    return this.#host(1);
  }

  /** Which networks PostgreSQL lets in. */
  get range(): string {
    return this.isParted ? `${this.#prefix}.0/24` : '127.0.0.1/32';
  }

  async machine(n: number): Promise<Host> {
    if (!this.isParted) return this.#host(n);
    const space = `${this.#bridge}m${n}`;
    const { address } = this.#host(10 + n);
    const inside = `netns exec ${space} ip`;
    await ip(`netns add ${space}`);
    await ip(`link add ${space} type veth peer name eth0 netns ${space}`);
    await ip(`link set ${space} master ${this.#bridge} up`);
    await ip(`${inside} addr add ${address}/24 dev eth0`);
    await ip(`${inside} link set eth0 up`);
    await ip(`${inside} link set lo up`);
    return { address, enter: ['/usr/sbin/ip', 'netns', 'exec', space], space };
  }

  /** From now on nothing that one machine sends reaches the others. @returns ends it */
  async part(from: Host, others: readonly Host[]): Promise<() => Promise<void>> {
    const routes = async (verb: 'add' | 'del'): Promise<void> => {
      for (const { address } of others)
        await ip(`netns exec ${from.space} ip route ${verb} blackhole ${address}/32`);
    };
    await routes('add');
    return () => routes('del');
  }

  async close(): Promise<void> {
    if (this.#bridge !== undefined) await removeNetworks();
  }

  #host(n: number): Host {
    return { address: this.isParted ? `${this.#prefix}.${n}` : '127.0.0.1', enter: [] };
  }
}

/** Names of the networks of this process. */
const own = `rha${process.pid}`;

/** Also those of a cluster that was on its way up. */
export async function removeNetworks(): Promise<void> {
  const { stdout } = await ip('netns list').catch(() => ({ stdout: '' }));
  const spaces = stdout.split('\n').map((line) => line.split(' ')[0] ?? '');
  for (const space of spaces.filter((name) => name.startsWith(`${own}m`)))
    await ip(`netns del ${space}`).catch(noMatter);
  await ip(`link del ${own}`).catch(noMatter);
}

const ip = (args: string) => run('/usr/sbin/ip', args.split(' '));
/** It went with its namespace. */
const noMatter = (): void => undefined;
