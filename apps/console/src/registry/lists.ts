import type { OpInput, OpName, OpOutput } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { useState } from 'react';
import type { Rows } from '../parts/list.tsx';
import type { LoadedQuery } from '../parts/loaded.tsx';

/** Operations that answer page by page. */
export type PagedOp = { [N in OpName]: 'next' extends keyof OpOutput<N> ? N : never }[OpName];

/** A list of the registry: what is asked, and the rows of an answer. */
export interface Source<N extends PagedOp, T> {
  readonly op: N;
  readonly input: OpInput<N>;
  readonly rowsOf: (answer: OpOutput<N>) => readonly T[];
  /** The answer leaves out rows that no cursor leads to */
  readonly isCut?: (answer: OpOutput<N>) => boolean;
}

interface Page<T> {
  readonly rows: readonly T[];
  readonly isCut: boolean;
  readonly next: string | undefined;
}

/** Records of one press, and of one call of whoever reads to the end. */
export const aPage = 50;
const aCall = 100;
/** Answers without a row that fits, behind each other. A list by state has them. */
const mostEmpty = 20;
/** Five thousand things that are owed are work for weeks. */
const mostCalls = 50;

interface Place {
  readonly cursor: string | undefined;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

async function readPage<N extends PagedOp, T>(
  recourse: Recourse,
  { op, input, rowsOf, isCut }: Source<N, T>,
  { cursor, limit, signal }: Place,
): Promise<Page<T>> {
  const asked = { ...input, limit, ...(cursor === undefined ? {} : { cursor }) };
  const { result } = await recourse.call(op, asked, signal ? { signal } : {});
  const { next } = result as { readonly next?: string };
  return { rows: rowsOf(result), next, isCut: isCut?.(result) === true };
}

/** The next rows, over answers that have none. */
export async function readRows<N extends PagedOp, T>(
  recourse: Recourse,
  source: Source<N, T>,
  place: Place,
): Promise<Page<T>> {
  let page = await readPage(recourse, source, place);
  for (let empty = 1; page.rows.length === 0 && page.next && empty < mostEmpty; empty++) {
    page = await readPage(recourse, source, { ...place, cursor: page.next });
  }
  return page;
}

/** Rows that are all here already, shown page by page. */
export function useShown<T>({ data, ...query }: LoadedQuery<readonly T[]>): Rows<T> {
  const [shown, setShown] = useState<number>(aPage);
  const load = (): Promise<void> => {
    setShown((before) => before + aPage);
    return Promise.resolve();
  };
  return {
    query: { ...query, data: data?.slice(0, shown) },
    ...(data && data.length > shown ? { more: { load, isLoading: false } } : {}),
  };
}

/** A list to its end, unless that is very far. */
export async function readAll<N extends PagedOp, T>(
  recourse: Recourse,
  source: Source<N, T>,
  signal?: AbortSignal,
): Promise<{ readonly rows: readonly T[]; readonly isWhole: boolean }> {
  const rows: T[] = [];
  let [cursor, isWhole]: [string | undefined, boolean] = [undefined, true];
  for (let call = 0; call < mostCalls; call++) {
    const page: Page<T> = await readPage(recourse, source, { cursor, limit: aCall, signal });
    rows.push(...page.rows);
    isWhole &&= !page.isCut;
    if (page.next === undefined) return { rows, isWhole };
    cursor = page.next;
  }
  return { rows, isWhole: false };
}
