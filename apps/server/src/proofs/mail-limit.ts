import { createHmac, randomBytes } from 'node:crypto';

const hourMs = 3_600_000;

/**
 * How many codes one address is sent: anyone may type anybody's address, and nobody shall be flooded by us. What stands
 * behind a plus counts as the same mailbox, which it is at most providers: it may be counted too strictly. What is
 * remembered for an hour is a keyed hash, under a key that ends with the process.
 */
export class MailLimit {
  readonly #key = randomBytes(32);
  readonly #sent = new Map<string, number[]>();
  readonly #options: { readonly anHour: number; readonly addresses: number };
  readonly #now: () => number;

  constructor(
    options = { anHour: 5, addresses: 10_000 },
    /** Milliseconds that only grow */
    now: () => number = () => performance.now(),
  ) {
    this.#options = options;
    this.#now = now;
  }

  /** Counts a mail to this address; false when it had enough. */
  admits(address: string): boolean {
    const mailbox = address.toLowerCase().replace(/(?<=.)\+.*(?=@)/s, '');
    const name = createHmac('sha256', this.#key).update(mailbox).digest('base64url');
    const since = this.#now() - hourMs;
    const recent = (this.#sent.get(name) ?? []).filter((at) => at > since);
    const isAdmitted = recent.length < this.#options.anHour;
    if (isAdmitted) recent.push(this.#now());
    this.#sent.delete(name);
    this.#sent.set(name, recent);
    if (this.#sent.size > this.#options.addresses) {
      const [oldest] = this.#sent.keys();
      if (oldest !== undefined) this.#sent.delete(oldest);
    }
    return isAdmitted;
  }
}
