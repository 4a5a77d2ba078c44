/**
 * Keeps the first enrolment key of each party and token key of each epoch, so that nobody exchanges them later. It also
 * keeps which entries were proven to be in the ledger. Give a store that outlives the process, or every start trusts
 * its first answer again.
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
