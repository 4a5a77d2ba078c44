import type { Command } from 'commander';
import type { Recourse } from '@recourse/sdk';
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
  identity(): Promise<Identity>;
  connect(): Promise<Recourse>;
}

export function contextOf(command: Command, environment: Environment): Context {
  const options = command.optsWithGlobals<GlobalOptions>();
  const identity = (): Promise<Identity> => resolveIdentity(options, environment);
  return {
    environment,
    options,
    terminal: new Terminal(environment, options.json === true),
    identity,
    connect: async () => connectAs(await identity()),
  };
}
