import { ServerError } from '../errors.ts';

/**
 * What comes after `recover`: where a copy of the files of the log is.
 * @throws ServerError `config_invalid`
 */
export function recoverSource(args: readonly string[]): string {
  const [option, source, ...rest] = args;
  if (option === '--log' && source !== undefined && source !== '' && rest.length === 0) {
    return source;
  }
  throw new ServerError(
    'config_invalid',
    'recover takes --log and a copy of the files of the log: a folder, or the URL of what serves them.',
  );
}
