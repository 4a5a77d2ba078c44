import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Alerts } from './alerts.ts';
import { Cluster, type ClusterOptions } from './cluster.ts';
import type { Fault } from './fault.ts';
import { Judge } from './judge.ts';
import { Operator } from './operator.ts';
import { Registry } from './registry.ts';
import { installRelease } from './release.ts';

export interface OpenScene {
  readonly cluster: Cluster;
  readonly registry: Registry;
  readonly judge: Judge;
  readonly operator: Operator;
  readonly alerts: Alerts | undefined;
}

/** Opens a cluster and a registry where a fault needs one, and keeps them for the next. */
export class Stage {
  readonly #dir: string;
  readonly #servers: number;
  #scenes = 0;
  #installed: Promise<string> | undefined;
  #open: { readonly scene: OpenScene; readonly options: ClusterOptions } | undefined;

  constructor(dir: string, { servers }: { servers: number }) {
    this.#dir = dir;
    this.#servers = servers;
  }

  /** @returns a whole one: the last, where it is of the same kind */
  async sceneFor(fault: Fault): Promise<OpenScene> {
    const options = { synchronous: !fault.asynchronous, pooled: fault.pooled ?? false };
    const { synchronous, pooled } = this.#open?.options ?? {};
    const isKept = !fault.fromRelease && !this.#open?.scene.registry.main;
    if (isKept && this.#open && options.synchronous === synchronous && options.pooled === pooled)
      return this.#open.scene;
    await this.close();
    const scene = await openScene(join(this.#dir, `scene${++this.#scenes}`), {
      ...options,
      servers: this.#servers,
      ...(fault.fromRelease && { main: await this.#release() }),
    });
    this.#open = { scene, options };
    return scene;
  }

  #release(): Promise<string> {
    return (this.#installed ??= installRelease(join(this.#dir, 'release')));
  }

  /** The next fault gets another scene. */
  async close(): Promise<void> {
    const scene = this.#open?.scene;
    this.#open = undefined;
    await scene?.alerts?.stop();
    await scene?.registry.stop();
    await scene?.cluster.stop();
  }
}

async function openScene(
  dir: string,
  { servers, main, ...options }: ClusterOptions & { servers: number; main?: string },
): Promise<OpenScene> {
  mkdirSync(dir, { mode: 0o711 });
  const cluster = await Cluster.start(dir, options);
  try {
    const database = { service: cluster.url('service'), owner: cluster.url('owner') };
    const of = main === undefined ? {} : { main };
    const registry = await Registry.start(dir, { ...of, database, count: servers, ca: cluster.ca });
    await registry.liftBounds();
    return {
      cluster,
      registry,
      judge: new Judge(registry, cluster),
      operator: new Operator({ cluster, registry, dir }),
      alerts: await Alerts.start(dir, { servers: registry.servers, cluster }),
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
