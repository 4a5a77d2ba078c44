import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { AgentError } from '../errors.ts';
import { readPrivateFile } from './private-file.ts';

/** Where a secret is kept. `command` is run by the shell and prints it: a vault, a keychain, a cloud's secret store. */
export type SecretSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'command'; readonly line: string };

type Environment = Readonly<Record<string, string | undefined>>;

const commandMs = 30_000;

/**
 * Reads `file:PATH`, `env:NAME` or `command:LINE`; a bare path is a file. A secret itself is no source: arguments show
 * in lists of processes.
 * @throws AgentError `usage`
 */
export function parseSecretSource(text: string, option: string): SecretSource {
  const [, kind, rest = ''] = /^(file|env|command):(.*)$/s.exec(text) ?? [undefined, 'file', text];
  if (rest === '') throw noSource(option);
  if (kind === 'env') return { kind, name: rest };
  if (kind === 'command') return { kind, line: rest };
  return { kind: 'file', path: resolve(rest) };
}

/**
 * The secret, without the line end that editors and `echo` leave.
 * @throws AgentError `secret-missing`, `file-exposed`, `file-unreadable`
 */
export async function readSecret(source: SecretSource, environment: Environment): Promise<string> {
  const text = (await textOf(source, environment)).trim();
  if (text === '') throw nothing(source);
  return text;
}

async function textOf(source: SecretSource, environment: Environment): Promise<string> {
  if (source.kind === 'file') return readPrivateFile(source.path);
  if (source.kind === 'env') return environment[source.name] ?? '';
  try {
    const run = promisify(execFile);
    const { stdout } = await run('/bin/sh', ['-c', source.line], { timeout: commandMs });
    return stdout;
  } catch {
    // No cause: it quotes what the command printed.
    throw nothing(source);
  }
}

const noSource = (option: string): AgentError =>
  new AgentError('usage', {
    message: `${option} names no place of a secret.`,
    next: `Give ${option} file:PATH, env:NAME or command:LINE.`,
  });

function nothing(source: SecretSource): AgentError {
  const where = {
    file: 'The file of a secret is empty.',
    env: 'The variable of a secret is not set.',
    command: 'The command of a secret failed, printed nothing, or took longer than 30 s.',
  }[source.kind];
  const name =
    source.kind === 'file' ? source.path : source.kind === 'env' ? source.name : undefined;
  return new AgentError('secret-missing', {
    message: name === undefined ? where : `${where.slice(0, -1)}: ${name}.`,
    next: 'Put the secret there, or name another place: file:PATH, env:NAME or command:LINE.',
  });
}
