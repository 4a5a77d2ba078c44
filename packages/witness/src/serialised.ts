import { WitnessError } from './errors.ts';
import type { WitnessedTree, WitnessStore } from './witness-store.ts';

interface Storage {
  readonly latest: (origin: string) => WitnessedTree | undefined;
  readonly record: (origin: string, tree: WitnessedTree) => Promise<void>;
  readonly release: () => void;
}

/** One step after the other, of all logs: they share a file, and a step takes milliseconds. */
export function serialised({ latest, record, release }: Storage): WitnessStore {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  const run = <T>(step: () => Promise<T> | T): Promise<T> => {
    const next = last.then(step);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    exclusively: (origin, step) =>
      run(() => {
        if (closed) throw closedError();
        return step({ latest: latest(origin), record: (tree) => record(origin, tree) });
      }),
    close: () =>
      run(() => {
        if (!closed) release();
        closed = true;
      }),
  };
}

const closedError = (): WitnessError =>
  new WitnessError('state-closed', {
    message: 'The witness has stopped.',
    next: 'Start it again.',
  });
