import { configOf } from './config.ts';
import { ServerError } from '../errors.ts';
import { Settings, type Environment } from './settings.ts';

export interface ConfigRun {
  readonly env: Environment;
  /** Perhaps `--json` */
  readonly args: readonly string[];
  readonly out: { write(text: string): void };
}

/**
 * Prints each setting with its value and where it comes from, names variables that no setting has, and every value that
 * cannot be used. Nothing is started.
 * @returns 0 where a server could use all of it, 1 where it could not
 * @throws ServerError `config_invalid` for another option
 */
export function printConfig({ env, args, out }: ConfigRun): number {
  const other = args.find((argument) => argument !== '--json');
  if (other !== undefined)
    throw new ServerError('config_invalid', `${other} is no option of config: there is --json.`);
  const settings = new Settings(env);
  configOf(settings);
  const { all, wrong } = settings;
  const unknown = settings.unknown();
  const lines = args.includes('--json')
    ? [JSON.stringify({ settings: all, unknown, wrong })]
    : [
        ...tableOf(settings),
        ...unknown.map(
          ({ name, nearest }) => `${name} is no setting of the server${hint(nearest)}.`,
        ),
        ...wrong,
      ];
  out.write(lines.map((line) => `${line}\n`).join(''));
  return wrong.length === 0 ? 0 : 1;
}

function tableOf({ all }: Settings): string[] {
  const names = widest(all.map(({ name }) => name));
  const sources = widest(all.map(({ source }) => source));
  return all.map(({ name, value, source }) =>
    `${name.padEnd(names)}  ${source.padEnd(sources)}  ${value ?? ''}`.trimEnd(),
  );
}

const widest = (texts: string[]): number => Math.max(...texts.map(({ length }) => length));

const hint = (nearest: string | null): string =>
  nearest === null ? '' : `: did you mean ${nearest}?`;
