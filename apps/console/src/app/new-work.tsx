import { useEffect, useRef } from 'react';
import { isNewWork, notifyOfWork, useNotifies } from '../identity/notifying.ts';
import { usePerson } from '../identity/session.ts';
import type { Waiting } from '../parts/desk-item.ts';
import { titleCount } from '../parts/window-title.ts';

interface NewWorkProps {
  readonly useWaiting: (inBackground: boolean) => Waiting | undefined;
}

/** Puts into the title how much waits, and tells whoever looks elsewhere that there is more. It shows nothing. */
export default function NewWork({ useWaiting }: NewWorkProps): null {
  const notifies = useNotifies(usePerson().kid);
  const { own = 0, all } = useWaiting(notifies) ?? {};
  useEffect(() => {
    titleCount(own);
    // A locked desk says nothing of whose it was.
    return () => titleCount(0);
  }, [own]);
  const before = useRef<number>(undefined);
  useEffect(() => {
    const isNew = isNewWork({ before: before.current, now: all, isHidden: document.hidden });
    before.current = all ?? before.current;
    if (notifies && isNew) notifyOfWork();
  }, [all, notifies]);
  return null;
}
