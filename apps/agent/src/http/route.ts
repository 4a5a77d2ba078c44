import { inputIssues } from '@recourse/protocol';
import { z } from 'zod';
import { BadRequest } from './problem.ts';

type Shape = z.core.$ZodShape;
export type Fields = z.ZodObject<Shape, z.core.$strict>;

/** The request of a service, after it was compared with the schemas of its route. */
export interface RouteInput<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly header: (name: string) => string | undefined;
  /** Aborts when whoever asked has gone */
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RouteDescription {
  readonly text: string;
  readonly schema?: z.ZodType;
  /** `application/json` where absent */
  readonly mediaType?: string;
}

/** Description of a route: the one source of validation, of the OpenAPI document and of the page. */
export interface Description {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With its parameters in braces, as OpenAPI writes them */
  readonly path: string;
  /** A name for generated clients */
  readonly id: string;
  readonly summary: string;
  /** More, as one paragraph */
  readonly text?: string;
  readonly params: Fields;
  readonly query: Fields;
  readonly body?: z.ZodType;
  readonly example?: unknown;
  readonly answers: Readonly<Record<number, RouteDescription>>;
  /** Answers without the bearer token: says nothing of anybody */
  readonly isOpen?: boolean;
}

export interface Raw {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly header: (name: string) => string | undefined;
  readonly signal: AbortSignal;
}

export interface Route extends Description {
  /** @throws BadRequest and whatever its work throws */
  readonly run: (raw: Raw) => Promise<Reply | Response>;
}

export const none = z.strictObject({});

interface Spec<P extends Fields, Q extends Fields, B extends z.ZodType> extends Omit<
  Description,
  'params' | 'query' | 'body'
> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly handle: (
    input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>,
  ) => Promise<Reply | Response> | Reply | Response;
}

/** Puts the schemas of a route before its work. */
export function route<
  P extends Fields = typeof none,
  Q extends Fields = typeof none,
  B extends z.ZodType = z.ZodUndefined,
>(spec: Spec<P, Q, B>): Route {
  const { handle, params = none, query = none, body, ...described } = spec;
  const typed = typesIn(query);
  return {
    ...described,
    params,
    query,
    ...(body ? { body } : {}),
    run: async ({ header, signal, ...raw }) =>
      // Each was parsed by the schema that its type is of, which TypeScript cannot see through the defaults.
      // oxlint-disable typescript/no-unsafe-type-assertion
      handle({
        params: parse(params, raw.params, 'path') as z.output<P>,
        query: parse(query, typed(raw.query), 'query') as z.output<Q>,
        body: parse(body ?? z.undefined(), raw.body, 'body') as z.output<B>,
        header,
        signal,
      }),
    // oxlint-enable typescript/no-unsafe-type-assertion
  };
}

function parse(schema: z.ZodType, value: unknown, place: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadRequest(422, {
    code: 'invalid-input',
    title: 'The request does not fit.',
    next: 'Correct the members that `issues` names; /docs has the schema.',
    issues: inputIssues(parsed.error, [place]),
  });
}

/** A query has texts only: what its schema calls a number or a boolean becomes one. */
function typesIn(fields: Fields): (query: Raw['query']) => Readonly<Record<string, unknown>> {
  const { properties = {} } = z.toJSONSchema(fields, { io: 'input' });
  return (query) =>
    Object.fromEntries(
      Object.entries(query).map(([name, text]) => {
        const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
        const type = typeof property === 'object' ? property.type : undefined;
        if (type === 'integer' && /^\d{1,9}$/.test(text)) return [name, Number(text)];
        if (type === 'boolean' && /^(true|false)$/.test(text)) return [name, text === 'true'];
        return [name, text];
      }),
    );
}
