import { isId, readInstant, type Id, type ReviewId } from '@recourse/protocol';
import { InvalidArgumentError } from 'commander';
import { CliError } from './errors.ts';

/** The value of an argument or a flag. `T` includes `undefined` where it may be left out. */
export interface Flag<T> {
  readonly says: string;
  /** The value as the help shows it, such as `file`; the name of the flag where absent */
  readonly takes?: string | undefined;
  readonly choices?: readonly string[];
  /** Reads one value; absent for a switch */
  readonly parse?: (text: string) => unknown;
  readonly isOptional?: true;
  readonly isRepeated?: true;
  /** The value where none is given */
  readonly preset?: T;
}
export type Flags = Readonly<Record<string, Flag<unknown>>>;

type ValueOf<F> = F extends Flag<infer T> ? T : never;
/** The values of some flags: those that may be left out may be absent, and are never `undefined`. */
export type Values<F extends Flags> = {
  readonly [K in keyof F as undefined extends ValueOf<F[K]> ? never : K]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as undefined extends ValueOf<F[K]> ? K : never]?: Exclude<
    ValueOf<F[K]>,
    undefined
  >;
};

/** A flag without a value. */
export const toggle = (says: string): Flag<true | undefined> => ({ says, isOptional: true });

export const text = (takes: string, says: string): Flag<string> => ({ says, takes, parse: String });

/** A text that `parse` reads; it throws an `InvalidArgumentError` that says what is allowed, or a `CliError`. */
export const value = <T>(takes: string, says: string, parse: (text: string) => T): Flag<T> => ({
  says,
  takes,
  parse,
});

/** One word of a list; an error names the list. */
export const choice = <const V extends string>(
  choices: readonly V[],
  says: string,
  takes?: string,
): Flag<V> => ({
  says,
  takes,
  choices,
  parse: (text) => {
    if (choices.some((choice) => choice === text)) return text;
    throw new InvalidArgumentError(allowed(choices));
  },
});

export const allowed = (choices: readonly string[]): string =>
  `Allowed choices are ${choices.join(', ')}.`;

export const optional = <T>(flag: Flag<T>): Flag<T | undefined> => ({ ...flag, isOptional: true });

export const orElse = <T>(flag: Flag<T>, preset: T): Flag<T> => ({ ...flag, preset });

/** May be given several times. */
export const repeated = <T>({ says, takes, choices, parse }: Flag<T>): Flag<T[]> => ({
  says,
  takes,
  ...(choices && { choices }),
  ...(parse && { parse }),
  isRepeated: true,
});

/** A parser that says what it takes when `read` makes nothing of a text. */
export const taking =
  <T>(expected: string, read: (text: string) => T | undefined) =>
  (text: string): T => {
    const found = read(text);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`It takes ${expected}.`);
  };

/** A text that fits a schema of the protocol. */
export const fitting = (
  schema: { safeParse(text: string): { success: boolean } },
  expected: string,
): ((text: string) => string) =>
  taking(expected, (text) => (schema.safeParse(text).success ? text : undefined));

/** A number that is written as the pattern says. */
export const numeric = (pattern: RegExp, expected: string): ((text: string) => number) =>
  taking(expected, (text) => (pattern.test(text) ? Number(text) : undefined));

/** RFC 3339, or a day. */
const parseTime = taking('a time such as 2026-03-01T12:00:00Z', readInstant);
export const time = (says: string): Flag<Date> => value('time', says, parseTime);

const parseCount = numeric(/^[1-9]\d{0,2}$/, 'a whole number from 1 to 999');
export const count = (says: string, takes = 'n'): Flag<number> => value(takes, says, parseCount);

const idKinds = {
  snc: ['A sanction', 'recourse sanctions list'],
  apl: ['An appeal or inspection', 'recourse call appeals.list'],
  rcl: ['A recall', 'recourse recalls list'],
  evt: ['An event', 'recourse events poll'],
  plt: ['A platform', 'recourse parties'],
  hld: ['A holder', 'recourse keys list'],
} as const;
type IdKind = keyof typeof idKinds;

/** @throws CliError `usage` that says what such an id looks like, and where to copy it from */
export function idOf<P extends IdKind>(prefix: P, text: string): Id<P> {
  if (isId(prefix, text)) return text;
  const [what, listedBy] = idKinds[prefix];
  throw new CliError('usage', {
    message: `${what} is named by its id, such as ${prefix}_….`,
    next: `Copy it from ${listedBy}.`,
  });
}

export const id = <P extends IdKind>(prefix: P, says = '', takes = 'id'): Flag<Id<P>> =>
  value(takes, says, (text) => idOf(prefix, text));

/** An appeal, or an inspection. */
export const reviewId = (): Flag<ReviewId> =>
  value('id', '', (text) => (isId('itm', text) ? text : idOf('apl', text)));
