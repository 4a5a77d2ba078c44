import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Problem } from './problem.tsx';

/** As much of a query as its answer needs to be shown. */
export interface LoadedQuery<T> extends Pick<UseQueryResult, 'error' | 'isPending'> {
  readonly data: T | undefined;
  readonly refetch: () => Promise<unknown>;
}

interface LoadedProps<T> {
  readonly query: LoadedQuery<T>;
  /** Shown instead where the answer has nothing in it */
  readonly empty?: { readonly when: (data: T) => boolean; readonly text: ReactNode };
  readonly children: (data: T) => ReactNode;
}

/** An answer of the registry, or that it is awaited, was refused, or is empty. */
export function Loaded<T>({ query, empty, children }: LoadedProps<T>): ReactNode {
  const { data, error, isPending, refetch } = query;
  if (isPending) {
    return (
      <p className="soft waiting" role="status">
        Loading
      </p>
    );
  }
  if (data === undefined) {
    return (
      <>
        <Problem error={error} />
        <Button onPress={() => void refetch()}>Try again</Button>
      </>
    );
  }
  if (empty?.when(data)) return <p className="soft">{empty.text}</p>;
  return children(data);
}
