import { useInfiniteQuery } from '@tanstack/react-query';
import { usePerson } from '../identity/session.ts';
import type { Rows } from '../parts/list.tsx';
import { useRecourse } from './calls.ts';
import { aPage, readRows, type PagedOp, type Source } from './lists.ts';

/** A list that goes on when somebody asks for more. */
export function useRows<N extends PagedOp, T>(
  source: Source<N, T>,
  options: { readonly everyMs?: number } = {},
): Rows<T> {
  const { kid } = usePerson();
  const recourse = useRecourse();
  const { data, error, isPending, refetch, ...query } = useInfiniteQuery({
    queryKey: [kid, source.op, 'pages', source.input],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      readRows(recourse, source, { cursor, limit: aPage, signal }),
    getNextPageParam: ({ next }) => next,
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
  });
  const rows = data?.pages.flatMap((page) => page.rows);
  return {
    query: { data: rows, error, isPending, refetch },
    ...(query.hasNextPage
      ? { more: { load: () => query.fetchNextPage(), isLoading: query.isFetchingNextPage } }
      : {}),
  };
}
