import { z } from 'zod';
import { facts, printableText, type Cell, type Output } from './terminal.ts';

type Members = readonly (readonly [name: string, schema: z.core.$ZodType])[];

/**
 * An answer as people read it, by the output schema of its operation: plain members as facts, each list as a table.
 * Columns stand in the order of the schema, and those that no row has are left out.
 */
export function answerShown(schema: z.core.$ZodType, answer: unknown): Output {
  const flat = flattened(schema, answer);
  const lists = flat.filter(([, , value]) => isList(value));
  const plain = flat.filter(([, , value]) => !isList(value) && !isWords(value));
  const texts = flat.filter(([, , value]) => isWords(value));
  return [
    plain.length > 0 &&
      facts(Object.fromEntries(plain.map(([name, , value]) => [name, cell(value)]))),
    texts.map(([name, , value]) => `\n${name}\n${printableText(value as string)}`),
    lists.map(([name, member, rows]) => [`\n${name}`, listShown(member, rows as unknown[])]),
  ];
}

/** A member with its path, such as `draft.ref`: what is in an object stands beside what is around it. */
type Flat = readonly [path: string, schema: z.core.$ZodType, value: unknown];

function flattened(schema: z.core.$ZodType, value: unknown, path = ''): Flat[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return [[path, schema, value]];
  const inner = new Map(membersOf(schema));
  const names = [...inner.keys(), ...Object.keys(value).filter((name) => !inner.has(name))];
  return names.flatMap((name) =>
    flattened(
      inner.get(name) ?? z.unknown(),
      (value as Record<string, unknown>)[name],
      path === '' ? name : `${path}.${name}`,
    ),
  );
}

function listShown(schema: z.core.$ZodType, rows: readonly unknown[]): Output {
  const element = elementOf(schema);
  const order = membersOf(element).map(([name]) => name);
  const place = (path: string): number => order.indexOf(path.split('.', 1)[0] ?? path);
  const flat = rows.map((row) => flattened(element, row));
  const named = new Set(flat.flatMap((row) => row.map(([path]) => path)));
  const columns = [...named].toSorted((one, other) => place(one) - place(other));
  return {
    head: columns,
    rows: flat.map((row) => {
      const cells = new Map(row.map(([path, , value]) => [path, cell(value)]));
      return columns.map((column) => cells.get(column));
    }),
  };
}

/** Members of an object, or of all objects of a union. */
function membersOf(schema: z.core.$ZodType): Members {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return Object.entries<z.core.$ZodType>(inner.shape);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap(membersOf);
  return [];
}

function elementOf(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodArray ? inner.element : z.unknown();
}

const unwrapped = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? unwrapped(schema.unwrap())
    : schema;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isList = (value: unknown): boolean => Array.isArray(value) && value.some(isObject);
const isWords = (value: unknown): boolean => typeof value === 'string' && /\s.*\s/s.test(value);

/** A signature or a sealed text fills lines and says nothing to people: `--json` has all of it. */
const longest = 64;

function cell(value: unknown): Cell {
  if (Array.isArray(value) && value.length === 0) return 'none';
  if (Array.isArray(value)) return value.map(cell).join(value.some(isObject) ? '; ' : ' ');
  if (isObject(value))
    return Object.entries(value as object)
      .map(([name, one]) => `${name} ${cell(one)}`)
      .join(' ');
  const text = String(value);
  return text.length > longest && !text.includes(' ') ? `${text.slice(0, longest)}…` : text;
}
