import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { OpenPerson } from '../identity/person.ts';
import { sealedStore } from '../identity/sealed-store.ts';
import { usePerson } from '../identity/session.ts';

export interface Draft<T> {
  readonly value: T;
  /** All that was typed lies in this browser, sealed; `failed` where it could not be kept */
  readonly kept: Kept;
  readonly change: (part: Partial<T>) => Promise<void>;
  /** What was drafted is done */
  readonly drop: () => Promise<void>;
}
type Kept = 'yes' | 'saving' | 'failed';

const storeOf = (person: OpenPerson) => sealedStore(person, 'drafts');
const tabs = new BroadcastChannel('recourse-review-drafts');

/**
 * A draft that is saved with every key, and that another tab of the same person follows. Undefined until it was read.
 */
export function useDraft<T extends object>(name: string, start: T): Draft<T> | undefined {
  const person = usePerson();
  const [value, setValue] = useState<T>();
  const latest = useRef<T>(undefined);
  const first = useRef(start);
  const { kept, unsaved, write } = useWriter(name);

  const take = useCallback((found: Partial<T> | undefined) => {
    latest.current = { ...first.current, ...found };
    setValue(latest.current);
  }, []);

  useEffect(() => {
    const read = async (): Promise<void> => {
      const found = await storeOf(person).load<T>(name);
      // Newer than what is stored is what somebody types here now.
      if (unsaved.current === 0) take(found);
    };
    const follow = ({ data }: MessageEvent): void => {
      if (data === name) void read();
    };
    void read();
    tabs.addEventListener('message', follow);
    return () => tabs.removeEventListener('message', follow);
  }, [person, name, take, unsaved]);

  const change = (part: Partial<T>): Promise<void> => {
    const next = { ...first.current, ...latest.current, ...part };
    take(next);
    return write(() => storeOf(person).save(name, next));
  };
  const drop = (): Promise<void> => {
    take(undefined);
    return write(() => storeOf(person).remove(name));
  };
  return value && { value, kept, change, drop };
}

/** The one writer of this tab: a later text never lands before an earlier one. */
let writing: Promise<unknown> = Promise.resolve();

function useWriter(name: string): {
  readonly kept: Kept;
  readonly unsaved: RefObject<number>;
  readonly write: (act: () => Promise<void>) => Promise<void>;
} {
  const [kept, setKept] = useState<Kept>('yes');
  const unsaved = useRef(0);
  const write = async (act: () => Promise<void>): Promise<void> => {
    unsaved.current += 1;
    setKept('saving');
    const written = writing.then(act);
    writing = written.catch(() => undefined);
    try {
      await written;
      tabs.postMessage(name);
      if (unsaved.current === 1) setKept('yes');
    } catch {
      setKept('failed');
    } finally {
      unsaved.current -= 1;
    }
  };
  return { kept, unsaved, write };
}
