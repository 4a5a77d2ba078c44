import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Unplayable } from './programs.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

interface Release {
  readonly version: string;
  readonly commit: string;
}

/** The newest of `releases.json`. */
function lastRelease(): Release {
  const releases = JSON.parse(readFileSync(join(root, 'releases.json'), 'utf8')) as Release[];
  const last = releases.at(-1);
  if (!last) throw new Error('releases.json names no release');
  return last;
}

/**
 * Unpacks the last release and installs its packages.
 * @returns the path of its server's main file
 * @throws Unplayable where its commit or a package is not to be had
 */
export async function installRelease(dir: string): Promise<string> {
  const { version, commit } = lastRelease();
  mkdirSync(dir, { recursive: true });
  const unpack = 'git archive "$1" | tar --extract --directory "$2"';
  await run('bash', ['-o', 'pipefail', '-c', unpack, 'bash', commit, dir], { cwd: root }).catch(
    () => {
      throw new Unplayable(
        `The commit of ${version} is not in this copy of the repository: git fetch --unshallow.`,
      );
    },
  );
  await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: dir }).catch(
    () => {
      throw new Unplayable(`The packages of ${version} could not be installed: npm ci failed.`);
    },
  );
  return join(dir, 'apps/server/src/main.ts');
}
