import { Argument, Command, Option } from 'commander';
import { contextOf, type Context } from './context.ts';
import type { Environment } from './environment.ts';
import { allowed, type Flag, type Flags, type Given } from './options.ts';

/** Makes a command. `open` is where its profile and connection come from, which tests replace. */
export type Create = (environment: Environment, open?: typeof contextOf) => Command;

export interface Declared<A extends Flags = Flags, F extends Flags = Flags> {
  readonly name: string;
  readonly about: string;
  /** In order; the key names the argument in the help */
  readonly args?: A;
  /** The flag of `sentAt` is `--sent-at` */
  readonly flags?: F;
  /** Follows the list of flags */
  readonly help?: string;
  readonly commands?: readonly Create[];
}
export type None = { readonly [name in never]: Flag<unknown> };

/** A command that only holds others. */
export const group =
  ({ name, about, help, commands = [] }: Declared): Create =>
  (environment, open) => {
    const made = new Command(name).description(about);
    if (help !== undefined) made.addHelpText('after', `\n${help}`);
    for (const create of commands) made.addCommand(create(environment, open));
    return made;
  };

/** A command with arguments and flags, and what it does with their values. */
export const command =
  <A extends Flags = None, F extends Flags = None>(
    declared: Declared<A, F>,
    act: (given: Given<A> & Given<F>, context: Context) => Promise<unknown>,
  ): Create =>
  (environment, open = contextOf) => {
    const made = group(declared)(environment, open);
    const args = Object.entries<Flag<unknown>>(declared.args ?? {});
    const flags = Object.entries<Flag<unknown>>(declared.flags ?? {});
    for (const [name, flag] of args) {
      made.addArgument(reads(new Argument(argumentOf(name, flag), flag.says), flag));
    }
    for (const [name, flag] of flags) {
      made.addOption(reads(new Option(optionOf(name, flag), flag.says), flag));
    }
    return made.action(async () => {
      const given: Record<string, unknown> = { ...made.opts() };
      for (const [name, flag] of flags) refuseAbsent(made, { name, flag, value: given[name] });
      for (const [at, [name]] of args.entries()) {
        if (made.processedArgs[at] !== undefined) given[name] = made.processedArgs[at];
      }
      // What commander read has the type of the flags that read it.
      await act(given as Given<A> & Given<F>, open(made, environment));
    });
  };

/** Has an argument or option of commander read its values. */
function reads<T extends Argument | Option>(made: T, flag: Flag<unknown>): T {
  const { choices, parse, preset, isRepeated } = flag;
  if (choices) made.choices(choices);
  if (parse && isRepeated) {
    made.argParser((text, before: unknown[] | undefined) => [...(before ?? []), parse(text)]);
  } else if (parse) made.argParser<unknown>((text) => parse(text));
  if (preset !== undefined) made.default(preset);
  return made;
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
function refuseAbsent(
  made: Command,
  { name, flag, value }: { name: string; flag: Flag<unknown>; value: unknown },
): void {
  if (flag.isOptional || value !== undefined) return;
  const choices = flag.choices ? ` ${allowed(flag.choices)}` : '';
  made.error(`error: ${optionOf(name, flag)} is missing: ${flag.says}.${choices}`);
}
