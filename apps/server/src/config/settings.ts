import { resolve } from 'node:path';
import { ServerError } from '../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One variable as the server takes it. Its text is fit to be shown: without passwords, keys and arguments of programs. */
export interface Setting {
  readonly name: string;
  /** None where nothing is set, or where it cannot be used */
  readonly value: string | null;
  /** `derived`: from another variable */
  readonly source: 'environment' | 'default' | 'derived' | 'not set';
}

interface Rule<T> {
  /** @throws ServerError `config_invalid`, naming the variable and what it takes */
  readonly read: (text: string) => T;
  /** Shows a part of the value; all of it unless said */
  readonly shown?: (text: string) => string;
}

interface PresetRule<T> extends Rule<T> {
  readonly preset: string;
  readonly isDerived?: boolean;
}

/**
 * The variables of a server, each read in one place by what it takes. Faults are collected: an operator mends all of them
 * at once, and `recourse-server config` lists what was read.
 */
export class Settings {
  readonly #env: Environment;
  readonly #read = new Map<string, Setting>();
  readonly #wrong: string[] = [];

  constructor(env: Environment) {
    this.#env = env;
  }

  /** In the order in which they were read */
  get all(): readonly Setting[] {
    return [...this.#read.values()];
  }

  /** Faults of the settings, a sentence each */
  get wrong(): readonly string[] {
    return this.#wrong;
  }

  /** Whether the environment says anything; an empty variable is as good as none. */
  has(name: string): boolean {
    return Boolean(this.#env[name]);
  }

  /** A variable without which there is a value all the same. */
  take<T>(name: string, { preset, isDerived = false, ...rule }: PresetRule<T>): T {
    const found = this.find(name, rule);
    if (found !== undefined) return found;
    if (!this.has(name)) {
      const value = rule.shown ? rule.shown(preset) : preset;
      this.#read.set(name, { name, value, source: isDerived ? 'derived' : 'default' });
    }
    return rule.read(preset);
  }

  /** A variable that may be left out. @param rule.otherwise what is used then, to be shown */
  find<T>(
    name: string,
    {
      read,
      shown = (text) => text,
      otherwise,
    }: Rule<T> & { readonly otherwise?: string | undefined },
  ): T | undefined {
    const text = this.#env[name];
    if (!text) {
      const [value, source] = otherwise
        ? [shown(otherwise), 'derived' as const]
        : [null, 'not set' as const];
      this.#read.set(name, { name, value, source });
      return undefined;
    }
    this.#read.set(name, { name, value: null, source: 'environment' });
    try {
      const value = read(text);
      this.#read.set(name, { name, value: shown(text), source: 'environment' });
      return value;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.refuse(error.message);
      return undefined;
    }
  }

  /** Variables that do not go together. */
  refuse(message: string): void {
    this.#wrong.push(message);
  }

  /** Variables of ours by their name that nothing has read, each with the nearest that is read. */
  unknown(): { readonly name: string; readonly nearest: string | null }[] {
    const known = [...this.#read.keys()];
    return Object.keys(this.#env)
      .filter((name) => name.startsWith('RECOURSE_') && !this.#read.has(name))
      .map((name) => ({ name, nearest: nearestOf(name, known) }));
  }

  /** @throws ServerError `config_invalid` with a line for each variable that cannot be used */
  assertUsable(): void {
    if (this.#wrong.length > 0) throw new ServerError('config_invalid', this.#wrong.join('\n'));
  }
}

/** @throws ServerError `config_invalid` */
export function readSettings<T>(env: Environment, read: (settings: Settings) => T): T {
  const settings = new Settings(env);
  const value = read(settings);
  settings.assertUsable();
  return value;
}

export const asText = { read: (text: string): string => text };
export const asPath = { read: (text: string): string => resolve(text), shown: resolve };
/** Its arguments may hold a secret. */
export const asProgram = {
  read: (text: string): string => text,
  shown: (text: string): string => text.trim().replace(/\s.*$/su, ' …'),
};
export const hidden = (): string => '***';

/** Everything of an address but its password, of one host or of several. */
export function withoutPassword(text: string): string {
  const [, scheme = '', user = '', rest = ''] = /^([^/]*:\/\/)(?:(.*)@)?([^@]*)$/s.exec(text) ?? [];
  const login = user === '' ? '' : `${user.replace(/:.*$/s, ':***')}@`;
  return `${scheme}${login}${rest.replace(/([?&]\w*password=)[^&]*/gi, '$1***')}`;
}

/** Slips of a few letters have one. */
function nearestOf(name: string, names: readonly string[]): string | null {
  const ranked = names
    .map((candidate) => ({ candidate, slips: slipsBetween(name, candidate) }))
    .toSorted((a, b) => a.slips - b.slips);
  return ranked[0] && ranked[0].slips <= mostSlips ? ranked[0].candidate : null;
}

const mostSlips = 4;

/** Letters that were added, left out or changed (Levenshtein). */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

export function integer(
  env: Settings,
  name: string,
  { preset, ...bounds }: { preset: number; least: number; most: number },
): number {
  return env.take(name, { preset: String(preset), read: wholeNumberIn(name, bounds) });
}

export const wholeNumberIn =
  (name: string, { least, most }: { least: number; most: number }) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new ServerError(
      'config_invalid',
      `${name} takes a whole number from ${least} to ${most}.`,
    );
  };
