import { randomBytes } from 'node:crypto';
import { toNumericDate, type OpInput } from '@recourse/protocol';
import {
  startTestRegistry,
  testOrigin,
  type TestAnswer,
  type TestKey,
  type TestRegistry,
} from '@recourse/testkit';
import { connect } from '../src/kernel/connect.ts';
import type { Db } from '../src/kernel/database.ts';
import type { CallHandler } from '../src/calls/handle-call.ts';
import type { PublishedSets } from '../src/context/published-sets.ts';
import type { Services } from '../src/context/context.ts';

/** Evaluates nothing: what is counted is how many elements were answered. */
const echo: Services['tokens'] = {
  epochs: () => [1, 2].map((epoch) => ({ epoch, publicKey: '', opensAt: new Date(0) })),
  evaluate: (_, blinded) => Promise.resolve({ elements: [...blinded], proof: '' }),
  publicKeyOf: () => undefined,
};

export const startQuotaRegistry = (): Promise<TestRegistry> => startTestRegistry({ tokens: echo });

/** No test waits for it, but for those that say so. */
const never = 3_600_000;

/** A server of its own on the database of a registry, with its own pool, and a clock that tests move. */
export class QuotaServer {
  readonly db: Db;
  readonly handler: CallHandler;
  readonly #registry: TestRegistry;
  readonly #clock: { now: Date };

  constructor(
    registry: TestRegistry,
    options: { clock: { now: Date }; published?: PublishedSets; leaseMs?: number },
  ) {
    this.#registry = registry;
    this.#clock = options.clock;
    this.db = connect({ url: registry.url, role: 'recourse_service', connections: 8 });
    const { published, clock } = options;
    const services = {
      ...registry.services,
      db: this.db,
      clock: () => clock.now,
      ...(published ? { published } : {}),
    };
    this.handler = registry.anotherServer(services, { leaseMs: options.leaseMs ?? never });
  }

  /** At a purpose that the whole bucket is for, unless a test names another */
  async evaluate(
    key: TestKey,
    elements: number,
    purpose: 'monetisation' | 'safety-review' = 'safety-review',
  ): Promise<TestAnswer> {
    const blinded = Array.from({ length: elements }, () => oneElement);
    return this.send(await this.sign(key, { in: { purpose, epochs: [1, 2], blinded } }));
  }

  /** Evaluates, and puts back what it took of the bucket for calls to come: as if ten seconds went by. */
  async alone(...call: Parameters<QuotaServer['evaluate']>): Promise<TestAnswer> {
    const answer = await this.evaluate(...call);
    await this.handler.close();
    return answer;
  }

  async sign(
    key: TestKey,
    call: { in: OpInput<'checks.evaluate'>; jti?: string | undefined },
  ): Promise<string> {
    const { jti = randomBytes(18).toString('base64url') } = call;
    const iat = toNumericDate(this.#clock.now);
    return this.#registry.sign(key, { op: 'checks.evaluate', in: call.in, iat, jti });
  }

  send(compact: string): Promise<TestAnswer> {
    return this.#registry.send('checks.evaluate', compact, this.handler);
  }

  /** Asks about tokens that no record answers. */
  async match(key: TestKey, check: string, tokens: readonly string[]): Promise<TestAnswer> {
    const compact = await this.#registry.sign(key, {
      op: 'checks.match',
      in: {
        check: check as `chk_${string}`,
        tokens: tokens.map((token) => ({ epoch: 1, token })),
      },
      iat: toNumericDate(this.#clock.now),
    });
    return this.#registry.send('checks.match', compact, this.handler);
  }

  async call(
    key: TestKey,
    op: 'parties.standing',
    input: Record<string, never>,
  ): Promise<TestAnswer> {
    const iat = toNumericDate(this.#clock.now);
    const compact = await this.#registry.sign(key, { op, in: input, iat });
    return this.#registry.send(op, compact, this.handler);
  }

  async close(): Promise<void> {
    await this.handler.close();
    await this.db.destroy();
  }
}

const oneElement = randomBytes(32).toString('base64url');

export const codeOf = ({ status, body }: TestAnswer): string =>
  status === 200 ? 'answered' : String(body.type).replace(`${testOrigin}/problems/`, '');
