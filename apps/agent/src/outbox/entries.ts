import { randomUUID } from 'node:crypto';
import { hashText, jcs } from '@recourse/protocol';
import { AgentError } from '../errors.ts';
import { laneOf, type Intent } from '../orders/intent.ts';
import { isOver, type Entry, type WaitingEntry } from './entry.ts';
import type { SealedFolder } from './sealed-folder.ts';

const mostWaiting = 100_000;

/** The same idempotency key came with another order. */
export class IdemConflict extends Error {
  override readonly name = 'IdemConflict';
}

/**
 * All entries, in memory and on the disk: what a method changes is on the disk when it returns. A lane is the waiting
 * ones of one case, in the order in which they were taken.
 */
export class Entries {
  readonly #folder: SealedFolder;
  readonly #clock: () => Date;
  readonly #all = new Map<string, Entry>();
  readonly #byIdem = new Map<string, string>();
  readonly #lanes = new Map<string, WaitingEntry[]>();
  #seq = 0;
  #waiting = 0;

  /** @throws AgentError `outbox-unreadable` */
  constructor(folder: SealedFolder, clock: () => Date) {
    this.#folder = folder;
    this.#clock = clock;
    for (const entry of folder.read()) {
      this.#seq = entry.seq;
      this.#keep(entry);
    }
    this.forget();
  }

  /** @throws IdemConflict, AgentError `outbox-full` */
  take(intent: Intent, idem: string): Entry {
    const hash = hashText(jcs(intent));
    const known = this.#all.get(this.#byIdem.get(idem) ?? '');
    if (known?.hash === hash) return known;
    if (known) throw new IdemConflict();
    if (this.#waiting >= mostWaiting) throw full();
    const entry: WaitingEntry = {
      id: randomUUID(),
      seq: this.#seq + 1,
      idem,
      hash,
      kind: intent.kind,
      takenAt: this.#clock().toISOString(),
      state: 'waiting',
      intent,
    };
    this.#folder.write(entry);
    this.#seq = entry.seq;
    this.#keep(entry);
    return entry;
  }

  get(id: string): Entry | undefined {
    return this.#all.get(id);
  }

  /** Those in one state, in the order in which they were taken. */
  in(state: Entry['state']): Entry[] {
    return [...this.#all.values()]
      .filter((entry) => entry.state === state)
      .toSorted((a, b) => a.seq - b.seq);
  }

  count(state: Entry['state']): number {
    if (state === 'waiting') return this.#waiting;
    return this.#all.values().reduce((sum, entry) => sum + Number(entry.state === state), 0);
  }

  lanes(): string[] {
    return [...this.#lanes.keys()];
  }

  /** The next entry that a lane delivers. */
  head(lane: string): WaitingEntry | undefined {
    return this.#lanes.get(lane)?.[0];
  }

  /** Puts the next state of an entry in the place of the one before. */
  replace(entry: Entry): void {
    this.#folder.write(entry);
    this.#leave(entry.id);
    this.#keep(entry);
  }

  remove(entry: Entry): void {
    this.#folder.remove(entry);
    this.#leave(entry.id);
    this.#byIdem.delete(entry.idem);
  }

  /** Erases what ended so long ago that nobody asks for it any more. */
  forget(): void {
    const now = this.#clock();
    for (const entry of this.#all.values()) if (isOver(entry, now)) this.remove(entry);
  }

  #keep(entry: Entry): void {
    this.#all.set(entry.id, entry);
    this.#byIdem.set(entry.idem, entry.id);
    if (entry.state !== 'waiting') return;
    this.#waiting++;
    const name = laneOf(entry.intent);
    const lane = this.#lanes.get(name) ?? [];
    const place = lane.findLastIndex(({ seq }) => seq < entry.seq) + 1;
    this.#lanes.set(name, lane.toSpliced(place, 0, entry));
  }

  #leave(id: string): void {
    const entry = this.#all.get(id);
    this.#all.delete(id);
    if (entry?.state !== 'waiting') return;
    this.#waiting--;
    const name = laneOf(entry.intent);
    const rest = (this.#lanes.get(name) ?? []).filter((other) => other.id !== id);
    if (rest.length > 0) this.#lanes.set(name, rest);
    else this.#lanes.delete(name);
  }
}

const full = (): AgentError =>
  new AgentError('outbox-full', {
    message: `${mostWaiting} intents wait already.`,
    next: 'See GET /outbox for what keeps them from being delivered.',
  });
