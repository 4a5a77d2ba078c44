/** How much of what is left a server may hand out before it counts again: other servers do the same. */
const share = 16;
const secondsKept = 60;

interface Allowance {
  readonly limit: number;
  readonly until: number;
  left: number;
}

/**
 * Spares the count of a large bucket: after a count, a server lets a sixteenth of what was left pass before
 * it counts again. A bucket is passed by no more than that share for each further server; one of the usual
 * size is counted every time.
 */
export class Allowances {
  readonly #byParty = new Map<string, Allowance>();

  /** The submissions spent of `limit`, counted anew when nothing is left of what the last count allowed. */
  async spent(
    party: string,
    limit: number,
    { now, count }: { now: Date; count: () => Promise<number> },
  ): Promise<number> {
    const known = this.#byParty.get(party);
    const seconds = now.getTime() / 1000;
    if (known && known.limit === limit && known.left > 0 && seconds < known.until) {
      known.left--;
      return 0;
    }
    const spent = await count();
    const left = Math.floor((limit - spent) / share);
    this.#byParty.set(party, { limit, left, until: seconds + secondsKept });
    return spent;
  }
}
