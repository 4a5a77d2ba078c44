import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { onTestFinished } from 'vitest';
import type { Stage } from './image-steps.ts';

export interface Container {
  /** Where a path of the image is on this machine */
  path(inside: string): string;
  /** Exit code of its health check */
  health(): Promise<number | null>;
  /** Its exit code, once it ends */
  readonly exited: Promise<number | null>;
  /** SIGTERM, and its exit code */
  stop(): Promise<number | null>;
}

interface Running {
  /** Instead of the command of the image */
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Another port than that of the image */
  readonly port?: number;
  /** What it prints once it is ready */
  readonly ready: string;
}

/**
 * Runs an image as a container would: its command as its user, its environment and nothing else, and every folder but
 * its volumes closed to that user.
 */
export async function runImage(image: Stage, running: Running): Promise<Container> {
  const path = (inside: string): string =>
    /^\/(?:recourse|nodejs)(?=\/|$)/.test(inside) ? join(image.folder, inside) : inside;
  installNode(path('/nodejs/bin/node'));
  closeFolders(image, path);
  const environment = { ...image.environment, ...running.environment };
  const start = (command: readonly string[]): ChildProcess => {
    const [program = '', ...args] = command;
    return spawn(path(program), args, {
      cwd: path(image.workdir),
      env: {
        HOME: '/nonexistent',
        TMPDIR: '/nonexistent',
        ...Object.fromEntries(
          Object.entries(environment).map(([name, text]) => [name, path(text)]),
        ),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...userOf(image),
    });
  };
  const args = running.command?.map(path) ?? image.command;
  const child = start([...image.entrypoint, ...args]);
  const exited = exitOf(child);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await printed(child, running.ready);
  const [port] = image.ports;
  const healthCheck = image.healthCheck.map((word) =>
    word.replaceAll(`${port}`, `${running.port}`),
  );
  return {
    path,
    exited,
    health: () => exitOf(start(healthCheck)),
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** The files of an image outside its volumes, with what changes when somebody writes them. */
export function filesOf({ folder, volumes }: Stage): string[] {
  const open = [...volumes].map((volume) => volume.slice(1));
  return globSync('recourse/**', { cwd: folder })
    .filter((path) => !open.some((volume) => path === volume || path.startsWith(`${volume}/`)))
    .map((path) => `${path} ${statSync(join(folder, path)).mtimeMs}`)
    .toSorted();
}

const isRoot = process.getuid?.() === 0;

/** Only root may run as somebody else. */
function userOf({ user }: Stage): { uid?: number; gid?: number } {
  const [uid, gid] = user.split(':').map(Number);
  return isRoot && uid && gid ? { uid, gid } : {};
}

/** The base image has a Node of its own. */
function installNode(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(process.execPath, path, constants.COPYFILE_FICLONE);
}

/** What belongs to root is closed to the user of the image; without root it is closed to everybody. */
function closeFolders({ folder, volumes }: Stage, path: (inside: string) => string): void {
  if (isRoot) return;
  for (const name of globSync('recourse{,/**}', { cwd: folder, withFileTypes: true }))
    if (name.isDirectory()) chmodSync(join(name.parentPath, name.name), 0o555);
  for (const volume of volumes) chmodSync(path(volume), 0o755);
}

const exitOf = async (child: ChildProcess): Promise<number | null> => {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
};

/** @throws when it ends before it prints that it is ready */
async function printed(child: ChildProcess, ready: string): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes(ready)) resolve();
      });
    child.once('close', (code) => reject(new Error(`exited with ${code}: ${output}`)));
  });
}
