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
import type { Said } from './said.ts';

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
  useEffect(() => (shown ? followFocus(place.current) : undefined), [shown]);
  return (
    <SayContext value={say}>
      <div ref={place} role="status" className="answer" tabIndex={-1}>
        {shown ? (
          <Note tone={shown.tone ?? 'good'} title={shown.text}>
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

const isLost = (): boolean =>
  document.activeElement === null || document.activeElement === document.body;

/**
 * The form that did it goes, and the focus with it, now or once the page has read anew: the next Tab then begins at the
 * answer. Somebody who clicks elsewhere meanwhile is left alone.
 */
function followFocus(place: HTMLElement | null): () => void {
  const observer = new MutationObserver(() => take());
  const end = (): void => observer.disconnect();
  const take = (): void => {
    if (!isLost()) return;
    end();
    place?.focus();
  };
  if (place?.parentElement) {
    observer.observe(place.parentElement, { childList: true, subtree: true });
  }
  document.addEventListener('pointerdown', end, { once: true });
  take();
  return () => {
    end();
    document.removeEventListener('pointerdown', end);
  };
}
