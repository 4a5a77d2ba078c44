import type {
  LedgerStore,
  PinStore,
  SealingKeys,
  SetStore,
  KeptSet,
  PrivateSealingKey,
} from '@recourse/sdk';
import { kept } from '../identity/database.ts';
import type { OpenPerson, Person } from '../identity/person.ts';
import { sealedStore } from '../identity/sealed-store.ts';

/** Keys seen first. They are public, and stay when the desk locks. */
export const pinsOf = ({ kid }: Person): PinStore => ({
  get: async (name) => (await kept.get(`${kid}/pins/${name}`)) as string | undefined,
  set: async (name, value) => void (await kept.put(`${kid}/pins/${name}`, value)),
});

/** The newest checkpoint. Tabs share it: one that is smaller than what is kept changes nothing. */
export function ledgerStoreOf({ kid }: Person): LedgerStore {
  const key = `${kid}/ledger/newest`;
  const read = async () => (await kept.get(key)) as { size: number; note: string } | undefined;
  return {
    newest: async () => (await read())?.note,
    put: (checkpoint) =>
      // One in 64 keys begins with a hyphen, and no lock may.
      navigator.locks.request(`newest/${key}`, async () => {
        const newest = await read();
        if (!newest || checkpoint.size > newest.size) await kept.put(key, checkpoint);
      }),
  };
}

/** Prefix sets: as everybody may read them. */
export const setStoreOf = ({ kid }: Person): SetStore => ({
  load: async (epoch) => (await kept.get(`${kid}/sets/${epoch}`)) as KeptSet | undefined,
  save: async (epoch, set) => void (await kept.put(`${kid}/sets/${epoch}`, set)),
});

/** The private keys that evidence and journals are sealed to, one a case and one a trust key. The lock seals them. */
export function sealingKeysOf(person: OpenPerson): SealingKeys {
  const store = sealedStore(person, 'sealing');
  return {
    save: (name, jwk) => store.save(name, jwk),
    load: (name) => store.load<PrivateSealingKey>(name),
  };
}
