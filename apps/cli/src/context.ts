import type { Command } from 'commander';
import type { ConnectOptions, Recourse } from '@recourse/sdk';
import type { Environment } from './environment.ts';
import { connectAs, type Identity } from './profile/identity.ts';
import { resolveIdentity, type IdentityOptions } from './profile/resolve-identity.ts';
import { Terminal } from './terminal.ts';

export interface GlobalOptions extends IdentityOptions {
  readonly json?: boolean | undefined;
}

/** Tools of one command. */
export interface Context {
  readonly environment: Environment;
  readonly options: GlobalOptions;
  readonly terminal: Terminal;
  readonly identity: () => Promise<Identity>;
  /** One connection, however often it is asked for; another one for other options */
  readonly connect: (options?: Partial<ConnectOptions>) => Promise<Recourse>;
}

export const contextOf = (command: Command, environment: Environment): Context =>
  createContext(command.optsWithGlobals<GlobalOptions>(), environment);

export function createContext(options: GlobalOptions, environment: Environment): Context {
  const identity = (): Promise<Identity> => resolveIdentity(options, environment);
  let connected: Promise<Recourse> | undefined;
  const connect = async (options?: Partial<ConnectOptions>): Promise<Recourse> =>
    connectAs(await identity(), options);
  return {
    environment,
    options,
    terminal: new Terminal(environment, options.json === true),
    identity,
    connect: (more) => (more ? connect(more) : (connected ??= connect())),
  };
}
