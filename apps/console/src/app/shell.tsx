import { Outlet, useRouterState } from '@tanstack/react-router';
import {
  lazy,
  Suspense,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { Button, Disclosure, DisclosurePanel, Link } from 'react-aria-components';
import { Answer } from '../answers/answer.tsx';
import { fingerprint } from '../identity/fingerprint.ts';
import { lock, usePerson, useSession } from '../identity/session.ts';
import { queries, useAsked } from '../registry/calls.ts';
import { endTokenWorker } from '../registry/tokens.ts';
import { desks } from './desks.ts';

/** Most people never see these: their controls load when they are needed. */
const SwitchPerson = lazy(() => import('./switch-person.tsx'));
const NewWork = lazy(() => import('./new-work.tsx'));
const Gate = lazy(() => import('../identity/unlock-page.tsx'));

/** The frame of every desk, or what stands in its place while nobody acts. */
export function Shell(): ReactNode {
  const session = useSession();
  useEffect(() => {
    if (session.state === 'open') return;
    // What was read as somebody leaves with them.
    queries.clear();
    endTokenWorker();
  }, [session.state]);
  const opening = (
    <main className="gate waiting">
      <p role="status">Opening the desk</p>
    </main>
  );
  if (session.state === 'reading') return opening;
  if (session.state === 'open') return <Frame key={session.person.kid} />;
  return (
    <Suspense fallback={opening}>
      <Gate session={session} />
    </Suspense>
  );
}

function Frame(): ReactNode {
  useFocusOnArrival();
  return (
    <>
      <a className="unseen" href="#main" onClick={focusMain}>
        Skip to the page
      </a>
      <header className="top">
        <Link href="/" className="name">
          Recourse
        </Link>
        <Acting />
      </header>
      <div className="frame">
        <Side />
        <main id="main" tabIndex={-1}>
          <Answer>
            <Outlet />
          </Answer>
        </main>
      </div>
    </>
  );
}

const mainPart = (): HTMLElement | null => document.getElementById('main');

/** The fragment is the address of the page: a jump within it is done by hand. */
function focusMain(event: { preventDefault(): void }): void {
  event.preventDefault();
  mainPart()?.focus();
}

/**
 * Moves the focus to a page that somebody went to, unless it took the focus itself: else the next Tab begins anywhere.
 * Before anything had the focus, a page only led on to another one.
 */
function useFocusOnArrival(): void {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const last = useRef(path);
  const isUsed = useRef(false);
  useEffect(() => {
    const onFocus = (): void => void (isUsed.current = true);
    document.addEventListener('focusin', onFocus);
    return () => document.removeEventListener('focusin', onFocus);
  }, []);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    const main = mainPart();
    if (isUsed.current && !main?.contains(document.activeElement)) main?.focus();
  }, [path]);
}

/** Shows the acting person, the party and the key: always visible. */
function Acting(): ReactNode {
  const person = usePerson();
  const session = useSession();
  const name = useAsked(['party-name', person.party], ({ session: { parties } }) =>
    parties.name(person.party),
  );
  // A reviewer and an operator belong to what their role says.
  const isPlatform = person.party.startsWith('plt_');
  const others = 'others' in session ? session.others : [];
  return (
    <div className="row acting">
      <span>
        <strong>{person.label}</strong>, {person.role}
        {person.admin ? ' and admin' : ''}
        {isPlatform ? ` of ${name.data ?? person.party}` : ''}
        <span className="soft">
          {' '}
          · key <code>{fingerprint(person.kid)}</code>
        </span>
      </span>
      {others.length === 0 ? null : (
        <Suspense fallback={null}>
          <SwitchPerson others={others} />
        </Suspense>
      )}
      <Button onPress={() => void lock()}>Lock</Button>
    </div>
  );
}

/** From here on the navigation stands beside the page; the sheet of the desks has the same width. */
const wide = matchMedia('(min-width: 48rem)');

const onWidth = (changed: () => void): (() => void) => {
  wide.addEventListener('change', changed);
  return () => wide.removeEventListener('change', changed);
};

/** Beside the page, or on a phone behind one button that says where one is and what waits. */
function Side(): ReactNode {
  const { role } = usePerson();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const isWide = useSyncExternalStore(onWidth, () => wide.matches);
  // Where the menu was opened: whoever goes somewhere else from there has closed it.
  const [openedAt, setOpenedAt] = useState<string>();
  // Nobody added the key yet: each count would be a call that is refused, and those are limited by source.
  if (path === '/welcome') return null;
  const desk = desks[role];
  if (!desk) return <p>There is no desk for the role {role}.</p>;
  const here = desk.items.find(({ href }) => path.startsWith(href));
  const Waiting = desk.items[0]?.Count;
  return (
    <nav className="side" aria-label={desk.title}>
      {desk.Opening ? <desk.Opening /> : null}
      {desk.useWaiting ? (
        <Suspense fallback={null}>
          <NewWork useWaiting={desk.useWaiting} />
        </Suspense>
      ) : null}
      <Disclosure
        isExpanded={isWide || openedAt === path}
        onExpandedChange={(isOpen) => setOpenedAt(isOpen ? path : undefined)}
      >
        {isWide ? (
          <h2>{desk.title}</h2>
        ) : (
          <Button slot="trigger">
            <span aria-hidden="true">☰</span> {here?.text ?? desk.title}
            {Waiting ? <Waiting /> : null}
          </Button>
        )}
        <DisclosurePanel>
          {desk.items.map(({ href, text, Count }) => (
            <Link key={href} href={href} aria-current={href === here?.href ? 'page' : 'false'}>
              {text}
              {Count ? <Count /> : null}
            </Link>
          ))}
        </DisclosurePanel>
      </Disclosure>
    </nav>
  );
}
