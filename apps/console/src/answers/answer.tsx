import { Note } from '@recourse/design';
import { useRouter, useRouterState } from '@tanstack/react-router';
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { Button, Link } from 'react-aria-components';
import type { Said } from './sentences.ts';

const SayContext = createContext<(said: Said) => void>(() => undefined);

/** Says what an act did, above the page on which the person is then. */
export const useSay = (): ((said: Said) => void) => use(SayContext);

interface Shown extends Said {
  readonly path: string;
}

/** The place of the answer to the last act. It is gone once somebody goes to another page. */
export function Answer({ children }: { readonly children: ReactNode }): ReactNode {
  const router = useRouter();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const place = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Shown>();
  const say = useCallback(
    (said: Said): void => setShown({ ...said, path: router.state.location.pathname }),
    [router],
  );
  if (shown && shown.path !== path) setShown(undefined);
  useEffect(() => {
    // The form that did it is gone, and the focus with it: the next Tab begins at the answer.
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (shown && isLost) place.current?.focus();
  }, [shown]);
  return (
    <SayContext value={say}>
      <div ref={place} role="status" className="answer" tabIndex={-1}>
        {shown ? (
          <Note tone="good" title={shown.text}>
            <div className="row">
              {shown.next ? <Link href={shown.next.href}>{shown.next.text}</Link> : null}
              <Button onPress={() => setShown(undefined)}>Close</Button>
            </div>
          </Note>
        ) : null}
      </div>
      {children}
    </SayContext>
  );
}
