import { newId } from '@recourse/protocol';
import type { Services } from '../context.ts';
import { insertAlarm } from '../parties/alarm-store.ts';
import { addGuesses } from './guess-store.ts';

/** How many wrong secrets in an hour are told to the operator, whoever sent them. */
const alarmAt: readonly number[] = [100, 1_000, 10_000, 100_000];

/** Counts a wrong secret of anyone. Nobody is locked out by it: a right one is always heard. */
export function countGuess(services: Services): Promise<void> {
  const counter = counters.get(services) ?? new GuessCounter(services);
  counters.set(services, counter);
  return counter.count();
}

/** One for what a process serves creators with. */
const counters = new WeakMap<Services, GuessCounter>();

/**
 * Writes guesses in groups: those that come while one group is written are the next. Each would otherwise wait for the
 * row of the hour with a connection in its hand, and a flood would take every connection.
 */
class GuessCounter {
  readonly #services: Services;
  #waiting = 0;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Resolves once this guess is in the database. */
  count(): Promise<void> {
    this.#waiting++;
    this.#next ??= this.#writing.then(() => this.#write());
    return this.#next;
  }

  #write(): Promise<void> {
    const guesses = this.#waiting;
    this.#waiting = 0;
    this.#next = undefined;
    const written = writeGuesses(this.#services, guesses);
    // Whether it failed is for those who wait for it; the next group is written all the same.
    this.#writing = written.catch(() => undefined);
    return written;
  }
}

/** With the alarms of the bounds that these guesses reached: a crash parts the two nowhere. */
async function writeGuesses({ db, clock, random }: Services, guesses: number): Promise<void> {
  const at = clock();
  const hour = new Date(at);
  hour.setUTCMinutes(0, 0, 0);
  await db.transaction().execute(async (trx) => {
    const count = await addGuesses(trx, { hour, guesses });
    for (const inOneHour of alarmAt.filter((n) => n > count - guesses && n <= count)) {
      const id = newId('evt', { now: at, random });
      await insertAlarm(trx, { id, kind: 'case-guesses', counts: { inOneHour }, at });
    }
  });
}
