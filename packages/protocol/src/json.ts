import { ProtocolError } from './errors.ts';
import { fromUtf8 } from './bytes.ts';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

const maxDepth = 16;

/**
 * Strict JSON from attacker-controlled bytes: malformed UTF-8, duplicate members, lone surrogates, numbers
 * beyond a double, a member `__proto__` and nesting beyond 16 are refused. Two parsers that disagree on a
 * duplicate member would let one artefact mean two things; one that drops `__proto__`, as zod does, too.
 */
export function parseStrictJson(bytes: Uint8Array): Json {
  const text = fromUtf8(bytes);
  const members = scan(text);
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('json-invalid', 'not JSON', { cause });
  }
  // A duplicate member is written twice and parsed once: the counts differ.
  if (countMembers(value) !== members) throw new ProtocolError('json-invalid', 'duplicate member');
  return value;
}

/** Whether it is an object, and no list. */
export function isJsonObject(value: Json | undefined): value is { [member: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** RFC 8785 canonical form of a JSON value. */
export function jcs(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => jcs(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    assertPlain(value);
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${jcs(name)}:${jcs(member)}`);
    return `{${members.join(',')}}`;
  }
  return jcsScalar(value);
}

/** A Date or a Map has no members: its canonical form would be `{}`, whatever it holds. */
function assertPlain(value: object): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new ProtocolError('json-invalid', 'not a plain object');
  }
}

function jcsScalar(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ProtocolError('json-invalid', 'a number JSON cannot carry');
  }
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new ProtocolError('json-invalid', 'lone surrogate');
  }
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new ProtocolError('json-invalid', 'not a JSON value');
  return text;
}

/** Counts the colons outside strings, and refuses deep nesting before JSON.parse recurses into it. */
function scan(text: string): number {
  let depth = 0;
  let colons = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') i = endOfString(text, i);
    else if (char === ':') colons++;
    else if (char === '{' || char === '[') {
      if (++depth > maxDepth) throw new ProtocolError('json-invalid', 'nested too deeply');
    } else if (char === '}' || char === ']') depth--;
  }
  return colons;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

function countMembers(value: Json): number {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new ProtocolError('json-invalid', 'lone surrogate');
    return 0;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ProtocolError('json-invalid', 'a number beyond a double');
  }
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countMembers(item), 0);
  let members = 0;
  for (const [name, item] of Object.entries(value)) {
    if (name === '__proto__') throw new ProtocolError('json-invalid', '__proto__');
    members += 1 + countMembers(name) + countMembers(item);
  }
  return members;
}
