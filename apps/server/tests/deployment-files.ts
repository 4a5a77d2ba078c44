import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

const root = fileURLToPath(new URL('../../..', import.meta.url));
export const at = (path: string): string => join(root, path);

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly target?: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly logging?: { readonly options: Readonly<Record<string, string>> };
  readonly deploy?: { readonly resources: { readonly limits: Readonly<Record<string, string>> } };
}

export const readCompose = (path: string): ComposeFile =>
  parse(readFileSync(at(path), 'utf8'), { merge: true }) as ComposeFile;

/** An object of Kubernetes, as far as tests read it. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

/** What Kubernetes is given for a folder of `docker/kubernetes`, as kustomize makes it. */
export function renderFolder(name: 'example' | 'agent'): Manifest[] {
  const { stdout } = runTool('kustomize', ['build', at(`docker/kubernetes/${name}`)]);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

/** Those variables that no source of the server names */
export function unreadVariables(names: readonly string[]): string[] {
  const paths = globSync('apps/server/src/**/*.ts', { cwd: root });
  const words = new Set(
    paths.flatMap((path) => readFileSync(at(path), 'utf8').match(/\w+/g) ?? []),
  );
  return names.filter((name) => !words.has(name));
}

/** Empty where a tool is installed; else what the name of a test says. `npm ci` brings none of them: Debian has them. */
export const without = (tool: string): string =>
  spawnSync(tool, ['--version']).error === undefined ? '' : ` (skipped: ${tool} is not installed)`;

/** @throws with what the tool said */
export function runTool(
  tool: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly stdout: string } {
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status === 0) return { stdout };
  throw new Error(`${tool} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`);
}
