import { linkError } from './errors.ts';

/** Methods whose errors link to the pages of one registry; groups of methods are followed. */
export function linkErrors<T extends object>(origin: string, api: T): T {
  const members = Object.entries(api).map(([name, member]) => [name, linked(origin, member)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each member has the type that it had
  return Object.fromEntries(members) as T;
}

function linked(origin: string, member: unknown): unknown {
  if (typeof member === 'object' && member !== null && !Array.isArray(member)) {
    return linkErrors(origin, member);
  }
  if (typeof member !== 'function') return member;
  const method = member as (...args: unknown[]) => unknown;
  return (...args: unknown[]) => withLink(origin, () => method(...args));
}

/** Runs one call whose error, thrown, rejected or met while iterating, links to a page of the registry. */
export function withLink<T>(origin: string, run: () => T): T {
  try {
    const result: unknown = run();
    if (result instanceof Promise) return result.catch(rethrow(origin)) as T;
    return (isAsyncIterable(result) ? relayed(origin, result) : result) as T;
  } catch (error) {
    return rethrow(origin)(error);
  }
}

async function* relayed<T>(origin: string, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    rethrow(origin)(error);
  }
}

const rethrow =
  (origin: string) =>
  (error: unknown): never => {
    linkError(error, origin);
    throw error;
  };

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
