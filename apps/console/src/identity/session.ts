import { useSyncExternalStore } from 'react';
import { people } from './database.ts';
import { notifyNobody } from './notifying.ts';
import { isOpen, lockedForm, type OpenPerson, type Person } from './person.ts';
import type { OpenKeys } from './wrapped-keys.ts';

/**
 * The person who acts in this tab.
 * - `reading`: the database is being asked
 * - `nobody`: no person of this browser is chosen
 * - `locked`: the keys are here only sealed
 * - `open`: the keys sign
 */
export type Session =
  | { readonly state: 'reading' }
  | { readonly state: 'nobody'; readonly others: readonly Person[] }
  | { readonly state: 'locked'; readonly person: Person; readonly others: readonly Person[] }
  | { readonly state: 'open'; readonly person: OpenPerson; readonly others: readonly Person[] };

/** Minutes without input, scrolling included, after which every tab locks. */
export const lockAfterMinutes = 10;

const chosenKey = 'recourse-desk-person';
const inputKey = 'recourse-desk-input';
const tabs = new BroadcastChannel('recourse-desk');
const listeners = new Set<() => void>();
let session: Session = { state: 'reading' };

/** The one owner of `session` is this module: it always mirrors the database. */
async function read(): Promise<void> {
  const all = await people.all();
  const person = all.find(({ kid }) => kid === chosen()) ?? (all.length === 1 ? all[0] : undefined);
  const others = all.filter((other) => other !== person);
  if (!person) session = { state: 'nobody', others };
  else if (isOpen(person)) session = { state: 'open', person, others };
  else session = { state: 'locked', person, others };
  for (const listener of listeners) listener();
}

const chosen = (): string | null =>
  sessionStorage.getItem(chosenKey) ?? localStorage.getItem(chosenKey);

/** Says who this person is in this tab, and in tabs that are opened later. */
function choose(kid: string): void {
  sessionStorage.setItem(chosenKey, kid);
  localStorage.setItem(chosenKey, kid);
}

async function changed(): Promise<void> {
  tabs.postMessage('changed');
  await read();
}

export async function actAs(kid: string): Promise<void> {
  choose(kid);
  await read();
}

/** Keeps a new person, whose keys are open. */
export async function addPerson(person: OpenPerson): Promise<void> {
  await people.put(person);
  noteInput();
  choose(person.kid);
  await changed();
}

/** With the keys that the passphrase or the passkey opened. */
export async function unlock(person: Person, open: OpenKeys): Promise<void> {
  noteInput();
  await people.put({ ...person, open });
  await changed();
}

/** From now on the passphrase alone unlocks this person. */
export async function forgetPasskey(person: Person): Promise<void> {
  await people.put({ ...person, passkey: undefined });
  await changed();
}

/** Takes the usable keys of everybody out of this browser, in all its tabs. */
export async function lock(): Promise<void> {
  for (const person of await people.all()) await people.put(lockedForm(person));
  await changed();
}

/** Forgets a person, whose key was revoked or who leaves this browser. */
export async function forget(kid: string): Promise<void> {
  notifyNobody(kid);
  await people.remove(kid);
  await changed();
}

export function noteInput(): void {
  localStorage.setItem(inputKey, String(Date.now()));
}

/** Nobody touched any tab for so long, or nothing says when somebody did. */
const isIdle = (): boolean => {
  const since = Date.now() - Number(localStorage.getItem(inputKey) ?? 0);
  // A clock that was set back shows a future input: that is no reason to stay open.
  return since < -60_000 || since >= lockAfterMinutes * 60_000;
};

export async function lockIfIdle(): Promise<void> {
  if (session.state === 'open' && isIdle()) await lock();
}

/** Reads the database, locks what was left open too long, and follows what other tabs do. */
export async function startSession(): Promise<void> {
  tabs.addEventListener('message', () => void read());
  if (isIdle()) await lock();
  else await read();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSession = (): Session => useSyncExternalStore(subscribe, () => session);

/** The person whose desk is open; for what is rendered inside the frame alone. */
export function usePerson(): OpenPerson {
  const now = useSession();
  if (now.state !== 'open') throw new Error('the desk is locked');
  return now.person;
}
