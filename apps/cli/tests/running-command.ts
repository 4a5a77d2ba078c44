import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished, vi } from 'vitest';
import { spawnCli } from './sandbox.ts';

export type Event = Readonly<Record<string, unknown>>;

/** A command that runs beside a test, and says what it does in lines of JSON. */
export class RunningCommand {
  readonly child: ChildProcess;
  readonly events: Event[] = [];
  readonly closed: Promise<number | null>;

  constructor(args: string[]) {
    this.child = spawnCli(args);
    onTestFinished(() => void this.child.kill('SIGKILL'));
    createInterface(this.child.stdout!).on('line', (line) => {
      this.events.push(JSON.parse(line) as Event);
    });
    this.closed = new Promise((resolve) => this.child.once('close', resolve));
  }

  until(matches: (event: Event) => boolean): Promise<Event> {
    return vi.waitFor(
      () => {
        const event = this.events.find(matches);
        if (event === undefined) throw new Error(JSON.stringify(this.events));
        return event;
      },
      { timeout: 60_000, interval: 50 },
    );
  }

  stop(): Promise<number | null> {
    this.child.kill('SIGINT');
    return this.closed;
  }
}
