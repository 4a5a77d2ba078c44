import { fromUtf8, utf8 } from '@recourse/protocol';
import { kept } from './database.ts';
import type { OpenPerson } from './person.ts';

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

/**
 * Keeps JSON of one person in this browser, sealed with a key that the lock takes away. The name of what is kept is
 * bound to it: nobody moves one draft into the place of another.
 */
export function sealedStore(person: OpenPerson, folder: string) {
  const prefix = `${person.kid}/${folder}`;
  const keyOf = (name: string): string => `${prefix}/${name}`;
  const bound = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(utf8(keyOf(name)));
  const { storage } = person.open;
  const saveBytes = async (name: string, bytes: Uint8Array): Promise<void> => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const params = { name: 'AES-GCM', iv, additionalData: bound(name) };
    const data = await crypto.subtle.encrypt(params, storage, new Uint8Array(bytes));
    await kept.put(keyOf(name), { iv, data } satisfies Sealed);
  };
  const loadBytes = async (name: string): Promise<Uint8Array | undefined> => {
    const sealed = (await kept.get(keyOf(name))) as Sealed | undefined;
    if (!sealed) return undefined;
    const params = { name: 'AES-GCM', iv: sealed.iv, additionalData: bound(name) };
    return new Uint8Array(await crypto.subtle.decrypt(params, storage, sealed.data));
  };
  return {
    saveBytes,
    loadBytes,
    save: (name: string, value: unknown): Promise<void> =>
      saveBytes(name, utf8(JSON.stringify(value))),
    async load<T>(name: string): Promise<T | undefined> {
      const plain = await loadBytes(name);
      return plain && (JSON.parse(fromUtf8(plain)) as T);
    },
    async remove(name: string): Promise<void> {
      await kept.remove(keyOf(name));
    },
    async names(): Promise<string[]> {
      return (await kept.keys(prefix)).map((key) => key.slice(prefix.length + 1));
    },
  };
}
