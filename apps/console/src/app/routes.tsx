import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
  type AnyRoute,
} from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { RouterProvider } from 'react-aria-components';
import { readSandboxClock } from '../identity/clock.ts';
import { isSandbox } from '../identity/mode.ts';
import { usePerson } from '../identity/session.ts';
import { operatorRoutes } from '../operator/routes.ts';
import { Note } from '@recourse/design';
import { reviewRoutes } from '../review/routes.ts';
import { supportRoutes } from '../support/routes.ts';
import { trustRoutes } from '../trust/routes.ts';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { desks } from './desks.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Root });

const goTo = (path: string): void => router.history.push(path);

/** Links of React Aria take the address as it stands behind the `#`. */
function Root(): ReactNode {
  return (
    <RouterProvider navigate={goTo} useHref={(path) => (path.startsWith('/') ? `#${path}` : path)}>
      <Outlet />
    </RouterProvider>
  );
}

const enrol = createRoute({
  getParentRoute: () => root,
  path: '/enrol',
  component: lazyRouteComponent(() => import('../identity/enrol-page.tsx'), 'EnrolPage'),
});
const restore = createRoute({
  getParentRoute: () => root,
  path: '/restore',
  component: lazyRouteComponent(() => import('../identity/restore-page.tsx'), 'RestorePage'),
});

/** Everything that only somebody with an open key sees. */
const desk: AnyRoute = createRoute({
  getParentRoute: () => root,
  id: 'desk',
  component: Shell,
  // Somebody may have moved the clock of a sandbox since the last screen.
  beforeLoad: () => (isSandbox ? readSandboxClock().catch(() => undefined) : undefined),
});

const home = createRoute({ getParentRoute: () => desk, path: '/', component: Home });
const welcome = createRoute({
  getParentRoute: () => desk,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./welcome-page.tsx'), 'WelcomePage'),
});

/** The first page of the own desk. */
function Home(): ReactNode {
  const { role } = usePerson();
  const first = desks[role]?.items[0];
  return first ? <Navigate to={first.href} replace /> : <p>There is no desk for your role.</p>;
}

const Missing = (): ReactNode => (
  <Page title="There is no such page">
    <p>
      The address may be mistyped. <a href="#/">Go to your desk</a>.
    </p>
  </Page>
);

const Failed = ({ error }: { readonly error: unknown }): ReactNode => (
  <>
    <Problem error={error} />
    <Note>
      <p>
        <a href="#/">Go to your desk</a>
      </p>
    </Note>
  </>
);

export const router = createRouter({
  routeTree: root.addChildren([
    enrol,
    restore,
    desk.addChildren([
      home,
      welcome,
      ...trustRoutes(desk),
      ...supportRoutes(desk),
      ...reviewRoutes(desk),
      ...operatorRoutes(desk),
    ]),
  ]),
  history: createHashHistory(),
  defaultNotFoundComponent: Missing,
  defaultErrorComponent: Failed,
  defaultPreload: false,
});
