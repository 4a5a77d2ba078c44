import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ops, type OpName } from '@recourse/protocol';
import { testOrigin, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { randomBytes } from 'node:crypto';
import type { Opening, Order } from './killed-server.ts';
import type { Wire } from './wire.ts';

const moduleOf = new URL('killed-server.ts', import.meta.url).pathname;

type Work = Pick<Order, 'does' | 'op' | 'body'>;

/** A server in a process of its own. */
class Server {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(opening: Opening) {
    this.#child = spawn(process.execPath, ['--conditions=@recourse/source', moduleOf], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
    this.#child.stdin!.write(`${JSON.stringify(opening)}\n`);
  }

  /** @returns undefined when it was killed before it answered */
  async obey(order: Order): Promise<{ status: number; body: string } | undefined> {
    this.#child.stdin!.write(`${JSON.stringify(order)}\n`);
    const { done, value } = await this.#lines.next();
    return done === true ? undefined : (JSON.parse(value) as { status: number; body: string });
  }

  async how(): Promise<string | null> {
    const { signalCode } = this.#child;
    return signalCode ?? String((await once(this.#child, 'close'))[1]);
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.stdin!.end();
    await once(this.#child, 'close');
  }
}

/**
 * Servers on one database, one after the other: each kills itself at some statement of some call, and the next is asked
 * the same again, as a client asks that had no answer.
 */
export class KilledServers {
  kills = 0;
  readonly #registry: TestRegistry;
  readonly #opening: Opening;
  /** Where they are killed, as the life that is played says */
  random: () => number = () => 1;
  #server: Server;
  /** Started early: a start takes longer than a life */
  #next: Server;

  constructor(registry: TestRegistry, keys: { vaultKey: Uint8Array }) {
    this.#registry = registry;
    const vaultKey = Buffer.from(keys.vaultKey).toString('base64');
    this.#opening = { url: registry.url, origin: testOrigin, vaultKey };
    this.#server = new Server(this.#opening);
    this.#next = new Server(this.#opening);
  }

  readonly wire: Wire = {
    call: async (key, op, input) => {
      const sign = () => this.#registry.sign(key, { op, in: input });
      // A read is asked anew; an act is sent as it was, and happens once.
      const asked = await sign();
      const again = ops[op].kind === 'read' ? sign : () => asked;
      return this.#do({ does: 'call', op, body: asked }, again);
    },
    send: (op: OpName, body: string) => this.#do({ does: 'call', op, body }),
    sendCase: (op, input) => {
      const jti = randomBytes(18).toString('base64url');
      return this.#do({ does: 'case', op, body: JSON.stringify({ jti, ...input }) });
    },
    settle: async () => {
      const { status, raw } = await this.#do({ does: 'settle', op: '', body: '' });
      if (status !== 200) throw new Error(raw.body);
    },
  };

  async #do(work: Work, again: () => string | Promise<string> = () => work.body) {
    const kill = this.#killing();
    let answer = await this.#server.obey({ ...work, now: this.#now(), kill });
    if (!answer) {
      await this.#replace();
      this.#registry.advance(1);
      const body = await again();
      answer = await this.#server.obey({ ...work, body, now: this.#now(), kill: null });
    }
    if (!answer) throw new Error('a server died that nobody killed');
    // Whoever reads next reads later than the server did.
    this.#registry.advance(1);
    return answered(answer);
  }

  /** One call of four is one too many, unless it has fewer statements. */
  #killing(): Order['kill'] {
    if (this.random() >= 0.25) return null;
    const nth = 1 + Math.floor(this.random() * 30);
    return { nth, when: this.random() < 0.5 ? 'before' : 'answered' };
  }

  async #replace(): Promise<void> {
    const how = await this.#server.how();
    if (how !== 'SIGKILL') throw new Error(`a server ended by ${how}`);
    this.kills++;
    this.#server = this.#next;
    this.#next = new Server(this.#opening);
  }

  /** The clock of a server goes on from here, a millisecond a read. */
  #now = (): number => this.#registry.now().getTime();

  async close(): Promise<void> {
    await Promise.all([this.#server.close(), this.#next.close()]);
  }
}

function answered({ status, body }: { status: number; body: string }): TestAnswer {
  const raw = { status, body } as TestAnswer['raw'];
  return { status, body: body.startsWith('{') ? JSON.parse(body) : {}, raw };
}
