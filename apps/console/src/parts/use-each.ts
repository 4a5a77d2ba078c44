import { useRef, useState } from 'react';

/** Does one thing for each of many, one after the other, so that what is cancelled has done whole ones alone. */
export function useEach<K, S>() {
  const [done, setDone] = useState<ReadonlyMap<K, S>>(new Map());
  const isCancelled = useRef(false);

  /** @returns what became of each, those of an earlier start included */
  const start = async (
    keys: Iterable<K>,
    one: (key: K) => Promise<S>,
  ): Promise<ReadonlyMap<K, S>> => {
    isCancelled.current = false;
    const all = new Map(done);
    addEventListener('beforeunload', ask);
    for (const key of keys) {
      if (isCancelled.current) break;
      all.set(key, await one(key));
      setDone(new Map(all));
    }
    removeEventListener('beforeunload', ask);
    return all;
  };

  const cancel = (): void => {
    isCancelled.current = true;
  };
  const reset = (): void => setDone(new Map());
  return { done, start, cancel, reset };
}

/** Whoever leaves while it runs is asked. */
const ask = (event: Event): void => event.preventDefault();
