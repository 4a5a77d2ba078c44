import type { Person } from './person.ts';

/** Stores of the desk in this browser: people in the clear but for their keys, and everything else sealed. */
interface Stores {
  readonly people: Person;
  /** Drafts, journals, pins: by the person, a folder and a name */
  readonly kept: unknown;
}

const name = 'recourse-desk';
let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore('people', { keyPath: 'kid' });
      request.result.createObjectStore('kept');
    });
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });
  return opening;
}

/** Resolves when it is durable. */
async function inStore<T>(
  store: keyof Stores,
  mode: IDBTransactionMode,
  ask: (objects: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const transaction = (await open()).transaction(store, mode);
  const request = ask(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve(request.result));
    transaction.addEventListener('abort', () =>
      reject(transaction.error ?? new Error('IndexedDB')),
    );
  });
}

export const people = {
  all: (): Promise<Person[]> => inStore('people', 'readonly', (objects) => objects.getAll()),
  get: (kid: string): Promise<Person | undefined> =>
    inStore('people', 'readonly', (objects) => objects.get(kid)),
  put: (person: Person): Promise<unknown> =>
    inStore('people', 'readwrite', (objects) => objects.put(person)),
  remove: (kid: string): Promise<unknown> =>
    inStore('people', 'readwrite', (objects) => objects.delete(kid)),
};

const rangeOf = (prefix: string): IDBKeyRange =>
  IDBKeyRange.bound(`${prefix}/`, `${prefix}/\uffff`);

export const kept = {
  get: (key: string): Promise<unknown> =>
    inStore('kept', 'readonly', (objects) => objects.get(key)),
  put: (key: string, value: unknown): Promise<unknown> =>
    inStore('kept', 'readwrite', (objects) => objects.put(value, key)),
  remove: (key: string): Promise<unknown> =>
    inStore('kept', 'readwrite', (objects) => objects.delete(key)),
  keys: async (prefix: string): Promise<string[]> =>
    (await inStore('kept', 'readonly', (objects) => objects.getAllKeys(rangeOf(prefix)))).map(
      String,
    ),
  removeAll: (prefix: string): Promise<unknown> =>
    inStore('kept', 'readwrite', (objects) => objects.delete(rangeOf(prefix))),
};
