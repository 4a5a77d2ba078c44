import { newId } from '@recourse/protocol';
import type { Draft } from '../commit/answer.ts';
import { rowIdOf, type AuditedCall } from '../commit/audit-row.ts';
import { assertReached } from '../commit/extent-store.ts';
import { FalloutError, receiptsOf, seal, writeSealed } from '../commit/seal.ts';
import type { Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { retrying } from '../kernel/retry.ts';
import { insertAlarm } from '../parties/alarm-store.ts';
import { addGuesses } from './find-store.ts';

/** How many wrong secrets in an hour are told to the operator, whoever sent them. */
const alarmAt: readonly number[] = [100, 1_000, 10_000, 100_000];

/**
 * So many of an hour get a receipt and an audit row. Whoever types a code wrongly has proof of it; whoever tries codes by
 * the million writes no more rows than these, and one entry of the log for all that came while the last were written.
 */
export const receiptsAnHour = 1_000;

/** An act whose secret opened nothing, and what it is answered. The audit has hashes alone. */
export interface RefusedSecret {
  readonly call: AuditedCall;
  readonly answer: Draft;
}

type Receipts = ReadonlyMap<RefusedSecret, string>;

/**
 * Counts a wrong secret of anyone. Nobody is locked out by it: a right one is always heard.
 * @returns its receipt; none for a repetition, and none beyond those of the hour
 */
export function countGuess(
  services: Services,
  refused: RefusedSecret,
): Promise<string | undefined> {
  const counter = counters.get(services) ?? new GuessCounter(services);
  counters.set(services, counter);
  return counter.count(refused);
}

/** One for what a process serves creators with. */
const counters = new WeakMap<Services, GuessCounter>();

/**
 * Writes guesses in groups: those that come while one group is written are the next. Each would otherwise wait for the
 * row of the hour with a connection in its hand, and a flood would take every connection.
 */
class GuessCounter {
  readonly #services: Services;
  #waiting: RefusedSecret[] = [];
  #writing: Promise<unknown> = Promise.resolve();
  #next: Promise<Receipts> | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Resolves once this guess is in the database. */
  async count(refused: RefusedSecret): Promise<string | undefined> {
    this.#waiting.push(refused);
    this.#next ??= this.#writing.then(() => this.#write());
    return (await this.#next).get(refused);
  }

  #write(): Promise<Receipts> {
    const guesses = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    const written = writeGuesses(this.#services, guesses);
    // Whether it failed is for those who wait for it; the next group is written all the same.
    this.#writing = written.catch(() => undefined);
    return written;
  }
}

/** Writes guesses. One that came in the same bytes before falls out of the audit, and is counted all the same. */
async function writeGuesses(
  services: Services,
  guesses: readonly RefusedSecret[],
): Promise<Receipts> {
  let fresh = [...new Map(guesses.map((one) => [rowIdOf(one.call).jti, one])).values()];
  for (;;) {
    try {
      const left = fresh;
      return await retrying(() =>
        services.db.transaction().execute((trx) => write(trx, services, { guesses, fresh: left })),
      );
    } catch (error) {
      if (!(error instanceof FalloutError)) throw error;
      fresh = fresh.filter(({ call }) => !error.calls.has(call));
    }
  }
}

/** With the alarms of the bounds that these guesses reached: a crash parts the two nowhere. */
async function write(
  trx: Db,
  services: Services,
  { guesses, fresh }: { guesses: readonly RefusedSecret[]; fresh: readonly RefusedSecret[] },
): Promise<Receipts> {
  const { clock, random } = services;
  const at = clock();
  const hour = new Date(at);
  hour.setUTCMinutes(0, 0, 0);
  const count = await addGuesses(trx, { hour, guesses: guesses.length });
  const before = count - guesses.length;
  for (const inOneHour of alarmAt.filter((n) => n > before && n <= count)) {
    const id = newId('evt', { now: at, random });
    await insertAlarm(trx, { id, kind: 'case-guesses', counts: { inOneHour }, at });
  }
  return audit(trx, services, fresh.slice(0, Math.max(0, receiptsAnHour - before)));
}

/** One entry of the log for all of them. @throws FalloutError naming those that were audited before */
async function audit(
  trx: Db,
  services: Services,
  refused: readonly RefusedSecret[],
): Promise<Receipts> {
  if (refused.length === 0) {
    await assertReached(trx, services.ledger, 'case.open');
    return new Map();
  }
  const calls = refused.map((one) => ({ ...one, changes: [] }));
  const sealed = seal(calls, services);
  const receipts = await receiptsOf(sealed, services);
  await writeSealed(trx, calls, sealed);
  return new Map(refused.map((one, at) => [one, receipts[at]!]));
}
