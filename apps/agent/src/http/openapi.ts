import { z } from 'zod';
import { problemSchema } from './problem.ts';
import type { Description } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

/** The routes as an OpenAPI 3.1 document: made from the schemas that requests are compared with. */
export function openApiOf(routes: readonly Description[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const described of routes) {
    const path = (paths[described.path] ??= {});
    path[described.method.toLowerCase()] = operationOf(described);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Recourse agent',
      version,
      summary: "A registry of sanctioned conduct, as plain HTTP beside a platform's services.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { Problem: jsonSchemaOf(problemSchema) },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    // Without a token where the agent was started without one.
    security: [{ token: [] }, {}],
  };
}

function operationOf({
  id,
  summary,
  text,
  body,
  example,
  answers,
  isOpen,
  params,
  query,
}: Description): Json {
  return {
    operationId: id,
    summary,
    ...(text === undefined ? {} : { description: text }),
    ...(isOpen ? { security: [{}] } : {}),
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchemaOf(body), example } },
          },
        }
      : {}),
    responses: { ...responsesOf(answers), default: refused },
  };
}

const refused = {
  description: 'It was refused, or cannot be answered now.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const responsesOf = (answers: Description['answers']): Json =>
  Object.fromEntries(
    Object.entries(answers).map(([status, { text, schema, mediaType = 'application/json' }]) => [
      status,
      {
        description: text,
        ...(schema || mediaType !== 'application/json'
          ? { content: { [mediaType]: schema ? { schema: jsonSchemaOf(schema) } : {} } }
          : {}),
      },
    ]),
  );

function parametersOf(fields: z.ZodObject, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = jsonSchemaOf(fields);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema,
  }));
}

/** OpenAPI 3.1 takes JSON Schema 2020-12 as it is. */
export function jsonSchemaOf(schema: z.ZodType) {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
}
