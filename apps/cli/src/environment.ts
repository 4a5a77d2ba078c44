import { homedir } from 'node:os';
import { join } from 'node:path';

/** Everything that the environment decides. Nothing else reads it. */
export interface Environment {
  readonly configFile: string;
  readonly profile: string | undefined;
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
  readonly terminal: {
    readonly stdout: boolean;
    readonly stderr: boolean;
  };
  /** Columns of the terminal */
  readonly width: number;
}

interface Streams {
  readonly stdout: { isTTY?: boolean; columns?: number };
  readonly stderr: { isTTY?: boolean };
}

/** Colours only on a terminal, and never with NO_COLOR (no-color.org). */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  streams: Streams,
): Environment {
  const base = env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  const plain = Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  const terminal = {
    stdout: streams.stdout.isTTY === true,
    stderr: streams.stderr.isTTY === true,
  };
  return {
    configFile: join(base, 'recourse', 'config.json'),
    profile: env['RECOURSE_PROFILE'] || undefined,
    terminal,
    colour: { stdout: terminal.stdout && !plain, stderr: terminal.stderr && !plain },
    width: streams.stdout.columns ?? 100,
  };
}

/** Where compiled code is kept from one command to the next. */
export const cacheDir = (env: Readonly<Record<string, string | undefined>>): string =>
  join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'recourse');
