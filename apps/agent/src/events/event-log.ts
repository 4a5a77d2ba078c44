import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { RecourseEvent } from '@recourse/sdk/events';
import type { QuestionEvent } from '../questions/question.ts';
import { writeDurably } from '../secrets/private-file.ts';

/** Of the registry, or of a question that the agent kept. */
export type AgentEvent = RecourseEvent | QuestionEvent;

/** An event with its place in this log: what a reader says it has seen. */
export interface LoggedEvent {
  readonly seq: number;
  readonly event: AgentEvent;
}

const mostKept = 10_000;

/**
 * Events as lines of one file, the newest of them kept. An event is on the disk when `append` returns, and is
 * acknowledged to the registry after that; one that comes again is here already. Places never go back.
 */
export class EventLog {
  readonly #path: string;
  readonly #most: number;
  #events: LoggedEvent[];
  #next: number;
  #file: number;
  /** A line that may be there in part only: everything is written anew before the next one */
  #isTorn = false;

  constructor(path: string, most = mostKept) {
    this.#path = path;
    this.#most = most;
    const { next, events } = read(path);
    this.#events = events;
    this.#next = next;
    this.#file = this.#rewrite();
  }

  append(event: AgentEvent): LoggedEvent | undefined {
    if (this.#events.some((known) => known.event.id === event.id)) return undefined;
    if (this.#isTorn || this.#events.length >= 2 * this.#most) this.#trim();
    const logged = { seq: this.#next, event };
    this.#isTorn = true;
    writeSync(this.#file, `${JSON.stringify(logged)}\n`);
    fsyncSync(this.#file);
    this.#isTorn = false;
    this.#next++;
    this.#events.push(logged);
    return logged;
  }

  /** Events after a place, the oldest first. */
  after(seq: number): readonly LoggedEvent[] {
    return this.#events.slice(this.#events.findLastIndex((logged) => logged.seq <= seq) + 1);
  }

  /** Sequence number of the newest event; 0 before the first. */
  get last(): number {
    return this.#next - 1;
  }

  /** Sequence number of the oldest event that is kept; the next one, where none is. */
  get first(): number {
    return this.#events[0]?.seq ?? this.#next;
  }

  close(): void {
    closeSync(this.#file);
  }

  #trim(): void {
    closeSync(this.#file);
    this.#events = this.#events.slice(-this.#most);
    this.#file = this.#rewrite();
  }

  #rewrite(): number {
    const head = JSON.stringify({ next: this.#next });
    const lines = this.#events.map((logged) => JSON.stringify(logged));
    writeDurably(this.#path, [head, ...lines, ''].join('\n'));
    return openSync(this.#path, 'a', 0o600);
  }
}

/** A line that a crash cut short was never acknowledged, and comes again. */
function read(path: string): { next: number; events: LoggedEvent[] } {
  if (!existsSync(path)) return { next: 1, events: [] };
  const [head = '', ...lines] = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const { next }: { next: number } = JSON.parse(head);
  const events = lines.map((line) => revive(JSON.parse(line)));
  return { next: Math.max(next, (events.at(-1)?.seq ?? 0) + 1), events };
}

const revive = ({ seq, event }: LoggedEvent): LoggedEvent => ({
  seq,
  event: { ...event, at: new Date(event.at) },
});
