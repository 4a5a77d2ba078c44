import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';
import type { ComponentType } from 'react';

/** Loads the file of a page when somebody goes there, and takes the component of that name from it. */
type Load<N extends string> = () => Promise<Record<N, ComponentType>>;

/** A page of a desk, in a chunk of its own: `page('/trust/inbox', () => import('./inbox.tsx'), 'Inbox')`. */
export function page<N extends string>(path: string, load: Load<N>, name: N) {
  return (parent: AnyRoute): AnyRoute =>
    createRoute({
      getParentRoute: () => parent,
      path,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the router wants props of its own
      component: lazyRouteComponent(load as () => Promise<Record<string, ComponentType>>, name),
    });
}

export type DeskPage = ReturnType<typeof page>;

/** The routes of one desk, below the frame. */
export const under =
  (...pages: readonly DeskPage[]) =>
  (parent: AnyRoute): AnyRoute[] =>
    pages.map((make) => make(parent));
