import { Argument, Command, Option } from 'commander';
import { contextOf, type Context } from './context.ts';
import type { Environment } from './environment.ts';
import type { CliError } from './errors.ts';
import { allowed, type Flag, type Flags, type Values } from './options.ts';

/** Makes a command. `open` is where its profile and connection come from, which tests replace. */
export type Create = (environment: Environment, open?: typeof contextOf) => Command;

export interface Declaration<A extends Flags = Flags, F extends Flags = Flags> {
  readonly name: string;
  readonly about: string;
  /** In order; the key names the argument in the help */
  readonly args?: A;
  /** The flag of `sentAt` is `--sent-at` */
  readonly flags?: F;
  /** Follows the list of flags */
  readonly help?: string | (() => string);
  /** Line in the list of commands, where that is not `about` */
  readonly summary?: string;
  readonly commands?: readonly Create[];
  /** Why what was given does not go together: said before anything is sent */
  readonly refuse?: (values: Values<A> & Values<F>) => CliError | false | undefined;
}
export type NoFlags = { readonly [name in never]: Flag<unknown> };

/** A command that only holds others. */
export const group =
  ({ name, about, summary, help, commands = [] }: Omit<Declaration, 'refuse'>): Create =>
  (environment, open) => {
    const made = new Command(name).description(about);
    if (summary !== undefined) made.summary(summary);
    if (help !== undefined) {
      made.addHelpText('after', () => `\n${typeof help === 'string' ? help : help()}`);
    }
    for (const create of commands) made.addCommand(create(environment, open));
    return made;
  };

/** A command with arguments and flags, and what it does with their values. */
export const command =
  <A extends Flags = NoFlags, F extends Flags = NoFlags>(
    declared: Declaration<A, F>,
    act: (values: Values<A> & Values<F>, context: Context) => Promise<unknown>,
  ): Create =>
  (environment, open = contextOf) => {
    const made = group(declared)(environment, open);
    const args = Object.entries<Flag<unknown>>(declared.args ?? {});
    const flags = Object.entries<Flag<unknown>>(declared.flags ?? {}).map(([name, flag]) => {
      const option = reads(new Option(optionOf(name, flag), flag.says), flag);
      made.addOption(option);
      return { name, flag, option };
    });
    for (const [name, flag] of args) {
      made.addArgument(reads(new Argument(argumentOf(name, flag), flag.says), flag));
    }
    return made.action(async () => {
      const given = valuesOf(made, args, flags);
      // What commander read has the type of the flags that read it.
      const refusal = declared.refuse?.(given as Values<A> & Values<F>);
      if (refusal) throw refusal;
      await act(given as Values<A> & Values<F>, open(made, environment));
    });
  };

/** Values that were given, by the names of arguments and flags; nothing stands for what was left out. */
function valuesOf(
  command: Command,
  args: readonly (readonly [string, unknown])[],
  flags: readonly { name: string; flag: Flag<unknown>; option: Option }[],
): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const { name, flag, option } of flags) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (value !== undefined) given[name] = value;
    else if (!flag.isOptional) command.error(missing(option, flag));
  }
  for (const [at, [name]] of args.entries()) {
    if (command.processedArgs[at] !== undefined) given[name] = command.processedArgs[at];
  }
  return given;
}

/** Has an argument or option of commander read its values. */
function reads<T extends Argument | Option>(option: T, flag: Flag<unknown>): T {
  const { choices, parse, preset, isRepeated } = flag;
  if (choices) option.choices(choices);
  if (parse && isRepeated) {
    option.argParser((text, before: unknown[] | undefined) => [...(before ?? []), parse(text)]);
  } else if (parse) option.argParser<unknown>((text) => parse(text));
  if (preset !== undefined) option.default(preset);
  return option;
}

function argumentOf(name: string, { isOptional, isRepeated }: Flag<unknown>): string {
  const shown = isRepeated ? `${name}...` : name;
  return isOptional ? `[${shown}]` : `<${shown}>`;
}

function optionOf(name: string, { parse, takes = name }: Flag<unknown>): string {
  const dashed = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return parse ? `${dashed} <${takes}>` : dashed;
}

/** Commander would say that it is missing, and not which values there are. */
const missing = ({ flags }: Option, { says, choices }: Flag<unknown>): string =>
  `error: ${flags} is missing: ${says}.${choices ? ` ${allowed(choices)}` : ''}`;
