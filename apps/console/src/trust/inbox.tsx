import { When } from '@recourse/design';
import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import { Link } from 'react-aria-components';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { now } from '../registry/clock.ts';
import { useOwed, type Owed } from './owed.ts';

/** Everything owed, by deadline: a row says what, by when, and the one action. */
export function Inbox(): ReactNode {
  const query = useOwed();
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table);
  return (
    <Page
      title="Inbox"
      about={
        <>
          Everything your platform owes, the earliest deadline first. Keys: <kbd>j</kbd> and{' '}
          <kbd>k</kbd> move, <kbd>enter</kbd> or <kbd>e</kbd> opens the action.
        </>
      }
    >
      <Loaded query={query} empty={{ when: (owed) => owed.length === 0, text: 'Nothing is owed.' }}>
        {(owed) => (
          <div className="scroll">
            <table ref={table}>
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">By when</th>
                  <th scope="col">Action</th>
                </tr>
              </thead>
              <tbody>
                {owed.map((one) => (
                  <Row key={one.id} owed={one} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

const dayMs = 86_400_000;

function Row({ owed: { what, dueAt, action, href } }: { readonly owed: Owed }): ReactNode {
  const isLate = dueAt !== undefined && new Date(dueAt).getTime() < now().getTime() + dayMs;
  return (
    <tr>
      <td>{what}</td>
      <td className={isLate ? 'bad' : ''}>
        {dueAt === undefined ? <span className="soft">no deadline yet</span> : null}
        {dueAt === undefined ? null : <When at={dueAt} deadline />}
      </td>
      <td>
        <Link href={href}>{action}</Link>
      </td>
    </tr>
  );
}

const isTyping = ({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  ctrlKey ||
  metaKey ||
  altKey ||
  (target instanceof HTMLElement && target.matches('input, textarea, select'));

/** j and k move between the actions of a table, e opens one. Enter does by itself: they are links. */
function useRowKeys(table: RefObject<HTMLTableElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      const links = [...(table.current?.querySelectorAll<HTMLElement>('tbody a') ?? [])];
      const at = links.findIndex((link) => link === document.activeElement);
      if (event.key === 'j') links[Math.min(at + 1, links.length - 1)]?.focus();
      else if (event.key === 'k') links[Math.max(at - 1, 0)]?.focus();
      else if (event.key === 'e') links[at]?.click();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [table]);
}
