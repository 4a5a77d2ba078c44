import type { Command } from 'commander';
import type { ConnectOptions, Recourse } from '@recourse/sdk';
import { Answers } from './case/answers.ts';
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
  readonly identity: () => Promise<Identity>;
  readonly connect: (more?: Partial<ConnectOptions>) => Promise<Recourse>;
}

export const contextOf = (command: Command, environment: Environment): Context =>
  createContext(command.optsWithGlobals<GlobalOptions>(), environment);

export function createContext(options: GlobalOptions, environment: Environment): Context {
  const identity = (): Promise<Identity> => resolveIdentity(options, environment);
  return {
    environment,
    options,
    terminal: new Terminal(environment, options.json === true),
    answers: new Answers(environment.terminal.stdin && environment.terminal.stderr),
    identity,
    connect: async (more) => connectAs(await identity(), more),
  };
}
