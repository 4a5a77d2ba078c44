import { useEffect } from 'react';
import { lockIfIdle, noteInput } from './session.ts';

const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll'] as const;
const eachMs = 5_000;

/** Locks the desk ten minutes after the last input of any tab; reading by scrolling counts as input. */
export function useLockTimer(): void {
  useEffect(() => {
    let noted = 0;
    const note = (): void => {
      if (Date.now() - noted < 1_000) return;
      noted = Date.now();
      noteInput();
    };
    const look = (): void => void lockIfIdle();
    for (const name of inputs) addEventListener(name, note, { capture: true, passive: true });
    // A tab in the background hears no timer for minutes: it looks as soon as somebody looks at it.
    document.addEventListener('visibilitychange', look);
    const timer = setInterval(look, eachMs);
    return () => {
      for (const name of inputs) removeEventListener(name, note, { capture: true });
      document.removeEventListener('visibilitychange', look);
      clearInterval(timer);
    };
  }, []);
}
