/**
 * Keeps what was seen first, so that it cannot be exchanged later: enrolment keys of parties and token keys
 * of epochs; and which entries were proven to be in the ledger. Give one that outlives the process, or the first answer after each start is trusted again.
 */
export interface PinStore {
  get(name: string): Promise<string | undefined> | string | undefined;
  set(name: string, value: string): Promise<void> | void;
}

export function memoryPins(): PinStore {
  const pins = new Map<string, string>();
  return {
    get: (name) => pins.get(name),
    set: (name, value) => void pins.set(name, value),
  };
}

/** Pins a value on first use; false when another one was pinned before. */
export async function pinned(store: PinStore, name: string, value: string): Promise<boolean> {
  const known = await store.get(name);
  if (known === undefined) await store.set(name, value);
  return known === undefined || known === value;
}
