import type { Options, PostgresType } from 'postgres';
import type { PostgresAddress, PostgresAddresses } from './postgres-address.ts';
import { Session } from './postgres-session.ts';

/** A place that let nobody in, and the code of the system, of PostgreSQL, or of `ConnectionError` that says why */
export interface HostFailure {
  readonly host: string;
  readonly code: string;
}

export interface HostFigures {
  /** Where the last connection leads to */
  readonly found?: string;
  /** Places that were tried before it */
  readonly failed: readonly HostFailure[];
}

/** Returns the code of what lost a connection. */
export function connectionCode(error: unknown): string {
  if (!(error instanceof Error)) return 'no code';
  const cause = error.cause === undefined ? 'no code' : connectionCode(error.cause);
  return cause === 'no code' && 'code' in error ? String(error.code) : cause;
}

const nameOf = ({ url, options }: PostgresAddress): string => options.path ?? new URL(url).host;

/** Milliseconds in which a connection is there, with its login, or is given up. Of several hosts the next is tried sooner. */
const openingMs = { one: 5_000, oneOfSeveral: 2_500 };

/**
 * Where PostgreSQL is found, for all connections of a pool. What was found last is tried first: after a failover the first
 * connection looks for the new primary, and the others follow it.
 */
export class Hosts {
  readonly #addresses: PostgresAddresses;
  #last = 0;
  #figures: HostFigures = { failed: [] };

  constructor(addresses: PostgresAddresses) {
    this.#addresses = addresses;
  }

  /** Says what became of the last connection that was opened, or tried. */
  get figures(): HostFigures {
    return this.#figures;
  }

  /** @throws ConnectionError, or the error of PostgreSQL that refuses the login, of the host that was tried last */
  async open(options: Options<Record<string, PostgresType>>): Promise<Session> {
    const { places, mustWrite } = this.#addresses;
    const withinMs = places.length === 1 ? openingMs.one : openingMs.oneOfSeveral;
    const first = this.#last;
    const failed: HostFailure[] = [];
    for (let tried = 1; ; tried++) {
      const index = (first + tried - 1) % places.length;
      const place = places[index] ?? places[0];
      try {
        const session = await Session.open({ place, options, mustWrite, withinMs });
        this.#last = index;
        this.#figures = { found: nameOf(place), failed };
        return session;
      } catch (error) {
        failed.push({ host: nameOf(place), code: connectionCode(error) });
        this.#figures = { failed };
        if (tried === places.length) throw error;
      }
    }
  }
}
