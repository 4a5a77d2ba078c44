import { useCallback, useEffect, useRef, useState } from 'react';
import type { OpenPerson } from './person.ts';
import { sealedStore } from './sealed-store.ts';
import { usePerson } from './session.ts';

/**
 * Text that somebody types and has not sent. Nothing else holds it: each screen reads it from the store as it mounts.
 */
export interface Draft<T> {
  readonly value: T;
  /** All that was typed lies in this browser, sealed; `failed` where it could not be kept */
  readonly kept: Kept;
  /** It was sent or deleted, here or in another tab */
  readonly isGone: boolean;
  readonly change: (part: Partial<T>) => Promise<void>;
  /** Removes the draft from the store, once what was drafted is done */
  readonly drop: () => Promise<void>;
}
export type Kept = 'yes' | 'saving' | 'failed';

const storeOf = (person: OpenPerson) => sealedStore(person, 'drafts');
/** Says the name of a draft that was written or dropped. */
const tabs = new BroadcastChannel('recourse-drafts');

/** A draft that is saved with every key, and that other tabs of the same person follow. Undefined until it was read. */
export function useDraft<T extends object>(name: string, start: T): Draft<T> | undefined {
  const person = usePerson();
  const [shown, setShown] = useState<{ readonly value: T; readonly isGone: boolean }>();
  const [kept, setKept] = useState<Kept>('yes');
  const latest = useRef<T>(undefined);
  const first = useRef(start);
  /** Texts of this screen that are not in the store yet */
  const unsaved = useRef(0);

  const take = useCallback((value: T, isGone: boolean) => {
    latest.current = value;
    setShown({ value, isGone });
  }, []);

  useEffect(() => {
    const read = async (isFollowing: boolean): Promise<void> => {
      const found = await inTurn(() => storeOf(person).load<T>(name));
      // Newer than what is stored is what somebody types here now.
      if (unsaved.current > 0) return;
      take({ ...first.current, ...(found ?? latest.current) }, isFollowing && !found);
    };
    const follow = ({ data }: MessageEvent): void => {
      if (data === name) void read(true);
    };
    void read(false);
    tabs.addEventListener('message', follow);
    return () => tabs.removeEventListener('message', follow);
  }, [person, name, take]);

  const write = async (act: () => Promise<void>): Promise<void> => {
    unsaved.current += 1;
    setKept('saving');
    try {
      await written(name, act);
      if (unsaved.current === 1) setKept('yes');
    } catch {
      setKept('failed');
    } finally {
      unsaved.current -= 1;
    }
  };
  const change = (part: Partial<T>): Promise<void> => {
    const next = { ...first.current, ...latest.current, ...part };
    take(next, false);
    return write(() => storeOf(person).save(name, next));
  };
  const drop = (): Promise<void> => {
    take({ ...first.current, ...latest.current }, true);
    return write(() => storeOf(person).remove(name));
  };
  return shown && { ...shown, kept, change, drop };
}

/** Keeps a draft before its screen is there, as a link began it. */
export const keepDraft = (person: OpenPerson, name: string, value: object): Promise<void> =>
  written(name, () => storeOf(person).save(name, value));

export interface KeptDraft<T> {
  readonly name: string;
  readonly value: T;
}

/** Every draft whose name begins so, as the store has them now in all tabs, and how to delete one. */
export function useDrafts<T>(prefix: string): {
  readonly drafts: readonly KeptDraft<T>[];
  readonly remove: (name: string) => Promise<void>;
} {
  const person = usePerson();
  const [drafts, setDrafts] = useState<readonly KeptDraft<T>[]>([]);
  const read = useCallback(async (): Promise<void> => {
    const store = storeOf(person);
    const names = (await inTurn(() => store.names())).filter((name) => name.startsWith(prefix));
    const loaded = names.map(async (name) => ({ name, value: await store.load<T>(name) }));
    setDrafts(
      (await Promise.all(loaded)).flatMap(({ name, value }) => (value ? [{ name, value }] : [])),
    );
  }, [person, prefix]);
  useEffect(() => {
    const follow = ({ data }: MessageEvent): void => {
      if (String(data).startsWith(prefix)) void read();
    };
    void read();
    tabs.addEventListener('message', follow);
    return () => tabs.removeEventListener('message', follow);
  }, [prefix, read]);
  const remove = async (name: string): Promise<void> => {
    await written(name, () => storeOf(person).remove(name));
    await read();
  };
  return { drafts, remove };
}

/** Reads and writes of this tab, one after the other: a later text never lands before an earlier one. */
let queue: Promise<unknown> = Promise.resolve();

function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const done = queue.then(act);
  queue = done.catch(() => undefined);
  return done;
}

/** Drafts whose newest text is not in the store: the browser asks before it leaves the page. */
const unkept = new Map<string, symbol>();

const ask = (event: Event): void => event.preventDefault();

async function written(name: string, act: () => Promise<void>): Promise<void> {
  const turn = Symbol(name);
  unkept.set(name, turn);
  addEventListener('beforeunload', ask);
  await inTurn(act);
  tabs.postMessage(name);
  if (unkept.get(name) === turn) unkept.delete(name);
  if (unkept.size === 0) removeEventListener('beforeunload', ask);
}
