import type { OpInput, OpName, OpOutput } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import {
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { usePerson } from '../identity/session.ts';
import { connectionOf } from './connection.ts';

export const queries = new QueryClient({
  defaultOptions: {
    // The SDK repeats what can be repeated.
    queries: { retry: false, staleTime: 15_000, refetchOnWindowFocus: true },
  },
});

/** The registry as the acting person uses it. */
export const useRecourse = (): Recourse => connectionOf(usePerson());

interface ReadOptions {
  readonly enabled?: boolean;
  /** Asks again by itself */
  readonly everyMs?: number;
  /** Asks again while the tab is hidden, too */
  readonly inBackground?: boolean;
}

const intervalOf = ({ everyMs, inBackground = false }: ReadOptions) =>
  everyMs === undefined
    ? {}
    : { refetchInterval: everyMs, refetchIntervalInBackground: inBackground };

/** Reads by one operation. Every screen that asks the same shares the answer. */
export function useRead<N extends OpName>(
  op: N,
  input: OpInput<N>,
  options: ReadOptions = {},
): UseQueryResult<OpOutput<N>> {
  const { kid } = usePerson();
  const recourse = useRecourse();
  return useQuery({
    queryKey: [kid, op, input],
    queryFn: async ({ signal }) => (await recourse.call(op, input, { signal })).result,
    enabled: options.enabled ?? true,
    ...intervalOf(options),
  });
}

/** Anything that is asked of the registry in more than one call, by a name of its own. */
export function useAsked<T>(
  name: readonly unknown[],
  ask: (recourse: Recourse, signal: AbortSignal) => Promise<T>,
  options: ReadOptions = {},
): UseQueryResult<T> {
  const { kid } = usePerson();
  const recourse = useRecourse();
  return useQuery({
    queryKey: [kid, ...name],
    queryFn: ({ signal }) => ask(recourse, signal),
    enabled: options.enabled ?? true,
    ...intervalOf(options),
  });
}

/**
 * Asks something at the press of a button, and has every screen read anew what may have changed. What somebody signs is
 * an act: `useAct` answers it.
 */
export function useRequest<I, T>(
  ask: (recourse: Recourse, input: I) => Promise<T>,
  whenDone?: (answer: T) => void,
): UseMutationResult<T, Error, I> {
  const { kid } = usePerson();
  const recourse = useRecourse();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: I) => ask(recourse, input),
    onSuccess: async (answer) => {
      await client.invalidateQueries({ queryKey: [kid] });
      whenDone?.(answer);
    },
  });
}
