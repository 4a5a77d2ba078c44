import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { connectAs, type Identity, sandboxIdentity, sandboxRegistry } from '@recourse/cli';
import type { ConnectOptions, Recourse } from '@recourse/sdk';
import { caseClient, type CaseClient } from '@recourse/sdk/case';
import type { StartedRegistry } from '../started-registry.ts';

const dayMs = 86_400_000;

export interface Mail {
  readonly to: string;
  readonly text: string;
}

/** The registry of one play, and everybody who acts on it, by the clock of the registry. */
export class Stage {
  readonly registry: StartedRegistry;
  readonly tell: (text: string) => void;
  readonly #parties = new Map<string, Promise<Recourse>>();
  #offsetMs = 0;

  constructor(registry: StartedRegistry, tell: (text: string) => void) {
    this.registry = registry;
    this.tell = tell;
  }

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  ago(days: number): Date {
    return new Date(this.now().getTime() - days * dayMs);
  }

  identity(name: string): Promise<Identity> {
    return sandboxIdentity(this.registry.dataDir, name);
  }

  /** A sample party: `Harbour`, `Harbour:2`, `Panel:3`, `Operator`. */
  as(name: string): Promise<Recourse> {
    const known = this.#parties.get(name) ?? this.identity(name).then((one) => this.connect(one));
    this.#parties.set(name, known);
    return known;
  }

  /** Every check asks, so that no play waits for a published set. */
  connect(identity: Identity, more: Partial<ConnectOptions> = {}): Recourse {
    return connectAs(identity, { prefixes: 'always-match', clock: () => this.now(), ...more });
  }

  /** Somebody without a key of a party, from an address of their own. */
  async person(): Promise<CaseClient> {
    const address = `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`;
    if (!isIPv6(address)) throw new Error('no address');
    return caseClient({
      ...(await sandboxRegistry(this.registry.dataDir)),
      fetch: (url, init) => {
        const headers = new Headers(init.headers);
        headers.set('x-forwarded-for', address);
        return fetch(url, { ...init, headers });
      },
    });
  }

  /**
   * For a play in which the order of deadlines counts: one of a weekend ends on the Monday after it, so that cases of
   * three days may fall due at once.
   */
  async beginOnMonday(): Promise<void> {
    const monday = new Date(this.now());
    monday.setUTCDate(monday.getUTCDate() + ((8 - monday.getUTCDay()) % 7));
    monday.setUTCHours(9, 0, 0, 0);
    const days = (monday.getTime() - this.now().getTime()) / dayMs;
    await this.advance(days < 0 ? days + 7 : days);
  }

  /** Once the log has what was promised: a clock that is moved before would make the registry late. */
  async advance(days: number): Promise<void> {
    for (const party of this.#parties.values()) await (await party).ledger.settle();
    const response = await fetch(`${this.registry.origin}/sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceSeconds: Math.round(days * 86_400) }),
    });
    if (!response.ok) throw new Error('the clock of the sandbox does not move');
    const { offsetSeconds } = (await response.json()) as { offsetSeconds: number };
    this.#offsetMs = offsetSeconds * 1000;
  }

  /** To an instant, unless it has come. */
  async advanceTo(instant: string | Date): Promise<void> {
    const seconds = Math.ceil((new Date(instant).getTime() - this.now().getTime()) / 1000);
    if (seconds > 0) await this.advance(seconds / 86_400);
  }

  /** What the sandbox would have mailed to an address, the newest first. */
  async mailsTo(address: string): Promise<Mail[]> {
    const response = await fetch(`${this.registry.origin}/sandbox/outbox`, {
      headers: { accept: 'application/json' },
    });
    const { mails } = (await response.json()) as { mails: Mail[] };
    return mails.filter(({ to }) => to === address);
  }

  /** Posts an act of a creator as it is: for acts that a later registry may not have. */
  async post(act: string, input: object): Promise<{ status: number; code: string; data: unknown }> {
    const jti = randomBytes(18).toString('base64url');
    const response = await fetch(`${this.registry.origin}/trpc/case.${act}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...input, jti }),
    });
    const body = (await response.json()) as { type?: string; result?: { data?: unknown } };
    const code = body.type?.split('/').at(-1) ?? (response.ok ? 'accepted' : 'refused');
    return { status: response.status, code, data: body.result?.data };
  }
}
