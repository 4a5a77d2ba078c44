/**
 * Keeps the first enrolment key of each party and token key of each epoch, so that nobody exchanges them later. It also
 * keeps which entries were proven to be in the ledger. Give a store that outlives the process, or every start trusts
 * its first answer again.
 */
export interface PinStore {
  /** The value under a name, undefined if there is none */
  get(name: string): Promise<string | undefined> | string | undefined;

  /** Keeps a value for good */
  set(name: string, value: string): Promise<void> | void;
}

/** Pins in memory: each start trusts what it sees first. */
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
