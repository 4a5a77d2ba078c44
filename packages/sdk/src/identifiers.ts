import { identifierKinds, type IdentifierKind } from '@recourse/protocol';

/** The identifiers of one creator by kind, one value or several. */
export type Creator<T> = { readonly [K in IdentifierKind]?: T | readonly T[] | undefined };

/** One identifier out of a creator; `path` names it in issues without its value. */
export interface ListedIdentifier<T> {
  readonly kind: IdentifierKind;
  readonly item: T;
  readonly path: string;
}

/** The identifiers of a creator in the order of the kinds. */
export function listIdentifiers<T>(creator: Creator<T>): ListedIdentifier<T>[] {
  return identifierKinds.flatMap((kind) => {
    const given = creator[kind];
    if (given === undefined) return [];
    return isList(given)
      ? given.map((item, at) => ({ kind, item, path: `${kind}.${at}` }))
      : [{ kind, item: given, path: kind }];
  });
}

const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);
