import { caseOps, ops, publicOps, type CaseOperation, type Operation } from '@recourse/protocol';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The operations by how they are called: signed ones at `/call/<op>`, the others at `/trpc/<op>`. */
export const signedOperations: Readonly<Record<string, Operation>> = ops;
export const unsignedOperations: Readonly<Record<string, CaseOperation>> = {
  ...publicOps,
  ...caseOps,
};

/**
 * A schema as JSON Schema 2020-12 for a place among others, such as `#/$defs`. What it refers to comes along beside it,
 * under names that begin with its own. Unknown members are an error where the schema is strict, as every input is.
 */
export function schemasAt(
  place: string,
  name: string,
  schema: Operation['input'],
): Record<string, JsonSchema> {
  const { $schema: _, $defs = {}, ...root } = schema.toJSONSchema({ io: 'input' });
  const parts = Object.entries($defs).map(([part, node]) => [`${name}.${part}`, node]);
  const placed = JSON.stringify({ [name]: root, ...Object.fromEntries(parts) });
  return JSON.parse(placed.replaceAll('"#/$defs/', `"${place}/${name}.`)) as Record<
    string,
    JsonSchema
  >;
}

/** `/schemas/<op>.json`: what an operation takes, `#/$defs/in`, and what it answers, `#/$defs/result`. */
export function schemaDocument(name: string, origin: string): JsonSchema | undefined {
  const operation = operationNamed(name);
  if (!operation) return undefined;
  const place = '#/$defs';
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${origin}/schemas/${name}.json`,
    title: name,
    description: operation.summary,
    $defs: {
      ...schemasAt(place, 'in', operation.input),
      ...schemasAt(place, 'result', operation.output),
    },
  };
}

/** Own properties only: the name is attacker-controlled. */
function operationNamed(name: string): Operation | CaseOperation | undefined {
  if (Object.hasOwn(signedOperations, name)) return signedOperations[name];
  return Object.hasOwn(unsignedOperations, name) ? unsignedOperations[name] : undefined;
}
