import type { Options, PostgresType } from 'postgres';
import type { PostgresAddresses } from './postgres-address.ts';
import { Session } from './postgres-session.ts';

/** Milliseconds in which a connection is there, with its login, or is given up. Of several hosts the next is tried sooner. */
const openingMs = { one: 5_000, oneOfSeveral: 2_500 };

/**
 * Where PostgreSQL is found, for all connections of a pool. What was found last is tried first: after a failover the first
 * connection looks for the new primary, and the others follow it.
 */
export class Hosts {
  readonly #addresses: PostgresAddresses;
  #last = 0;

  constructor(addresses: PostgresAddresses) {
    this.#addresses = addresses;
  }

  /** @throws ConnectionError, or the error of PostgreSQL that refuses the login, of the host that was tried last */
  async open(options: Options<Record<string, PostgresType>>): Promise<Session> {
    const { places, mustWrite } = this.#addresses;
    const withinMs = places.length === 1 ? openingMs.one : openingMs.oneOfSeveral;
    const first = this.#last;
    for (let tried = 1; ; tried++) {
      const index = (first + tried - 1) % places.length;
      try {
        const place = places[index] ?? places[0];
        const session = await Session.open({ place, options, mustWrite, withinMs });
        this.#last = index;
        return session;
      } catch (error) {
        if (tried === places.length) throw error;
      }
    }
  }
}
