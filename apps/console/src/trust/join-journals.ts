import { useEffect } from 'react';
import { useRecourse } from '../registry/calls.ts';

/** Whoever opens the trust desk publishes the key that colleagues share their journals with. */
export function JoinJournals(): null {
  const { journals } = useRecourse();
  useEffect(() => {
    // It is tried again, and said, where a journal is opened.
    journals.join().catch(() => undefined);
  }, [journals]);
  return null;
}
