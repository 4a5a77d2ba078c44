import type { Command } from 'commander';
import { isRecourseError, type ConnectOptions, type Recourse } from '@recourse/sdk';
import { memorySigningKeys, type SigningKeys } from '@recourse/sdk/case';
import { Answers } from './answers.ts';
import type { Environment } from './environment.ts';
import { connectAs, type Identity } from './profile/identity.ts';
import { resolveIdentity, type IdentityOptions } from './profile/resolve-identity.ts';
import { Terminal } from './terminal.ts';

export interface GlobalOptions extends IdentityOptions {
  readonly json?: boolean | undefined;
}

/** What one command works with. */
export interface Context {
  readonly environment: Environment;
  readonly options: GlobalOptions;
  readonly terminal: Terminal;
  /** What the person types, or what stands on stdin */
  readonly answers: Answers;
  /** What a creator signs with, by the key of the case */
  readonly signingKeys: SigningKeys;
  readonly identity: () => Promise<Identity>;
  /** One connection, however often it is asked for; another one for other options */
  readonly connect: (more?: Partial<ConnectOptions>) => Promise<Recourse>;
}

export const contextOf = (command: Command, environment: Environment): Context =>
  createContext(command.optsWithGlobals<GlobalOptions>(), environment);

export function createContext(options: GlobalOptions, environment: Environment): Context {
  const identity = (): Promise<Identity> => resolveIdentity(options, environment);
  let connected: Promise<Recourse> | undefined;
  const connect = async (more?: Partial<ConnectOptions>): Promise<Recourse> =>
    connectAs(await identity(), more);
  return {
    environment,
    options,
    terminal: new Terminal(environment, options.json === true),
    answers: new Answers(environment.terminal.stdin && environment.terminal.stderr),
    signingKeys: memorySigningKeys(),
    identity,
    connect: (more) => (more ? connect(more) : (connected ??= connect())),
  };
}

/** That nothing waits is no failure. */
export async function unlessNone<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (isRecourseError(error, 'not-found')) return null;
    throw error;
  }
}
