import { useSyncExternalStore } from 'react';

// A person turns notifications on for one key in one browser. The browser asks for its permission at that press alone.

const keyOf = (kid: string): string => `recourse-desk-notifies/${kid}`;
const listeners = new Set<() => void>();

export const canNotify = 'Notification' in globalThis;

/** That the person asked for it, and the browser still permits it. */
const notifies = (kid: string): boolean =>
  canNotify && Notification.permission === 'granted' && localStorage.getItem(keyOf(kid)) === 'on';

export const useNotifies = (kid: string): boolean =>
  useSyncExternalStore(subscribe, () => notifies(kid));

/** Asks the browser for its permission; false if it or the person refuses. */
export async function notifyOf(kid: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  localStorage.setItem(keyOf(kid), 'on');
  for (const listener of listeners) listener();
  return true;
}

export function notifyNobody(kid: string): void {
  localStorage.removeItem(keyOf(kid));
  for (const listener of listeners) listener();
}

interface Look {
  /** What waited at the look before; absent at the first */
  readonly before: number | undefined;
  readonly now: number | undefined;
  readonly isHidden: boolean;
}

/** Only a rise is new work, and only to whoever does not look at the desk. */
export const isNewWork = ({ before, now, isHidden }: Look): boolean =>
  isHidden && before !== undefined && now !== undefined && now > before;

/** A notification stands on a locked screen, for anybody to read: it says no number, name, reason or platform. */
export function notifyOfWork(): void {
  try {
    // The tag makes one of it, over all tabs of this browser.
    const shown = new Notification('You have work', { tag: 'recourse-work' });
    shown.addEventListener('click', () => {
      window.focus();
      shown.close();
    });
  } catch {
    // Some phones let only a service worker notify. The title still has the count.
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}
