import type { z } from 'zod';

export interface SchemaNode {
  /** Member names joined by dots, `[]` for elements of arrays, `{}` for values of records */
  readonly path: string;
  readonly schema: z.core.$ZodTypes;
}

/** Every schema inside a schema, with the path of its values. */
export function* walkSchema(
  root: z.core.$ZodType,
  path = '',
  seen = new Set<unknown>(),
): Generator<SchemaNode> {
  if (seen.has(root)) return;
  const schema = root as z.core.$ZodTypes;
  const within = new Set([...seen, root]);
  yield { path, schema };
  for (const [name, child] of childrenOf(schema._zod.def))
    yield* walkSchema(child, path + name, within);
}

function childrenOf(def: z.core.$ZodTypes['_zod']['def']): [string, z.core.$ZodType][] {
  if (def.type === 'object') {
    return Object.entries(def.shape).map(([name, child]) => [`.${name}`, child]);
  }
  if (def.type === 'array') return [['[]', def.element]];
  if (def.type === 'record') {
    return [
      ['{}', def.valueType],
      ['{name}', def.keyType],
    ];
  }
  if (def.type === 'union') return def.options.map((option) => ['', option]);
  if (def.type === 'lazy') return [['', def.getter()]];
  return 'innerType' in def ? [['', def.innerType]] : [];
}

/** Paths of the objects that take members they do not name. */
export const openObjects = (root: z.core.$ZodType): string[] =>
  [...walkSchema(root)]
    .filter(
      ({ schema: { _zod } }) =>
        _zod.def.type === 'object' && _zod.def.catchall?._zod.def.type !== 'never',
    )
    .map(({ path }) => path);

/** The regular expressions a string must match, as text. */
export const patternsOf = ({ schema }: SchemaNode): string[] =>
  (schema._zod.def.checks ?? []).flatMap((check) => {
    const { def } = check._zod as { def: { pattern?: RegExp } };
    return def.pattern ? [def.pattern.source] : [];
  });
