import { Note, When } from '@recourse/design';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { Link } from 'react-aria-components';
import { List } from '../parts/list.tsx';
import { Page } from '../parts/page.tsx';
import { now } from '../identity/clock.ts';
import { usePerson } from '../identity/session.ts';
import { useWhose, Whose } from '../people/whose.tsx';
import { isAmong, useWork } from '../people/work.ts';
import { useShown } from '../registry/lists.ts';
import { Chosen } from './together/chosen.tsx';
import { whomOf } from './name-of.ts';
import { NotYet, useWaitingMembership } from './not-yet.tsx';
import { useOwed, type Owed } from './owed.ts';
import { RenewalNote } from './renewal-note.tsx';
import { Whom } from './whom.tsx';

// A list stands before it says who has what.
const Keeper = lazy(() => import('../people/keeper.tsx'));

const emptyTexts = {
  all: 'Nothing is owed.',
  mine: 'You have no row. Choose some of everybody’s, and take them.',
  nobody: 'Somebody has each row.',
} as const;

/** Everything owed, by deadline: a row says what, by when, and the one action. */
export function Inbox(): ReactNode {
  const query = useOwed();
  const me = usePerson().holder;
  const { data: work } = useWork();
  const [whose, setWhose] = useWhose();
  const owed = query.data?.owed.filter(({ id }) => isAmong(work, id, { whose, me }));
  const list = useShown({ ...query, data: owed });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const place = useRef<HTMLDivElement>(null);
  useRowKeys(place);
  const isWaiting = useWaitingMembership() !== undefined;
  return (
    <Page
      title="Inbox"
      about={
        <>
          Everything your platform owes, the earliest deadline first. Keys: <kbd>j</kbd> and{' '}
          <kbd>k</kbd> move, <kbd>enter</kbd> or <kbd>e</kbd> opens the action, <kbd>x</kbd> chooses
          the row.
        </>
      }
    >
      <NotYet />
      <RenewalNote />
      {query.data?.isWhole === false ? (
        <Note tone="wait" title="There is more than this desk reads at once.">
          <p>
            Do some of it, and the rest appears. What stands first is not certain to be due first.
          </p>
        </Note>
      ) : null}
      <div className="stack">
        <Whose whose={whose} onChange={setWhose} />
        <Chosen owed={owed ?? []} chosen={chosen} onChange={setChosen} />
      </div>
      <div ref={place}>
        <List
          list={list}
          empty={isWaiting ? 'What you owe will stand here.' : emptyTexts[whose]}
          idOf={({ id }) => id}
          columns={['What and whom', 'By when', 'Action']}
          choosing={{
            chosen,
            onChange: setChosen,
            text: ({ what, about }) => `${what}, ${whomOf(about)}`,
          }}
        >
          {(owed) => <Cells owed={owed} />}
        </List>
      </div>
    </Page>
  );
}

const dayMs = 86_400_000;

function Cells({ owed }: { readonly owed: Owed }): ReactNode {
  const { id, what, about, dueAt, action, href } = owed;
  const isLate = dueAt !== undefined && new Date(dueAt).getTime() < now().getTime() + dayMs;
  return (
    <>
      <td>
        {what}
        <br />
        <Whom about={about} />
        <Suspense fallback={<div className="soft">…</div>}>
          <Keeper row={id} />
        </Suspense>
      </td>
      <td className={isLate ? 'bad' : ''}>
        {dueAt === undefined ? <span className="soft">no deadline yet</span> : null}
        {dueAt === undefined ? null : <When at={dueAt} deadline />}
      </td>
      <td>
        <Link href={href}>{action}</Link>
      </td>
    </>
  );
}

const isTyping = ({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  ctrlKey ||
  metaKey ||
  altKey ||
  (target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select'));

/**
 * j and k move between the actions of a list, e opens one, x chooses its row. Enter does by itself: they are links, and a
 * button for more.
 */
function useRowKeys(place: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      const links = [...(place.current?.querySelectorAll<HTMLElement>('a, button') ?? [])];
      const at = links.findIndex((link) => link === document.activeElement);
      if (event.key === 'j') links[Math.min(at + 1, links.length - 1)]?.focus();
      else if (event.key === 'k') links[Math.max(at - 1, 0)]?.focus();
      else if (event.key === 'e') links[at]?.click();
      else if (event.key === 'x') boxOf(links[at])?.click();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [place]);
}

const boxOf = (link: HTMLElement | undefined): HTMLElement | null | undefined =>
  link?.closest('tr')?.querySelector<HTMLElement>('input[type=checkbox]');
