import { InvalidArgumentError } from 'commander';

/** What an argument or a flag takes. `T` includes `undefined` where it may be left out. */
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

type Taken<F> = F extends Flag<infer T> ? T : never;
/** The values of some flags: those that may be left out may be absent, and are never `undefined`. */
export type Given<F extends Flags> = {
  readonly [K in keyof F as undefined extends Taken<F[K]> ? never : K]: Taken<F[K]>;
} & {
  readonly [K in keyof F as undefined extends Taken<F[K]> ? K : never]?: Exclude<
    Taken<F[K]>,
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
    if (choices.some((one) => one === text)) return text;
    throw new InvalidArgumentError(allowed(choices));
  },
});

export const allowed = (choices: readonly string[]): string =>
  `Allowed choices are ${choices.join(', ')}.`;

export const optional = <T>(flag: Flag<T>): Flag<T | undefined> => ({ ...flag, isOptional: true });

export const orElse = <T>(flag: Flag<T>, preset: T): Flag<T> => ({ ...flag, preset });

/** May be given several times. */
export const repeated = <T>({ preset: _preset, ...flag }: Flag<T>): Flag<T[]> => ({
  ...flag,
  isRepeated: true,
});

/** RFC 3339, or a day. */
export function parseDate(text: string): Date {
  const date = new Date(text);
  const isDate =
    /^\d{4}-\d\d-\d\d(T.+(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(date.getTime());
  if (isDate) return date;
  throw new InvalidArgumentError('It takes a time such as 2026-03-01T12:00:00Z.');
}

export function parseCount(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number from 1 to 999.');
}

/** From 0, as items and leaves are counted. */
export function parseIndex(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a number from 0, as the lists show it.');
}

/** For options that may be given several times. */
export const collect = (value: string, before: readonly string[] = []): string[] => [
  ...before,
  value,
];
