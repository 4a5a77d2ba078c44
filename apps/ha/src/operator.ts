import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { encodeVerifierKey } from '@recourse/ledger';
import type { Cluster } from './cluster.ts';
import { logKeyAt } from './judge.ts';
import type { PostgresNode } from './postgres-node.ts';
import { until } from './programs.ts';
import { isReady, whyNotReady, type Registry, type Server } from './registry.ts';

const run = promisify(execFile);
const apps = join(import.meta.dirname, '../..');

/** Result of a command. */
export interface Ended {
  readonly code: number;
  readonly text: string;
}

/** Somebody who knows the documents, and types what they say. */
export class Operator {
  readonly #cluster: Cluster;
  readonly #registry: Registry;
  readonly #dir: string;

  /** @param dir where copies are kept */
  constructor(parts: { cluster: Cluster; registry: Registry; dir: string }) {
    this.#cluster = parts.cluster;
    this.#registry = parts.registry;
    this.#dir = parts.dir;
  }

  file(name: string): string {
    return join(this.#dir, name);
  }

  /** `recourse-server <command>` with the environment of a server. */
  server(...args: string[]): Promise<Ended> {
    return ended('server', args, this.#registry.server.env);
  }

  /** `recourse ledger verify`, which goes on from what an earlier one kept in the file. */
  async verify(state: string): Promise<Ended> {
    const { url } = this.#registry;
    const key = encodeVerifierKey(await logKeyAt(url, url));
    const log = ['--registry', url, '--key', key, '--state', state];
    return ended('cli', ['ledger', 'verify', ...log], {});
  }

  /** docs/three-nodes.md, "Nobody leads". @returns what did not go as it says */
  async failOver(standbys: readonly PostgresNode[]): Promise<string[]> {
    const places: { name: string; at: number }[] = [];
    for (const node of standbys) {
      const { body } = await this.#cluster.ask(node, '/patroni');
      const { xlog } = JSON.parse(body) as { xlog: Record<string, number> };
      const at = Math.max(xlog['received_location'] ?? 0, xlog['replayed_location'] ?? 0);
      places.push({ name: node.name, at });
    }
    const [first] = places.toSorted((a, b) => b.at - a.at);
    const [node] = standbys;
    if (!first || !node) return ['no standby is left'];
    const settings = ['-c', join(node.dir, 'patroni.json')];
    const order = ['failover', 'recourse', '--candidate', first.name, '--force'];
    const { code, text } = await command('patronictl', [...settings, ...order], {});
    return code === 0 ? [] : [`patronictl failover ended with ${code}: ${text}`];
  }

  stopServers(): Promise<unknown> {
    return Promise.all(this.#registry.servers.map(({ program }) => program.end('SIGTERM')));
  }

  async startServers(): Promise<void> {
    for (const { program } of this.#registry.servers) program.start();
    for (const server of this.#registry.servers)
      await until(`${server.name} answers`, () => answers(server), 300);
  }

  /** docs/recovery.md, "What to run". @returns what did not go as it says */
  async recover(state: string): Promise<string[]> {
    await this.stopServers();
    const name = `before_recovery_${Date.now()}`;
    await this.#cluster.asAdmin(`create database ${name} template recourse`);
    for (const server of this.#registry.servers)
      cpSync(server.dataDir, this.file(`${name}_${server.name}`), { recursive: true });
    const recovered = await this.server('recover', '--log', this.#registry.shared);
    if (recovered.code !== 0) return [`recover ended with ${recovered.code}: ${recovered.text}`];
    await this.startServers();
    for (const server of this.#registry.servers)
      await until(`${server.name} is ready after the recovery`, () => isReady(server), 300);
    return this.lookAgain(state);
  }

  /** Whether the log goes on from what was verified before, and the tables are those of the log. */
  async lookAgain(state: string): Promise<string[]> {
    const verified = await this.verify(state);
    const doctor = await this.server('doctor', '--ledger', '--full');
    return [
      ...(verified.code === 0
        ? []
        : [`ledger verify ended with ${verified.code}: ${verified.text}`]),
      ...(doctor.code === 0 ? [] : [`doctor ended with ${doctor.code}: ${doctor.text}`]),
    ];
  }
}

async function answers(server: Server): Promise<boolean> {
  server.program.assertRunning();
  return !(await whyNotReady(server)).includes('no answer');
}

const ended = (
  app: 'server' | 'cli',
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> => {
  const main = join(apps, app, 'src/main.ts');
  return command(process.execPath, ['--conditions=@recourse/source', main, ...args], env);
};

async function command(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  try {
    const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await run(program, args, options);
    return { code: 0, text: stdout.trim() };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: `${stdout}${stderr}`.trim().split('\n').slice(-6).join(' / ') };
  }
}
