/**
 * The (kid, jti) of the last 130 seconds that this server saw, so that a replayed evaluation does no work.
 * The tables of seen calls decide; this only spares the effort. Two generations, swapped when one is old.
 */
export class RecentCalls {
  static readonly seconds = 130;
  #young = new Set<string>();
  #old = new Set<string>();
  #since = 0;

  /** Remembers a call; true when it was seen before. */
  seen(call: { kid: string; jti: string }, now: Date): boolean {
    this.#age(now.getTime() / 1000);
    const key = `${call.kid} ${call.jti}`;
    if (this.#young.has(key) || this.#old.has(key)) return true;
    this.#young.add(key);
    return false;
  }

  /** A call that was not answered may come again. */
  forget(call: { kid: string; jti: string }): void {
    const key = `${call.kid} ${call.jti}`;
    this.#young.delete(key);
    this.#old.delete(key);
  }

  #age(seconds: number): void {
    const elapsed = seconds - this.#since;
    if (elapsed < RecentCalls.seconds) return;
    this.#old = elapsed < 2 * RecentCalls.seconds ? this.#young : new Set();
    this.#young = new Set();
    this.#since = seconds;
  }
}
